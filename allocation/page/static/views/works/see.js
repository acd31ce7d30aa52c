// What a work looks like: charts of described tables, and a map where somebody laid boundaries on the desk.

import { ask, hand } from "../../shell/api.js";
import { charted } from "../../shell/chart.js";
import { fill, h } from "../../shell/dom.js";
import { failure } from "../../shell/told.js";
import { t } from "../../shell/words.js";

const CHARTS = ["awards", "change", "shares", "years", "map"];

export async function show(place, work, [chart = CHARTS[0]]) {
  const below = h("section", { class: "chart", "aria-live": "polite" });
  fill(place,
    h("nav", { class: "charts", "aria-label": t("see_which") }, CHARTS.map((name) =>
      h("a", { href: `#/works/${work.id}/see/${name}`, "aria-current": name === chart ? "page" : undefined }, t(`see_chart_${name}`)))),
    below);
  const onfigure = (code, entry) => { location.hash = `#/works/${work.id}/ask/${encodeURIComponent(code)}${entry ? `/${encodeURIComponent(entry)}` : ""}`; };
  try {
    if (chart === "map") await mapped(below, work, onfigure);
    else await drawnChart(below, work, chart, onfigure, {});
  } catch (error) {
    fill(below, failure(error));
  }
}

async function drawnChart(place, work, chart, onfigure, asked) {
  const answer = await ask("see.chart", { work: work.id, chart, ...asked });
  const picture = h("div", { class: "picture" });
  const chooser = answer.choices.length > 1 ? select("against", t("see_against"), answer.choices, answer.chosen,
    (against) => drawnChart(place, work, chart, onfigure, { against })) : null;
  fill(place, chooser, answer.why.length ? why(answer.why) : null, picture, chart === "years" ? await tables(place, work, onfigure, asked) : null);
  if (answer.table) await charted(picture, answer, { onfigure });
}

function why(list) {
  return h("div", { class: "none" }, list.map((problem) => h("p", {}, problem.text)));
}

function select(id, label, choices, chosen, changed) {
  const given = h("select", { id, onchange: () => changed(given.value) },
    choices.map((choice) => h("option", { value: choice.key, selected: choice.key === chosen }, choice.label)));
  return h("p", { class: "choice" }, h("label", { for: id }, label), " ", given);
}

async function tables(place, work, onfigure, asked) {
  const { years } = await ask("see.look", { work: work.id });
  if (!years.length) return null;
  const boxes = years.map((name, number) => h("li", {}, h("input", { type: "checkbox", id: `year_${number}`, value: name, checked: (asked.tables || []).includes(name) }),
    h("label", { for: `year_${number}` }, name)));
  const list = h("ul", { class: "files" }, boxes);
  const chosen = () => [...list.querySelectorAll("input:checked")].map((box) => box.value);
  return h("details", { class: "more", open: true }, h("summary", {}, t("see_years_more")), list,
    h("button", { type: "button", onclick: () => drawnChart(place, work, "years", onfigure, { tables: chosen() }) }, t("see_years_draw")));
}

async function mapped(place, work, onfigure) {
  const { maps } = await ask("see.look", { work: work.id });
  const told = h("div");
  const input = h("input", { type: "file", id: "boundaries", accept: ".geojson,.json", onchange: async () => {
    try {
      for (const file of input.files) await hand(file);
      await mapped(place, work, onfigure);
    } catch (error) {
      fill(told, failure(error));
    }
  } });
  const picture = h("div", { class: "picture" });
  const files = h("select", { id: "map_file" }, h("option", { value: "" }, t("see_map_choose")), maps.map((name) => h("option", { value: name }, name)));
  files.addEventListener("change", () => drawnMap(picture, work, files.value, "", onfigure));
  fill(place, h("p", { class: "choice" }, h("label", { for: "map_file" }, t("see_map_file")), " ", files),
    h("p", { class: "choice" }, h("label", { for: "boundaries" }, t("see_map_hand")), " ", input), told, picture);
  const boundaries = maps.filter((name) => name.toLowerCase().endsWith(".geojson"));
  if (boundaries.length === 1) {
    files.value = boundaries[0];
    await drawnMap(picture, work, boundaries[0], "", onfigure);
  }
}

async function drawnMap(place, work, file, of, onfigure) {
  if (!file) return fill(place);
  let map;
  try {
    map = await ask("see.map", { work: work.id, file, of });
  } catch (error) {
    return fill(place, failure(error));
  }
  const picture = h("div");
  const number = h("input", { id: "approval", value: map.of_file ? "" : map.approval });
  const approval = map.approval ? t("see_approval", { number: map.approval }) : t("see_no_approval");
  fill(place, select("of", t("see_map_of"), map.chart.choices, map.chart.chosen, (key) => drawnMap(place, work, file, key, onfigure)),
    map.of_file ? null : h("p", { class: "choice" }, h("label", { for: "approval" }, t("see_approval_typed")), " ", number, " ",
      h("button", { type: "button", onclick: kept }, t("see_approval_keep"))),
    picture, missing("see_nowhere", map.nowhere), missing("see_nobody", map.nobody));
  await charted(picture, map.chart, { onfigure, more: { name: "desk", shapes: map.shapes, aspect: map.aspect, classes: map.classes, approval } });

  async function kept() {
    try {
      const { revision } = await ask("work.look", { work: work.id });
      await ask("see.number", { work: work.id, revision, file, number: number.value });
      await drawnMap(place, work, file, of, onfigure);
    } catch (error) {
      fill(picture, failure(error));
    }
  }
}

function missing(key, names) {
  return names.length ? h("details", { class: "more" }, h("summary", {}, t(key, { count: names.length })), h("p", {}, names.join(" · "))) : null;
}
