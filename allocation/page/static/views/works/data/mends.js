// What was mended, old and new, each to be taken back; and the mended table as a file of its own.

import { h } from "../../../shell/dom.js";
import { t } from "../../../shell/words.js";

const SHOWN = 200;

export function mendsList(mends, acts) {
  if (!mends.length) return null;
  const line = (mend) => h("tr", {},
    h("td", {}, h("button", { type: "button", class: "quiet", onclick: () => acts.go(mend) }, mend.sheet ? `${mend.sheet}!${mend.cell}` : mend.cell)),
    h("td", {}, mend.old || "—"), h("td", {}, mend.new || "—"),
    h("td", {}, h("button", { type: "button", onclick: () => acts.reset(mend) }, t("mends_reset"))));
  return h("section", { class: "mends" },
    h("details", {}, h("summary", {}, t("mends_count", { count: mends.length })),
      h("table", {}, h("thead", {}, h("tr", {}, ["cell", "old", "new", "back"].map((key) => h("th", { scope: "col" }, t(`mends_${key}`))))),
        h("tbody", {}, mends.slice(0, SHOWN).map(line))),
      mends.length > SHOWN ? h("p", {}, t("mends_more", { count: mends.length - SHOWN })) : null,
      h("p", {}, h("button", { type: "button", onclick: acts.all }, t("mends_all")))),
    h("button", { type: "button", class: "main", onclick: acts.save }, t("mends_save")),
    h("span", { class: "how" }, t("mends_how")));
}
