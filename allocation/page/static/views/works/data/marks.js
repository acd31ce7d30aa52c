// What is wrong, in doubt or to be known, each with its cells: an entry leads to its cell, a doubt is resolved here.

import { h } from "../../../shell/dom.js";
import { drafted } from "../../../shell/keeping.js";
import { t } from "../../../shell/words.js";
import { SIGNS } from "./grid.js";

const FEW = 6; // cells of an entry that are named

export function marksList(marks, acts) {
  const parts = ["wrong", "doubt", "hint"].map((kind) => {
    const those = marks.filter((mark) => mark.kind === kind);
    const open = those.filter((mark) => !mark.resolved).length;
    if (!those.length) return null;
    const heading = h("h2", {}, `${SIGNS[kind]} `, t(`marks_${kind}`, { count: kind === "hint" ? those.length : open }));
    const list = h("ol", {}, those.map((mark) => entry(mark, acts)));
    // What a run says of cells that were left blank is read even by whoever looks for nothing.
    return kind === "hint" ? h("details", { open: those.some((mark) => mark.id.startsWith("run.")) }, h("summary", {}, heading), list) : h("section", { class: kind }, heading, list);
  });
  const said = parts[2] ? t("marks_none_but", { count: marks.filter((mark) => mark.kind === "hint").length }) : t("marks_none");
  return parts[0] || parts[1] ? parts : [h("p", { class: "fine" }, `✓ ${said}`), parts];
}

function entry(mark, acts) {
  const sign = mark.resolved ? SIGNS.resolved : SIGNS[mark.kind];
  return h("li", { class: mark.resolved ? "resolved" : mark.kind },
    h("button", { type: "button", class: "entry", disabled: !mark.cells.length, onclick: () => acts.go(mark, mark.cells[0]) }, `${sign} `, mark.text),
    mark.cells.length > 1 ? h("p", { class: "cells" }, mark.cells.slice(0, FEW).map((cell) =>
      h("button", { type: "button", class: "quiet", onclick: () => acts.go(mark, cell) }, cell)), mark.cells.length > FEW ? " …" : null) : null,
    mark.choices.length ? h("p", { class: "choices" }, mark.choices.map((choice) => (choice.value
      ? h("button", { type: "button", onclick: () => acts.choose(choice) }, choice.label) : asked(choice, acts)))) : null,
    mark.kind === "doubt" ? doubtForm(mark, acts) : null);
}

// A choice that is a year: it is typed here.
function asked(choice, acts) {
  const year = h("input", { type: "number", name: choice.field, min: 1950, max: 2100, required: true });
  return h("form", { onsubmit: (event) => { event.preventDefault(); acts.choose({ ...choice, value: year.value }); } },
    h("label", {}, `${choice.label} `, year), h("button", { type: "submit" }, t("marks_use")));
}

// With which reason and on what paper a doubt is resolved, by whom, and who else looked at it.
function doubtForm(mark, acts) {
  const fields = ["reason", "basis", "prepared", "reviewed"];
  const inputs = Object.fromEntries(fields.map((field) => [field,
    h("input", { type: "text", name: field, value: mark.resolved?.[field] || "", required: field === "reason" })]));
  const said = () => Object.fromEntries(fields.map((field) => [field, inputs[field].value]));
  const form = h("form", { onsubmit: (event) => { event.preventDefault(); acts.resolve({ doubt: mark.id, ...said() }, draft.done); } },
    fields.map((field) => h("label", {}, h("span", {}, t(`resolve_${field}`)), inputs[field])),
    h("p", {}, h("button", { type: "submit", class: "main" }, t("marks_resolve_do")),
      mark.resolved ? h("button", { type: "button", onclick: () => acts.resolve({ doubt: mark.id }, draft.done) }, t("marks_reopen")) : null));
  const draft = drafted(form, mark.id);
  return h("details", { class: "resolve", open: draft.begun },
    h("summary", {}, mark.resolved ? t("marks_resolved", { reason: mark.resolved.reason }) : t("marks_resolve")), form);
}
