// A described table that changes while somebody looks: of thousands of lines those in sight are drawn, and of these only
// the cells that say something else are touched. Its head and 合计 stay in sight.

import { fill, h } from "./dom.js";
import { body, heads } from "./table.js";

const ROW = 30; // pixels; the stylesheet has the same
const ABOVE = 40; // lines that are held above those in sight

export class Paper {
  // `wanted(first)`: other lines are in sight now.
  constructor({ onfigure, wanted }) {
    this.onfigure = onfigure;
    this.wanted = wanted;
    this.place = h("div", { class: "paper", tabindex: "0", role: "region", onscroll: () => this.scrolled() });
    this.signature = "";
  }

  show(table, places, size) {
    const signature = JSON.stringify([table.key, table.columns, size]);
    this.size = size;
    this.places = places;
    if (signature !== this.signature) this.whole(table);
    this.signature = signature;
    this.lines(table);
    this.widths();
  }

  whole(table) {
    this.place.setAttribute("aria-label", table.title);
    this.total = h("tbody", { class: "sums" });
    this.body = h("tbody");
    this.top = h("tbody", { "aria-hidden": "true" }, h("tr", { class: "room" }, h("td", { colspan: table.columns.length })));
    this.bottom = h("tbody", { "aria-hidden": "true" }, h("tr", { class: "room" }, h("td", { colspan: table.columns.length })));
    fill(this.place, h("table", { "aria-rowcount": this.size }, heads(table), this.total, this.top, this.body, this.bottom));
    this.place.scrollTop = 0;
    this.place.scrollLeft = 0;
    this.least = [];
  }

  lines(table) {
    const fresh = [...body(table, this.onfigure).rows];
    const isTotal = (at) => table.lines[at].kind === "total";
    const units = fresh.filter((_, at) => !isTotal(at));
    const told = table.lines.map((_, at) => at).filter((at) => !isTotal(at));
    patch(this.total, fresh.filter((_, at) => isTotal(at)));
    patch(this.body, units);
    const first = told.length ? this.places[told[0]] : 0;
    const last = told.length ? this.places[told.at(-1)] : -1;
    const before = table.lines.filter((line, at) => line.kind === "total" && this.places[at] < first).length;
    room(this.top, Math.max(0, first - before));
    room(this.bottom, Math.max(0, this.size - 1 - last - (this.size - 1 > last && isLastTotal(table, this.places, this.size) ? 1 : 0)));
    this.first = first;
    this.last = last;
  }

  // A column never gets narrower while figures change: nothing moves without need.
  widths() {
    const cells = [...(this.body.rows[0] || this.total.rows[0] || { cells: [] }).cells];
    const wide = cells.map((cell) => cell.offsetWidth);
    cells.forEach((cell, at) => {
      this.least[at] = Math.max(this.least[at] || 0, wide[at]);
      cell.style.minWidth = `${this.least[at]}px`;
    });
    const head = this.place.querySelector("thead");
    this.place.style.setProperty("--head", `${head.offsetHeight}px`);
  }

  scrolled() {
    const at = Math.floor(this.place.scrollTop / ROW);
    const seen = Math.ceil(this.place.clientHeight / ROW);
    const missing = (at < this.first && this.first > 1) || (at + seen > this.last + 1 && this.last < this.size - 2);
    if (missing) this.wanted(Math.max(0, at - ABOVE));
  }
}

function isLastTotal(table, places, size) {
  return table.lines.some((line, at) => line.kind === "total" && places[at] === size - 1);
}

function room(place, lines) {
  place.hidden = !lines;
  place.rows[0].style.height = `${lines * ROW}px`;
}

// Rows and cells that say the same stay as they are.
function patch(place, rows) {
  const held = [...place.rows];
  rows.forEach((row, at) => {
    const old = held[at];
    if (!old) place.append(row);
    else if (!old.isEqualNode(row)) same(old, row) ? cells(old, row) : old.replaceWith(row);
  });
  for (const row of held.slice(rows.length)) row.remove();
}

function same(old, row) {
  return old.className === row.className && old.dataset.code === row.dataset.code && old.cells.length === row.cells.length;
}

function cells(old, row) {
  const fresh = [...row.cells];
  [...old.cells].forEach((cell, at) => {
    if (cell.textContent !== fresh[at].textContent) {
      const width = cell.style.minWidth;
      cell.replaceWith(fresh[at]);
      fresh[at].style.minWidth = width;
    }
  });
}
