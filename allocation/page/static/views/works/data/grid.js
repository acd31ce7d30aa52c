// The sheet in Tabulator: arrows move, Enter edits, a block is pasted as it comes from a spreadsheet.

import { h } from "../../../shell/dom.js";
import { block } from "./clipboard.js";

export const SIGNS = { wrong: "✗", doubt: "?", hint: "i", resolved: "✓" };
const RANK = ["wrong", "doubt", "resolved", "hint"];

// What a library is given to show is an element of texts: of a string it would make markup.
function beside(texts) {
  return texts?.length ? h("div", { class: "beside" }, texts.map((text) => h("div", {}, text))) : "";
}

export function sheetGrid(look, { changed, selected, typing, left, undo }) {
  const element = h("div", { class: "grid", role: "region", "aria-label": `${look.file} ${look.sheet}` });
  const fixed = new Set(look.fixed);
  const texts = look.rows.map((row) => [...row]);
  const spare = look.can_mend || look.left_out ? 0 : 3;
  let mended = new Set(look.mends.filter((mend) => mend.sheet === look.sheet).map((mend) => mend.cell));
  let marks = new Map();
  let table = null;
  let typed = ""; // the cell that is edited and what was typed in it
  const at = (cell) => `${cell.getField()}${cell.getData().row}`;

  function dress(cell) {
    const name = at(cell);
    const mark = marks.get(name);
    const place = cell.getElement();
    for (const kind of [...RANK, "mend", "fixed"]) place.classList.remove(kind);
    if (fixed.has(name)) place.classList.add("fixed");
    if (mended.has(name)) place.classList.add("mend");
    if (mark) place.classList.add(mark.kind);
    place.classList.toggle("figure", /^-?[\d,.]+%?$/.test(cell.getValue() ?? ""));
    const sign = mark ? h("span", { class: "cell-sign", "aria-hidden": "true" }, SIGNS[mark.kind]) : "";
    const text = h("span", {}, fixed.has(name) ? "" : cell.getValue() ?? "", mark ? h("span", { class: "unseen" }, ` ${mark.texts.join(" ")}`) : "");
    return h("span", { class: "in" }, sign, text);
  }

  function rows() {
    const height = texts.length + spare;
    return Array.from({ length: height }, (_, row) => ({ row: row + 1,
      ...Object.fromEntries(look.columns.map((letter, column) => [letter, texts[row]?.[column] ?? ""])) }));
  }

  function start() {
    table = new Tabulator(element, {
      data: rows(), index: "row", height: "100%", layout: "fitData", selectableRange: 1, selectableRangeColumns: true, selectableRangeRows: true,
      selectableRangeClearCells: false, editTriggerEvent: "dblclick", clipboard: "copy", clipboardCopyRowRange: "range", clipboardCopyStyled: false,
      clipboardCopyConfig: { rowHeaders: false, columnHeaders: false }, headerSortClickElement: "icon",
      rowHeader: { field: "row", resizable: false, frozen: true, headerSort: false, editor: false, hozAlign: "right", cssClass: "row-number" },
      columnDefaults: { headerSort: false, editor: "input",
        editorParams: (cell) => ({ elementAttributes: { "aria-label": at(cell) } }), editable: (cell) => !look.can_mend && !fixed.has(at(cell)), formatter: dress, minWidth: 70, maxInitialWidth: 190,
        tooltip: (event, cell) => beside(marks.get(at(cell))?.texts) },
      columns: look.columns.map((letter, place) => ({ title: letter, field: letter, frozen: place < look.held })),
    });
    table.on("tableBuilt", () => {  // a grid holds groups of rows, and nothing between
      element.querySelector(".tabulator-tableholder").setAttribute("role", "rowgroup");
      element.querySelector(".tabulator-table").setAttribute("role", "presentation");
    });
    table.on("cellEdited", (cell) => (cell.getValue() === cell.getOldValue() ? left() : changed({ [at(cell)]: cell.getValue() ?? "" })));
    // What was typed may be what the cell shows and not what it holds: 260 over a text in full width.
    table.on("cellEditCancelled", (cell) => (typed === `${at(cell)} ${cell.getValue()}` ? changed({ [at(cell)]: cell.getValue() }) : left()));
    table.on("cellEditing", () => { typed = ""; });
    element.addEventListener("keydown", (event) => { if (event.key === "Escape") typed = ""; }, true);
    element.addEventListener("input", ({ target }) => {
      const name = target.getAttribute("aria-label");
      typed = `${name} ${target.value}`;
      typing(name, target.value);
    });
    const chosen = () => { const name = first(); if (name) selected(name); };
    table.on("rangeAdded", chosen);
    table.on("rangeChanged", chosen);
    element.addEventListener("paste", pasted);
    element.addEventListener("keydown", pressed);
  }

  // The first cell of what is selected.
  function first() {
    const range = table.getRanges?.()[0];
    const cell = range?.getCells?.()[0]?.[0];
    return cell && cell.getField() !== "row" ? at(cell) : "";
  }

  function pasted(event) {
    if (event.target.closest("input") || look.can_mend) return;
    const name = first();
    const lines = block(event.clipboardData.getData("text/plain"));
    if (!name || !lines.length) return;
    event.preventDefault();
    event.stopPropagation();
    const [, letter, number] = /^([A-Z]+)(\d+)$/.exec(name);
    const left = look.columns.indexOf(letter);
    const cells = {};
    lines.forEach((line, down) => line.forEach((text, right) => {
      const column = look.columns[left + right];
      const cell = column ? `${column}${Number(number) + down}` : "";
      if (cell && !fixed.has(cell)) cells[cell] = text;
    }));
    changed(cells);
  }

  // As in a spreadsheet: what is typed over a cell replaces it; Enter goes on to the one below, Tab to the next.
  function typedOver(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || look.can_mend) return;
    if (event.key.length !== 1 && event.key !== "F2" && event.key !== "Process") return;
    const name = first();
    if (!name || fixed.has(name)) return;
    const [, letter, number] = /^([A-Z]+)(\d+)$/.exec(name);
    table.getRow(Number(number)).getCell(letter).edit();
    if (event.key !== "F2") element.querySelector(".tabulator-cell input")?.select();
  }

  function below(name) {
    const [, letter, number] = /^([A-Z]+)(\d+)$/.exec(name);
    select(`${letter}${Number(number) + 1}`);
  }

  function pressed(event) {
    if (event.target.closest("input")) {
      const name = first();
      if (event.key === "Enter" && name && !event.isComposing) setTimeout(() => below(name));
      if (event.key === "Tab") setTimeout(() => element.querySelector(".tabulator-cell input")?.select());
      return;
    }
    typedOver(event);
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "z") {
      event.preventDefault();
      undo();
    } else if (event.key === "Delete" && !look.can_mend) {
      const cells = {};
      for (const cell of (table.getRanges()[0]?.getCells() || []).flat()) {
        if (cell.getField() !== "row" && cell.getValue() && !fixed.has(at(cell))) cells[at(cell)] = "";
      }
      if (Object.keys(cells).length) changed(cells);
    }
  }

  // What cells show now, as the server answers it.
  async function put(cells, now) {
    mended = now;
    const lines = new Map();
    for (const [name, text] of Object.entries(cells)) {
      const [, letter, number] = /^([A-Z]+)(\d+)$/.exec(name);
      const row = Number(number);
      while (texts.length < row) texts.push([]);
      texts[row - 1][look.columns.indexOf(letter)] = text;
      lines.set(row, { ...lines.get(row), row, [letter]: text });
    }
    const held = table.getDataCount();
    const more = [...lines.keys()].some((row) => row > held);
    if (more || lines.size > 200) await keepingPlace(() => table.replaceData(rows()));
    else await table.updateData([...lines.values()]);
    redress();
  }

  async function keepingPlace(change) {
    const holder = element.querySelector(".tabulator-tableholder");
    const { scrollTop, scrollLeft } = holder;
    await change();
    holder.scrollTop = scrollTop;
    holder.scrollLeft = scrollLeft;
  }

  function redress() {
    for (const row of table.getRows("visible")) row.reformat();
  }

  function mark(list) {
    marks = new Map();
    for (const entry of list) {
      const kind = entry.resolved ? "resolved" : entry.kind;
      for (const cell of entry.cells) {
        const known = marks.get(cell);
        const stronger = !known || RANK.indexOf(kind) < RANK.indexOf(known.kind) ? kind : known.kind;
        marks.set(cell, { kind: stronger, texts: [...(known?.texts || []), `${SIGNS[kind]} ${entry.text}`] });
      }
    }
    if (table?.initialized) redress();
    else table?.on("tableBuilt", redress);
  }

  function select(name) {
    const parts = /^([A-Z]+)(\d+)$/.exec(name || "");
    const row = parts && table.getRow(Number(parts[2]));
    if (!row) return;
    const still = () => {};
    table.scrollToRow(row, "nearest", false).catch(still);
    table.scrollToColumn(parts[1], "middle", false).catch(still);
    const cell = row.getCell(parts[1]);
    const range = table.getRanges()[0];
    if (range) range.setBounds(cell, cell);
    else table.addRange(cell, cell);
    element.querySelector(".tabulator-tableholder")?.focus({ preventScroll: true });
    selected(name);
  }

  function restore() {
    keepingPlace(() => table.replaceData(rows()));
  }

  return { element, start, put, mark, select, restore };
}
