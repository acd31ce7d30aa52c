// A form made from the entries of a step. `form(entries, sources, begun)`: `sources` holds what can be chosen from
// (files, folders, models), `begun(filled)` is called with what was filled in, by entry, a list each.

import { hand } from "./api.js";
import { fill, h } from "./dom.js";
import { drafted } from "./keeping.js";
import { t } from "./words.js";

const BOOKS = /\.(xlsx|xlsm|xls|csv|docx|json|toml|part)$/i;

export function form(entries, sources, begun, given = {}, word = t("week_start")) {
  const fields = entries.map((entry) => ({ entry, field: field(entry, sources, given[entry.key] || []) }));
  const rest = fields.filter(({ entry }) => !entry.first);
  const start = h("button", { type: "submit", class: "main" }, word);
  const step = h("form", { class: "step", novalidate: true, onsubmit: (event) => { event.preventDefault(); begun(filled(fields), start).then((started) => started && draft.done()); } },
    fields.filter(({ entry }) => entry.first).map(({ field }) => field.row),
    rest.length ? h("details", {}, h("summary", {}, t("week_more", { count: rest.length })), rest.map(({ field }) => field.row)) : null,
    h("p", { class: "go" }, start));
  const draft = drafted(step, "step");
  named(fields, sources);
  return step;
}

function filled(fields) {
  const told = {};
  for (const { entry, field } of fields) {
    const values = field.values().filter((text) => text.trim());
    if (values.length) told[entry.key] = values;
  }
  return told;
}

function field(entry, sources, given) {
  const id = `entry-${entry.key.replace(/^-+/, "")}`;
  const made = MAKERS[entry.kind] ? MAKERS[entry.kind](id, entry, sources, given) : typed("text")(id, entry, sources, given);
  const label = h("label", { for: id }, entry.kind === "model" ? t("week_model") : entry.about, entry.needed ? h("strong", { class: "needed" }, t("week_needed")) : null);
  const place = h("div", { class: "field" }, made.shown);
  return { row: h("div", { class: `entry ${entry.kind}` }, label, place), values: made.values, place, input: made.shown, select: made.select };
}

// Beside what is typed in the program's names: a choice by what they are called, once a model is chosen.
function named(fields, sources) {
  const model = fields.find(({ entry }) => entry.kind === "model");
  const typedIn = fields.filter(({ entry }) => entry.names[0]);
  if (!model || !typedIn.length || !sources.names) return;
  const aids = typedIn.flatMap(({ entry, field }) => {
    const [kind, behind, second] = entry.names;
    const first = aid(entry, field, "named", t("week_by_name", { what: entry.about }), (held, value) => {
      const before = entry.many ? held.trimEnd() : "";
      return `${before}${before && "\n"}${value}${behind}`;
    });
    const next = second ? aid(entry, field, "unit", t("week_of_unit_named", { what: entry.about }), (held, value) => `${held.trimEnd().replace(/@[^\n@]*$/, "")}@${value}`) : null;
    return [{ choice: first, kind, word: t("week_choose_name") }, ...(next ? [{ choice: next, kind: second, word: t("week_of_unit") }] : [])];
  });
  const table = fields.find(({ entry }) => entry.key === "--input");
  let turn = 0; // what was asked before comes too late
  const drawn = async () => {
    const own = ++turn;
    const chosen = model.field.select.value;
    const data = table && !table.entry.many ? table.field.values()[0] || "" : "";
    const names = chosen ? await sources.names(chosen, data, new Set(aids.map(({ kind }) => kind))) : null;
    if (own !== turn) return;
    for (const { choice, kind, word } of aids) {
      const known = names ? names[kind] : [];
      choice.hidden = !known.length;
      fill(choice, h("option", { value: "" }, word), known.map(([value, label]) => h("option", { value }, label)));
    }
  };
  model.field.select.addEventListener("change", drawn);
  if (table) table.field.row.addEventListener("change", drawn);
  drawn();
}

// A choice that puts what is chosen into the field beside it.
function aid(entry, field, name, label, put) {
  const choice = h("select", { class: "aid", id: `${field.input.id}-${name}`, hidden: true, "aria-label": label, onchange: () => {
    field.input.value = put(field.input.value, choice.value);
    choice.value = "";
    field.input.dispatchEvent(new Event("input", { bubbles: true }));
    field.input.focus();
  } });
  field.place.append(choice);
  return choice;
}

