// Scenarios of a work side by side, what is tried now against its case, totals that nobody knows yet, two cases, two tables.

import { address, ask } from "../../shell/api.js";
import { charted } from "../../shell/chart.js";
import { fill, h } from "../../shell/dom.js";
import { drawn } from "../../shell/table.js";
import { failure, tell } from "../../shell/told.js";
import { waited } from "../../shell/waiting.js";
import { t } from "../../shell/words.js";

export async function show(place, work) {
  const known = await ask("compare.look", { work: work.id });
  const below = h("section", { class: "compared", "aria-live": "polite" });
  fill(place,
    scenarios(work, known, below),
    h("details", { class: "more" }, h("summary", {}, t("compare_pools")), pools(work, below)),
    h("details", { class: "more" }, h("summary", {}, t("compare_tables")), two(t("compare_before"), t("compare_after"), known.tables, "table",
      (old, fresh) => told(below, (signal) => ask("compare.tables", { work: work.id, old, new: fresh }, signal)))),
    h("details", { class: "more" }, h("summary", {}, t("compare_cases")), two(t("compare_old_case"), t("compare_new_case"), known.cases, "case",
      (old, fresh) => told(below, (signal) => ask("compare.cases", { old, new: fresh }, signal)))),
    h("p", { class: "note" }, t("compare_more"), " ", h("a", { href: "#/week/sweep" }, t("compare_sweep")), " · ", h("a", { href: "#/week/design" }, t("compare_design"))),
    below);
}

function scenarios(work, known, below) {
  const box = (id, name, label, note, disabled) => h("li", {}, h("input", { type: "checkbox", id, value: name, disabled }), h("label", { for: id }, label),
    note ? h("span", { class: "note" }, note) : null);
  const list = h("ul", { class: "files" },
    known.tried.length ? box("tried", ".tried", t("compare_tried"), known.tried.join(t("compare_between")), false) : null,
    known.scenarios.map((scenario, number) => box(`scenario_${number}`, scenario.name, scenario.label,
      scenario.why.length ? scenario.why.map((problem) => problem.text).join(" ") : scenario.file ? scenario.name : "", scenario.why.length > 0)));
  const go = (event) => {
    event.preventDefault();
    const chosen = [...list.querySelectorAll("input:checked")].map((input) => input.value);
    compared(below, work, { scenarios: chosen.filter((name) => name !== ".tried"), tried: chosen.includes(".tried") });
  };
  return h("form", { onsubmit: go }, h("fieldset", {}, h("legend", {}, t("compare_which")),
    list.children.length ? list : h("p", { class: "none" }, t("compare_none"))),
    h("button", { type: "submit", class: "main" }, t("compare_go")), known.tried.length ? keep(work) : null);
}

function keep(work) {
  const name = h("input", { id: "keep_name", size: 16 });
  const below = h("span", { role: "status" });
  const kept = async () => {
    try {
      const { file } = await ask("compare.keep", { work: work.id, name: name.value });
      fill(below, t("compare_kept"), " ", h("a", { href: address(file), download: file }, file));
    } catch (error) {
      fill(below, failure(error));
    }
  };
  return h("span", { class: "keep" }, h("label", { for: "keep_name" }, t("compare_keep")), name,
    h("button", { type: "button", onclick: kept }, t("compare_keep_go")), below);
}

function pools(work, below) {
  const amounts = h("input", { id: "pools", size: 24, required: true });
  return h("form", { onsubmit: (event) => { event.preventDefault(); compared(below, work, { pools: amounts.value }); } },
    h("label", { for: "pools" }, t("compare_pools_label")), amounts, h("button", { type: "submit" }, t("compare_pools_go")));
}

function two(first, second, files, kind, go) {
  const select = (id) => h("select", { id: `${kind}_${id}` }, files.map((name) => h("option", { value: name }, name)));
  const [old, fresh] = [select("old"), select("new")];
  return h("form", { onsubmit: (event) => { event.preventDefault(); go(old.value, fresh.value); } },
    h("label", { for: old.id }, first), old, h("label", { for: fresh.id }, second), fresh, h("button", { type: "submit" }, t("compare_two_go")));
}

async function compared(place, work, asked) {
  let answer;
  try {
    answer = await waited(place, (signal) => ask("compare.scenarios", { work: work.id, ...asked }, signal));
  } catch (error) {
    return fill(place, failure(error));
  }
  if (!answer) return null;
  const onfigure = (code) => { location.hash = `#/works/${work.id}/ask/${encodeURIComponent(code)}`; };
  const picture = h("div", { class: "picture" });
  fill(place,
    answer.notes.map((note) => h("p", { class: "note" }, note)),
    h("dl", { class: "scenarios" }, answer.scenarios.filter((scenario) => scenario.changes || scenario.failed.length).map((scenario) => h("div", {}, h("dt", {}, scenario.label),
      h("dd", {}, h("p", {}, scenario.changes), scenario.moved.map((line) => h("p", { class: "moved" }, line)),
        scenario.failed.length ? h("p", { class: "failed" }, "✗ ", t("compare_failed", { checks: scenario.failed.join(t("compare_between")) })) : null)))),
    drawn(answer.table), picture);
  tell(t("compare_done"));
  if (answer.chart.table) await charted(picture, answer.chart, { onfigure });
}

async function told(place, call) {
  try {
    const answer = await waited(place, call);
    if (answer) fill(place, answer.lines.map((line) => h("p", { class: "note" }, line)), answer.table ? drawn(answer.table) : null);
  } catch (error) {
    fill(place, failure(error));
  }
}
