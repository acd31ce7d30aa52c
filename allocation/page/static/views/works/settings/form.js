// The settings of a work as a form: what is missing first, what nobody has decided on next, all others folded.

import { h } from "../../../shell/dom.js";
import { looking } from "../../../shell/looking.js";
import { t } from "../../../shell/words.js";

const FOLDED = "settled";

// `wide`: with all that one must know of a figure beside it, not only what one needs to set it.
export class Form {
  constructor(live, shown, wide) {
    this.live = live;
    this.wide = wide;
    this.fields = {};
    this.boxes = [];
    this.place = h("div", { class: wide ? "form wide-form" : "form" }, this.groups(shown), wide ? this.facts(shown.facts) : null);
    live.hear((answer) => this.told(answer));
    live.unkept = (typed) => this.unkept(typed);
  }

  groups(shown) {
    return ["missing", "open", FOLDED].map((group) => {
      const blocks = shown.blocks.filter((block) => block.group === group);
      if (!blocks.length) return null;
      const inside = group === FOLDED ? this.sections(blocks) : blocks.map((block) => this.block(block));
      return h("section", { class: `group ${group}` }, h("h2", {}, t(`group_${group}`, { count: blocks.length })), inside);
    });
  }

  // Those that rest on the same paper are folded together.
  sections(blocks) {
    const sections = new Map();
    for (const block of blocks) sections.set(block.source, [...(sections.get(block.source) || []), block]);
    return [...sections].map(([source, held]) =>
      h("details", { open: held.some((block) => block.settings.some((setting) => this.live.waiting.settings[setting.address] ?? setting.given)) },
        h("summary", {}, held.map((block) => block.label).join(t("comma")), source ? h("small", {}, source) : null),
        held.map((block) => this.block(block))));
  }

  block(block) {
    const { unit, range } = block.settings[0];
    const about = [unit && t("in_unit", { unit }), range].filter(Boolean).join(t("comma"));
    if (!this.wide) {
      return h("fieldset", { class: "block" }, h("legend", {}, block.label, h("small", {}, about)),
        block.settings.map((setting) => h("div", { class: "line" }, this.narrow(block, setting))),
        this.decide(block.settings.filter((setting) => setting.open), block.label));
    }
    return h("figure", { class: "block" },
      h("figcaption", {}, h("strong", {}, block.label), h("span", {}, about)),
      h("table", { class: "settings" },
        h("thead", {}, h("tr", {}, ["item", "last", "standing", "now", "origin", "state"].map((key) => h("th", { scope: "col", class: `of-${key}` }, t(`head_${key}`))),
          h("th", { scope: "col" }, t("head_basis")))),
        h("tbody", {}, block.settings.map((setting) => this.row(block, setting)))));
  }

  row(block, setting) {
    const { input, reset, wrong } = this.field(block, setting);
    return h("tr", {},
      h("th", { scope: "row" }, setting.item || setting.label),
      h("td", { class: "figure" }, setting.last || "—"),
      h("td", { class: "figure" }, setting.value || t("nothing_yet")),
      h("td", { class: "entry" }, h("div", { class: "entered" }, input, reset), wrong),
      h("td", {}, setting.origin || "—"),
      h("td", { class: "state" }, setting.state || (setting.value ? t("settled_by_law") : "—"),
        setting.open ? this.decide([setting], named(block, setting)) : null),
      h("td", { class: "basis" }, setting.basis));
  }

  narrow(block, setting) {
    const { input, reset, wrong } = this.field(block, setting);
    return [
      h("label", { for: input.id }, block.keyed ? setting.item || setting.label : t("head_now")),
      h("div", { class: "entered" }, input, reset), wrong,
    ];
  }

  field(block, setting) {
    return this.entered("settings", setting.address, named(block, setting), setting.given, setting.value);
  }

