// 读出对照表: what each column of a template is filled with, asked where it is not sure, tried, and saved as a mapping.
// `mapping(place, asked, begun)`: `asked` is the template as `mapping.read` takes it.

import { ask } from "../../shell/api.js";
import { fill, h } from "../../shell/dom.js";
import { failure, problems } from "../../shell/told.js";
import { t } from "../../shell/words.js";

const TEXT = "text:";
const FIGURE = "figure:";
const FILES = ["utf-8", "gb18030", "dbf"];
const DIGITS = ["6", "9", "12"]; // of a code of a place

export async function mapping(place, asked) {
  const read = await ask("mapping.read", asked);
  const rows = read.columns.map((column) => columnRow(column, read));
  const lines = read.lines.map((line) => lineRow(line, read));
  const strange = h("input", { type: "checkbox", id: "map-strange" });
  const version = h("input", { id: "map-version", value: read.version, size: 6 });
  const digest = h("input", { id: "map-digest", value: read.digest, size: 6 });
  const skipZero = h("input", { type: "checkbox", id: "map-zero", checked: read.skip_zero });
  const files = FILES.map((kind) => [kind, h("input", { type: "checkbox", id: `map-file-${kind}`, checked: read.files.includes(kind) })]);
  const title = h("input", { id: "map-title", value: read.title });
  const open = h("p", { class: "open", role: "status" });
  const told = h("div", { class: "outcome" });
  const count = () => {
    const left = [...rows, ...lines].filter((row) => row.open()).length + (read.strange.length && !strange.checked ? 1 : 0);
    fill(open, left ? t("map_open", { count: left }) : t("map_settled"));
  };
  const said = () => ({ ...asked, title: title.value, strange: strange.checked, version: version.value.trim(), digest: digest.value.trim(),
    skip_zero: skipZero.checked, files: files.filter(([, box]) => box.checked).map(([kind]) => kind),
    columns: Object.fromEntries(rows.map((row) => [row.key, row.said()])), lines: Object.fromEntries(lines.map((row) => [row.key, row.said()])) });

  async function tried() {
    try {
      const shown = await ask("mapping.try", said());
      fill(told, problems(shown.notes, t("map_notes")), h("h3", {}, t("map_preview", { cells: shown.cells })), h("div", { class: "described" },
        h("table", { class: "preview" }, h("thead", {}, h("tr", {}, shown.heads.map((head) => h("th", { scope: "col" }, head)))),
          h("tbody", {}, shown.rows.map((row) => h("tr", {}, row.map((text, at) => h("td", { class: rows[at].measured() ? "number" : undefined }, text))))))), saving());
    } catch (error) {
      fill(told, failure(error));
    }
    told.scrollIntoView({ block: "nearest" });
  }

  function saving() {
    const done = h("p", { role: "status" });
    const save = h("button", { type: "button", class: "main", onclick: async () => {
      save.disabled = true;
      try {
        const { name } = await ask("mapping.save", said());
        const next = new URLSearchParams({ model: asked.model, "--template": asked.template, "--mapping": name });
        fill(done, t("map_saved", { name }), " ", h("a", { href: `#/week/fill/?${next}` }, t("map_fill")));
      } catch (error) {
        save.disabled = false;
        fill(done, failure(error));
      }
    } }, t("map_save"));
    return h("div", { class: "saving" }, h("label", { for: "map-title" }, t("map_title")), title, save, done);
  }

  const form = h("form", { class: "mapping", novalidate: true, onchange: () => { count(); fill(told); }, onsubmit: (event) => { event.preventDefault(); tried(); } },
    h("p", {}, t("map_read", { sheet: read.sheet, rows: read.headings, listed: read.listed })),
    h("table", { class: "targets" },
      h("thead", {}, h("tr", {}, ["map_column", "map_heading", "map_source", "map_unit", "map_decimals", "map_total", "map_why"].map((key) => h("th", { scope: "col" }, t(key))))),
      h("tbody", {}, rows.map((row) => row.shown))),
    lines.length ? [h("h3", {}, t("map_lines")), lines.map((row) => row.shown)] : null,
    read.strange.length ? h("div", { class: "strange" }, h("p", {}, t("map_strange", { count: read.strange.length })),
      h("ul", {}, read.strange.map((text) => h("li", {}, text))), h("label", { class: "box" }, strange, t("map_leave_rows"))) : null,
    h("p", { class: "stamps" }, h("label", { for: "map-version" }, t("map_version")), version, h("label", { for: "map-digest" }, t("map_digest")), digest),
    h("p", { class: "stamps" }, h("label", { class: "box" }, skipZero, t("map_skip_zero"))),
    h("fieldset", { class: "stamps" }, h("legend", {}, t("map_files")), files.map(([kind, box]) => h("label", { class: "box" }, box, t(`map_file_${kind.replace("-", "")}`)))),
    open, h("p", { class: "go" }, h("button", { type: "submit", class: "main" }, t("map_try"))));
  count();
  fill(place, form, told);
  place.scrollIntoView({ block: "start" });
}

