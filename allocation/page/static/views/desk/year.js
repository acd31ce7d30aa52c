// 今年的事: a line a fund and batch of the folder: how far it is, what it waits for, what changed since the last look.

import { ask } from "../../shell/api.js";
import { fill, h } from "../../shell/dom.js";
import { follow } from "../../shell/job.js";
import { failure, problems, tell } from "../../shell/told.js";
import { t } from "../../shell/words.js";

const FIGURES = ["total", "missing", "doubts", "days"];
const COLUMNS = ["fund", "year", "batch", "stage", "total", "missing", "doubts", "waits_for", "days"];

export async function yearTable(place) {
  fill(place, h("p", { role: "status" }, t("year_reading")));
  let year;
  try {
    year = await ask("year.look");
  } catch (error) {
    fill(place, failure(error));
    return;
  }
  const told = h("div");
  h("tr", {}, h("td", { colspan: COLUMNS.length + 1 }, told));
  fill(place, problems(year.problems), year.affairs.length ? [table(year.affairs, told), looked(year, place)] : h("p", {}, t("year_nothing")));
}

function table(affairs, told) {
  return h("div", { class: "wide", tabindex: "0", role: "region", "aria-label": t("desk") },
    h("table", { class: "year" },
      h("thead", {}, h("tr", {}, COLUMNS.map((key) => h("th", { scope: "col" }, t(`year_head_${key}`))), h("th", { scope: "col" }, t("year_head_do")))),
      h("tbody", {}, affairs.map((affair) => line(affair, told)))));
}

function line(affair, told) {
  if (affair.problems.length) {
    return h("tr", { class: "unread" }, h("th", { scope: "row" }, affair.file),
      h("td", { colspan: COLUMNS.length }, problems(affair.problems, affair.waits_for)));
  }
  const changed = (key) => affair.changed.includes(key === "waits_for" ? "waits" : key);
  return h("tr", { class: affair.waits }, COLUMNS.map((key) => h(key === "fund" ? "th" : "td", {
    scope: key === "fund" ? "row" : undefined,
    class: [FIGURES.includes(key) ? "figure" : "", key === "days" && affair.pressing ? "pressing" : ""].join(" ").trim() || undefined,
  }, affair[key], key === "fund" && affair.file ? h("small", {}, affair.file) : null,
  changed(key) ? h("span", { class: "new" }, t("year_new")) : null)),
  h("td", { class: "do" }, affair.file ? [
    h("a", { href: "#/", onclick: (event) => open(event, affair.file, "") }, t("year_open")),
    h("a", { href: "#/", onclick: (event) => open(event, affair.file, "/ask") }, t("year_why")),
    h("button", { type: "button", onclick: (event) => approval(affair.file, told, event.target.closest("tr")) }, t("year_approval")),
  ] : null));
}

async function open(event, model, view) {
  event.preventDefault();
  const work = await ask("desk.begin", { model });
  location.hash = `#/works/${work.id}${view}`;
}

// What is told of a line stands in a row below it.
async function approval(file, told, line) {
  line.after(told.closest("tr"));
  try {
    await follow(told, await ask("year.approval", { file }));
    told.scrollIntoView({ block: "nearest" });
  } catch (error) {
    fill(told, failure(error));
  }
}

function looked(year, place) {
  return h("p", { class: "looked" }, year.looked ? t("year_looked", { day: year.looked }) : t("year_never_looked"),
    h("button", { type: "button", onclick: async () => { await ask("year.seen"); tell(t("year_kept")); await yearTable(place); } }, t("year_seen")));
}
