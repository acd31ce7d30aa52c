// How the table is read: its sheet and years, columns that are not used, what rows are.

import { h } from "../../../shell/dom.js";
import { t } from "../../../shell/words.js";

export function readingForm(reading, sheets, choose) {
  const said = reading.sheet || reading.year || reading.data_year || reading.unused.length || reading.rows.length || reading.reference;
  const year = (field) => {
    const input = h("input", { type: "number", min: 1950, max: 2100, value: reading[field] ?? "",
      onchange: () => choose({ [field]: input.value ? Number(input.value) : null }) });
    return h("label", {}, h("span", {}, t(`reading_${field}`)), input);
  };
  const without = (field, value) => choose({ [field]: reading[field].filter((other) => other !== value) });
  return h("details", { class: "reading", open: Boolean(said) }, h("summary", {}, t("reading")),
    h("form", { onsubmit: (event) => event.preventDefault() },
      sheets.length > 1 ? h("label", {}, h("span", {}, t("reading_sheet")), h("select", { onchange: (event) => choose({ sheet: event.target.value }) },
        h("option", { value: "", selected: !reading.sheet }, t("reading_itself")),
        sheets.map((name) => h("option", { value: name, selected: name === reading.sheet }, name)))) : null,
      year("data_year"), year("year"),
      h("label", {}, h("input", { type: "checkbox", checked: reading.reference, onchange: (event) => choose({ reference: event.target.checked }) }), " ", t("reading_reference")),
      ["unused", "rows"].map((field) => reading[field].length ? h("p", {}, t(`reading_${field}`), " ",
        reading[field].map((value) => h("button", { type: "button", title: t("reading_back"), onclick: () => without(field, value) }, `${value} ×`))) : null)));
}