function columnRow(column, read) {
  const text = h("input", { "aria-label": t("map_text_of", { heading: column.heading }), hidden: true });
  const unit = h("select", { "aria-label": t("map_unit_of", { heading: column.heading }) });
  const decimals = h("input", { type: "number", min: 0, max: 9, "aria-label": t("map_decimals_of", { heading: column.heading }), value: column.decimals });
  const total = h("input", { size: 4, "aria-label": t("map_total_of", { heading: column.heading }), value: column.total });
  const near = read.figures.filter(([name]) => column.near.includes(name)).sort((a, b) => column.near.indexOf(a[0]) - column.near.indexOf(b[0]));
  const other = read.figures.filter(([name]) => !column.near.includes(name));
  const kept = column.source.startsWith(TEXT) && !column.entries.some(([entry]) => TEXT + entry === column.source) ? [[column.source, column.source.slice(TEXT.length)]] : [];
  const source = chosen(t("map_source_of", { heading: column.heading }), column.source, [
    ["", [["leave", t("map_leave")]]],
    [t("map_group_entries"), [...kept, ...column.entries.map(([entry, means]) => [TEXT + entry, `${entry} ${means}`.trim()]), ...(column.before ? [[TEXT + column.before, t("map_before", { text: column.before })]] : [])]],
    [t("map_group_near"), near.map(figure)],
    [t("map_group_keys"), ["code", "name", "year"].map((key) => [key, t(`map_${key}`)])],
    [t("map_group_lines"), read.lines.length ? ["line", "row"].map((key) => [key, t(`map_${key}`)]) : []],
    [t("map_group_other"), other.map(figure)],
    [t("map_group_text"), [[TEXT, t("map_text")]]],
  ]);
  const measured = () => source.value === "row" || source.value.startsWith(FIGURE);
  const drawn = () => {
    const [, own] = read.figures.find(([name]) => FIGURE + name === source.value) || [];
    const kinds = source.value === "row" ? Object.values(read.units).flat() : read.units[own] || [];
    const digits = source.value === "code";
    const held = unit.value || (digits ? column.digits : "") || column.units.find((each) => kinds.some(([name]) => name === each)) || "";
    fill(unit, h("option", { value: "" }, digits ? t("map_digits_given") : kinds.length ? t("map_choose") : ""),
      (digits ? DIGITS.map((each) => [each, t("map_digits", { count: each })]) : kinds).map(([each, label]) => h("option", { value: each, selected: each === held }, label)));
    unit.hidden = !kinds.length && !digits;
    decimals.hidden = !kinds.length && !own && source.value !== "row";
    total.hidden = !measured();
    text.hidden = source.value !== TEXT;
    shown.classList.toggle("ask", open());
    fill(why, open() ? h("strong", { class: "asked" }, t("map_ask")) : source.value === column.source ? column.why : t("map_chosen"));
  };
  const why = h("td");
  const open = () => !source.value || (source.value === TEXT && !text.value.trim()) || (!unit.hidden && source.value !== "code" && !unit.value);
  const shown = h("tr", { onchange: drawn, oninput: drawn }, h("td", {}, column.column), h("th", { scope: "row" }, column.heading),
    h("td", {}, source, text), h("td", {}, unit), h("td", {}, decimals), h("td", {}, total), why);
  drawn();
  return { key: column.column, shown, open, measured, said: () => ({
    source: source.value === TEXT ? TEXT + text.value.trim() : source.value,
    unit: source.value === "code" ? "" : unit.value, digits: source.value === "code" ? unit.value : "", decimals: decimals.hidden ? "" : decimals.value,
    total: total.hidden ? "" : total.value.trim() }) };
}

function lineRow(line, read) {
  const near = read.figures.filter(([name]) => line.near.includes(name));
  const source = chosen(t("map_source_of", { heading: line.text }), line.figure, [
    [t("map_group_near"), near.map(([name, , label]) => [name, label])],
    [t("map_group_other"), read.figures.filter(([name]) => !line.near.includes(name)).map(([name, , label]) => [name, label])],
  ]);
  return { key: line.text, shown: h("p", { class: "line" }, h("label", {}, line.text, " ", source)), open: () => !source.value, said: () => source.value };
}

function figure([name, , label]) {
  return [FIGURE + name, label];
}

function chosen(label, given, groups) {
  return h("select", { "aria-label": label }, h("option", { value: "" }, t("map_choose")),
    groups.filter(([, options]) => options.length).map(([name, options]) => {
      const made = options.map(([value, text]) => h("option", { value, selected: value === given }, text));
      return name ? h("optgroup", { label: name }, made) : made;
    }));
}