const MAKERS = {
  flag: (id, entry, sources, given) => {
    const box = h("input", { type: "checkbox", id, checked: given.length > 0 });
    return { shown: box, values: () => (box.checked ? ["yes"] : []) };
  },
  choice: (id, entry, sources, given) => (entry.many ? boxes(id, entry, given) : chosen(id, [["", entry.choices]], entry, given)),
  model: (id, entry, sources, given) => chosen(id, [
    [t("week_models"), sources.models.map((model) => [model.name, model.label])],
    [t("week_files"), sources.files.filter((name) => /\.(xlsx|xlsm|xls|toml|json)$/i.test(name))],
  ], entry, given),
  folder: (id, entry, sources, given) => chosen(id, [["", sources.folders]], entry, given),
  file: (id, entry, sources, given) => ofFiles(id, entry, sources, given),
  named: (id, entry, sources, given) => ofFiles(id, entry, sources, given),
  attached: (id, entry, sources, given) => attached(id, entry, sources, given),
  year: (...all) => typed("number")(...all),
  whole: (...all) => typed("number")(...all),
  day: (...all) => typed("date")(...all),
};

function typed(type) {
  return (id, entry, sources, given) => {
    const input = entry.many
      ? h("textarea", { id, rows: 2, placeholder: t("week_one_a_line"), value: given.join("\n") })
      : h("input", { type, id, value: given[0] || entry.default, "aria-required": entry.needed });
    return { shown: input, values: () => (entry.many ? input.value.split("\n") : [input.value]) };
  };
}

function chosen(id, groups, entry, given) {
  const option = (choice) => {
    const [value, label] = Array.isArray(choice) ? choice : [choice, choice];
    return h("option", { value, selected: given.includes(value) || (!given.length && value === entry.default) }, label);
  };
  const select = h("select", { id, "aria-required": entry.needed, multiple: entry.many, size: entry.many ? 5 : undefined },
    entry.many ? null : h("option", { value: "" }, ""),
    groups.map(([name, choices]) => (name ? h("optgroup", { label: name }, choices.map(option)) : choices.map(option))));
  return { shown: select, select, option, values: () => [...select.selectedOptions].map((each) => each.value) };
}

function boxes(id, entry, given) {
  const made = entry.choices.map((choice, place) =>
    [choice, h("input", { type: "checkbox", id: place ? `${id}-${place}` : id, checked: given.includes(choice) })]);
  return {
    shown: made.map(([choice, box]) => h("label", { class: "box" }, box, choice)),
    values: () => made.filter(([, box]) => box.checked).map(([choice]) => choice),
  };
}

// Whether an entry can take a file: one of its own kinds, else any that the program reads.
function takes(entry, name) {
  const lower = name.toLowerCase();
  return entry.endings.length ? entry.endings.some((ending) => lower.endsWith(ending)) : BOOKS.test(name);
}

// A file that lies on the desk, or one handed in here.
function ofFiles(id, entry, sources, given) {
  const made = chosen(id, [["", sources.files.filter((name) => takes(entry, name) || given.includes(name))]], entry, given);
  const told = h("span", { role: "status" });
  const input = h("input", { type: "file", hidden: true, multiple: entry.many, accept: entry.endings.join(",") || undefined, onchange: async () => {
    try {
      for (const file of input.files) {
        const { name } = await hand(file);
        const there = [...made.select.options].find((each) => each.value === name) || made.select.appendChild(made.option(name));
        there.selected = true;
      }
      fill(told);
    } catch (error) {
      fill(told, error.message);
    }
  } });
  const other = h("button", { type: "button", "aria-label": t("week_hand_in", { what: entry.about }), onclick: () => input.click() }, t("week_other_file"));
  return { shown: [made.select, other, input, told], values: made.values };
}

// A file, and which of it: both are one word, with @ between them.
function attached(id, entry, sources, given) {
  const [file, ...rest] = (given[0] || "").split("@");
  const made = ofFiles(id, entry, sources, file ? [file] : []);
  const which = h("input", { type: "text", class: "which", id: `${id}-which`, value: rest.join("@"), "aria-label": t("week_which_of", { what: entry.about }), placeholder: t("week_which") });
  return { shown: [made.shown, which], values: () => Array.from(made.values(), (name) => name && name + (which.value.trim() ? `@${which.value.trim()}` : "")) };
}
