// A figure, asked: the director's sentence first, then how it came about, why it is not more, and what would move it.
// `figurePanel(place, work, code, column)` is the piece that other views show beside their table.

import { Refused, ask } from "../../shell/api.js";
import { fill, h } from "../../shell/dom.js";
import { drawn } from "../../shell/table.js";
import { looking } from "../../shell/looking.js";
import { failure, tell } from "../../shell/told.js";
import { waited } from "../../shell/waiting.js";
import { t } from "../../shell/words.js";

export async function show(place, work, [code = "", column = ""]) {
  const known = await ask("ask.look", { work: work.id });
  const below = h("div");
  const unit = h("input", { id: "unit", list: "units", value: code, autocomplete: "off" });
  const figure = h("select", { id: "figure" }, h("option", { value: "" }, t("ask_award")),
    known.columns.map((entry) => h("option", { value: entry.name, selected: entry.name === column }, entry.label)));
  const go = (event) => { event.preventDefault(); location.hash = address(work, unit.value.trim(), figure.value); };
  fill(place,
    h("form", { class: "asked", onsubmit: go }, h("label", { for: "unit" }, t("ask_unit")), unit,
      h("datalist", { id: "units" }, known.units.map(([key, name]) => h("option", { value: key }, name))),
      h("label", { for: "figure" }, t("ask_figure")), figure, h("button", { type: "submit", class: "main" }, t("ask_go"))),
    below);
  if (code) await figurePanel(below, work, code, column, known);
  else fill(below, h("p", { class: "none" }, t("ask_nobody")));
}

function address(work, code, column) {
  return `#/works/${work.id}/ask/${encodeURIComponent(code)}${column ? `/${encodeURIComponent(column)}` : ""}`;
}

export async function figurePanel(place, work, code, column = "", known = null) {
  let figure;
  try {
    figure = await waited(place, (signal) => ask("ask.figure", { work: work.id, code, column }, signal));
    if (!figure) return null;
  } catch (error) {
    return fill(place, failure(error));
  }
  const settings = known || (await ask("ask.look", { work: work.id }));
  fill(place, h("article", { class: "figure-asked" },
    h("header", {}, h("h2", {}, figure.name, " · ", figure.label), h("p", { class: "of" }, figure.heading),
      figure.sentence ? h("p", { class: "sentence" }, figure.sentence) : null),
    h("div", { class: "two" },
      h("div", {},
        h("section", { "aria-label": t("ask_how") }, h("h3", {}, t("ask_how")), step(work, figure, figure.step, 2)),
        figure.why.length ? h("section", {}, h("h3", {}, t("ask_why")), h("ul", { class: "why" }, figure.why.map((line) =>
          h("li", { class: line.inner ? "inner" : "" }, line.text)))) : null),
      h("div", { class: "aside" },
        figure.award ? [difference(work, figure), beside(work, figure)] : null,
        figure.award && settings.inputs.length ? margin(work, figure, settings) : null,
        target(work, figure, settings.settings)))));
  return figure;
}

// A line of the derivation; what it is made of is folded away below it.
function step(work, figure, told, levels) {
  const other = told.name && told.name !== figure.column ? address(work, figure.code, told.name) : "";
  const beside = told.beside.map((line) => h("p", { class: "told-beside" }, line));
  if (!told.below.length) return h("div", { class: "step" }, h("p", { class: "line" },
    other ? h("a", { class: "askable", href: other, title: t("ask_this") }, told.text) : told.text), beside);
  return h("details", { class: "step", open: levels > 0 }, h("summary", {}, told.text),
    other ? h("p", { class: "told-beside" }, h("a", { href: other }, t("ask_this"))) : null, beside, told.below.map((part) => step(work, figure, part, levels - 1)));
}

// Something that is worked out when it is asked for, below its own button.
function worked(title, controls, ready, call) {
  const below = h("div", { class: "answer", "aria-live": "polite" });
  const button = h("button", { type: "submit" }, ready);
  const go = async (event) => {
    event.preventDefault();
    button.disabled = true;
    try {
      const answer = await waited(below, call);
      if (answer) fill(below, ...answer);
    } catch (error) {
      fill(below, unknown(error) || failure(error));
    }
    button.disabled = false;
  };
  return h("section", {}, h("h3", {}, title), h("form", { onsubmit: go }, controls, button), below);
}

