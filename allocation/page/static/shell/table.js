// A described table as the server gives it: the page chooses nothing and adds nothing up.

import { h } from "./dom.js";
import { t } from "./words.js";

const PLACES = { number: "figure", ordinal: "figure", truth: "middle", text: "text" };

export function drawn(table, { onfigure } = {}) {
  return h("figure", { class: "described" },
    table.title ? h("figcaption", {}, h("strong", {}, table.title), table.unit ? h("span", { class: "unit" }, table.unit) : null) : null,
    h("div", { class: "wide", tabindex: "0", role: "region", "aria-label": table.title || t("table") },
      h("table", {}, heads(table), body(table, onfigure))),
    table.below.length ? h("dl", { class: "below" }, table.below.map(([label, figure]) =>
      h("div", {}, h("dt", {}, label), h("dd", {}, figure)))) : null,
    table.notes.length ? h("ul", { class: "notes" }, table.notes.map((note) => h("li", {}, note))) : null);
}

// The column that says of whom a line is: it stays in sight while the others scroll.
function names(columns) {
  const named = columns.findIndex((column) => column.key === "name");
  return named >= 0 ? named : columns.findIndex((column) => column.kind === "text");
}

// Columns that follow each other under one heading share it, above an item each.
export function heads(table) {
  const two = table.columns.some((column) => column.item);
  const held = names(table.columns);
  const above = [];
  const items = [];
  table.columns.forEach((column, place) => {
    const before = table.columns[place - 1];
    if (column.item && before && before.item && before.head === column.head) above.at(-1).colSpan += 1;
    else above.push(h("th", { class: place === held ? "held" : undefined, scope: column.item ? "colgroup" : "col", rowspan: two && !column.item ? 2 : undefined }, column.head));
    if (column.item) items.push(h("th", { scope: "col" }, column.item));
  });
  return h("thead", {}, h("tr", {}, above), two ? h("tr", {}, items) : null);
}

export function body(table, onfigure) {
  const held = names(table.columns);
  return h("tbody", {}, table.lines.map((line) => h("tr", { class: line.kind, "data-code": line.code || undefined },
    line.cells.map((text, place) => cell(table.columns[place], line, text, onfigure, place === held)))));
}

function cell(column, line, text, onfigure, held) {
  const asks = onfigure && column.entry && line.code && column.kind === "number" && text !== "—";
  const inside = asks
    ? h("button", { class: "figure", type: "button", onclick: () => onfigure(line.code, column.entry) }, text) : text;
  return h("td", { class: held ? `${PLACES[column.kind]} held` : PLACES[column.kind] }, inside);
}