  // One thing that is typed: `old` is what stands where nothing is.
  entered(kind, key, name, kept, old, choices = []) {
    const given = this.live.waiting[kind][key] ?? kept; // typed here before a reload
    const place = Object.keys(this.fields).length;
    const wrong = h("p", { class: "wrong", id: `wrong${place}`, role: "alert", hidden: true });
    const list = choices.length ? h("datalist", { id: `list${place}` }, choices.map((text) => h("option", { value: text }))) : null;
    const input = h("input", {
      id: `field${place}`, value: given, placeholder: old, autocomplete: "off", spellcheck: "false", readonly: looking(), list: list ? list.id : undefined,
      "aria-label": name, "aria-describedby": wrong.id, class: given ? "given" : "",
      oninput: () => { mark(input, reset); this.live.try(kind, key, input.value); },
    });
    const reset = h("button", { type: "button", class: "reset", hidden: !given, tabindex: "-1", "aria-label": t("reset_one", { name }), title: t("reset"),
      onclick: () => { input.value = ""; mark(input, reset); this.live.try(kind, key, ""); input.focus(); } }, "↺");
    this.fields[key] = { kind, input, reset, wrong };
    return { input, reset, wrong, list };
  }

  // These figures are decided on as they stand.
  decide(settings, name) {
    if (!settings.length) return null;
    const box = h("input", { type: "checkbox", disabled: looking(), checked: settings.every((setting) => this.live.waiting.decided[setting.address] ?? setting.decided), "aria-label": t("decide_one", { name }),
      onchange: () => settings.forEach((setting) => this.live.try("decided", setting.address, box.checked)) });
    this.boxes.push({ box, keys: settings.map((setting) => setting.address) });
    return h("label", { class: "decide" }, box, settings.length > 1 ? t("decide_all") : t("decide"));
  }

  facts(facts) {
    return h("section", { class: "group facts" }, h("h2", {}, t("facts")),
      h("table", { class: "settings" },
        h("thead", {}, h("tr", {}, ["fact", "standing", "now"].map((key) => h("th", { scope: "col", class: `of-${key}` }, t(`head_${key}`))), h("th", { scope: "col" }, t("head_about")))),
        h("tbody", {}, facts.map((fact) => {
          const { input, reset, wrong, list } = this.entered("facts", fact.key, fact.label, fact.given, fact.value, fact.choices);
          return h("tr", {}, h("th", { scope: "row" }, fact.label), h("td", {}, fact.value || "—"),
            h("td", { class: "entry" }, h("div", { class: "entered" }, input, reset, list), wrong), h("td", { class: "basis" }, fact.about));
        }))));
  }

  // What the disk did not take stays as it was typed; the bar says why.
  unkept({ settings, facts }) {
    for (const [key, { wrong }] of Object.entries(this.fields)) {
      if (!(key in { ...settings, ...facts }) || wrong.textContent === t("not_kept")) continue;
      wrong.hidden = false;
      wrong.textContent = t("not_kept");
    }
  }

  // What an answer says of each field; what somebody is typing, or what is not kept yet, is left alone.
  told(answer) {
    const tried = Object.fromEntries(answer.tried.filter((entry) => entry.kind !== "decision").map((entry) => [entry.key, entry]));
    const decided = new Set(answer.tried.filter((entry) => entry.decided).map((entry) => entry.key));
    const { waiting } = this.live;
    for (const { box, keys } of this.boxes) if (!keys.some((key) => key in waiting.decided)) box.checked = keys.every((key) => decided.has(key));
    for (const [key, field] of Object.entries(this.fields)) {
      if (key in waiting[field.kind]) continue;
      const problems = answer.beside[key] || [];
      field.wrong.hidden = !problems.length;
      field.wrong.textContent = problems.map((problem) => problem.text).join("\n");
      field.input.setAttribute("aria-invalid", problems.length ? "true" : "false");
      const given = tried[key]?.new || "";
      if (document.activeElement !== field.input && field.input.value !== given) field.input.value = given;
      mark(field.input, field.reset);
    }
  }
}

function named(block, setting) {
  return block.keyed && setting.item ? `${block.label} ${setting.item}` : setting.label;
}

function mark(input, reset) {
  input.classList.toggle("given", Boolean(input.value));
  reset.hidden = !input.value;
}