// What cannot be answered is no mistake of whoever asks.
function unknown(error) {
  if (!(error instanceof Refused) || !error.problems.every((problem) => problem.id.startsWith("charts."))) return null;
  return h("div", { class: "none" }, error.problems.map((problem) => h("p", {}, problem.text)));
}

function moved(answer) {
  return [answer.sentence ? h("p", {}, answer.sentence) : null, answer.table ? drawn(answer.table) : null, ...answer.lines.map((line) => h("p", { class: "note" }, line))];
}

function margin(work, figure, known) {
  const of = h("select", { id: "of" }, known.inputs.map((input) => h("option", { value: input.name, selected: input.name === known.people }, input.label)));
  return worked(t("ask_margin"), [h("label", { for: "of" }, t("ask_margin_of")), of], t("ask_margin_go"),
    async (signal) => moved(await ask("ask.margin", { work: work.id, code: figure.code, of: of.value }, signal)));
}

function beside(work, figure) {
  const other = h("input", { id: "other", list: "units", required: true, autocomplete: "off" });
  return worked(t("ask_beside"), [h("label", { for: "other" }, t("ask_beside_of")), other], t("ask_beside_go"), async () => {
    const answer = await ask("ask.beside", { work: work.id, code: figure.code, other: other.value.trim() });
    return [...answer.lines.map((line) => h("p", {}, line)), drawn(answer.table)];
  });
}

function difference(work, figure) {
  const against = h("select", { id: "against" }, h("option", { value: ".last" }, t("ask_against_last")), h("option", { value: ".tried" }, t("ask_against_tried")));
  ask("compare.look", { work: work.id }).then((known) => against.append(...known.scenarios.filter((scenario) => !scenario.why.length)
    .map((scenario) => h("option", { value: scenario.name }, scenario.label)))).catch(() => {});
  return worked(t("ask_difference"), [h("label", { for: "against" }, t("ask_against")), against], t("ask_difference_go"),
    async (signal) => moved(await ask("ask.difference", { work: work.id, code: figure.code, against: against.value }, signal)));
}

function target(work, figure, settings) {
  const vary = h("select", { id: "vary" }, settings.map((setting) => h("option", { value: setting.name },
    t("ask_setting", { label: setting.label, now: setting.now }))));
  const wanted = h("input", { id: "wanted", inputmode: "decimal", required: true, size: 10 });
  const low = h("input", { id: "low", inputmode: "decimal", size: 8 });
  const high = h("input", { id: "high", inputmode: "decimal", size: 8 });
  const controls = [h("label", { for: "wanted" }, t("ask_wanted", { label: figure.label })), wanted, h("label", { for: "vary" }, t("ask_vary")), vary,
    h("details", { class: "range" }, h("summary", {}, t("ask_range")), h("label", { for: "low" }, t("ask_low")), low, h("label", { for: "high" }, t("ask_high")), high)];
  return worked(t("ask_target"), controls, t("ask_target_go"), async (signal) => {
    const answer = await ask("ask.seek", { work: work.id, code: figure.code, column: figure.column, vary: vary.value, target: wanted.value,
      low: low.value.trim(), high: high.value.trim() }, signal);
    return [...answer.parts.map((part) => (part.text ? h("p", {}, part.text) : rows(part))), used(work, answer)];
  });
}

// The value that was found is typed into its setting, as a trial.
function used(work, answer) {
  if (!answer.use || looking()) return null;
  const wrong = h("div");
  const use = async () => {
    try {
      await ask("settings.keep", { work: work.id, revision: answer.revision, settings: { [answer.vary]: answer.answer } });
      tell(t("ask_used"));
      location.hash = `#/works/${work.id}/settings`;
    } catch (error) {
      fill(wrong, failure(error));
    }
  };
  return h("div", { class: "use" }, h("button", { type: "button", class: "main", onclick: use }, answer.use), wrong);
}

function rows(part) {
  return h("table", {}, h("thead", {}, h("tr", {}, part.heads.map((head) => h("th", { scope: "col" }, head)))),
    h("tbody", {}, part.rows.map((cells) => h("tr", {}, cells.map((cell) => h("td", { class: "figure" }, cell))))));
}
