// The award table as it will print, live, beside the settings that matter; what is wrong with it or to be resolved.

import { ask } from "../../shell/api.js";
import { fill, h } from "../../shell/dom.js";
import { Live } from "../../shell/live.js";
import { Paper } from "../../shell/paper.js";
import { problems } from "../../shell/told.js";
import { t } from "../../shell/words.js";
import { Bar, unasked } from "./settings/bar.js";
import { Form } from "./settings/form.js";

export async function show(place, work) {
  const again = () => show(place, work);
  const shown = await ask("settings.look", { work: work.id });
  const live = new Live({ id: work.id, revision: shown.revision });
  const paper = new Paper({
    onfigure: (code, entry) => { location.hash = `#/works/${work.id}/ask/${encodeURIComponent(code)}/${encodeURIComponent(entry)}`; },
    wanted: (first) => { live.sight.first = first; live.look(live.latest.exact); },
  });
  const sheet = new Sheet(live, paper, shown.blocks.filter((block) => block.group === "missing"));
  const bar = new Bar(live, shown, again);
  const form = new Form(live, shown, false);
  fill(place, bar.place, h("div", { class: "beside" },
    h("section", { class: "column", "aria-label": t("view_settings") }, form.place,
      h("p", {}, h("a", { href: `#/works/${work.id}/settings` }, t("all_settings")))),
    sheet.place));
  await live.look();
}

// The paper with its title above, and below it what stands below the table; one of the tables of the run.
class Sheet {
  constructor(live, paper, missing) {
    this.missing = missing;
    this.live = live;
    this.paper = paper;
    this.wrong = h("div");
    this.title = h("strong");
    this.unit = h("span", { class: "unit" });
    this.tables = h("div", { class: "tables", role: "group", "aria-label": t("tables") });
    this.below = h("div", { class: "below-table" });
    this.place = h("section", { class: "sheet" }, this.wrong, this.tables,
      h("div", { class: "titled" }, this.title, this.unit), paper.place, this.below);
    live.hear((answer) => this.told(answer));
  }

  told(answer) {
    if (!answer.table && !this.drawn && this.live.before) this.draw(this.live.before);
    this.paper.place.hidden = !answer.table && !this.drawn;
    const beside = answer.table ? [] : Object.values(answer.beside).flat();
    fill(this.wrong, problems([...beside, ...unasked(answer)]), !answer.table && this.drawn ? h("p", { class: "before" }, t("figures_before")) : null,
      !answer.table && !this.drawn ? this.waiting(answer) : null);
    this.place.classList.toggle("stale", !answer.table);
    this.place.classList.toggle("floating", !answer.exact);
    if (answer.table) this.draw(answer);
  }

  draw(answer) {
    const { table } = answer;
    this.drawn = true;
    this.place.hidden = false;
    this.title.textContent = table.title;
    this.unit.textContent = table.unit;
    fill(this.tables, answer.tables.length > 1 ? answer.tables.map((key) => h("button", { type: "button", "aria-pressed": key === table.key ? "true" : "false",
      onclick: () => { Object.assign(this.live.sight, { table: key, first: 0 }); this.live.look(); } }, t(`table_${key}`))) : null);
    this.paper.show(table, answer.places, answer.size);
    fill(this.below, this.about(answer));
  }

  // Which of the settings beside must be filled in before there are figures.
  waiting({ tried }) {
    const given = new Set(tried.map((entry) => entry.key));
    const lacking = this.missing.filter((block) => block.settings.some((setting) => !setting.value && !given.has(setting.address)));
    return lacking.length ? h("section", { class: "waiting", role: "status" }, h("h2", {}, t("missing_first")),
      h("ul", {}, lacking.map((block) => h("li", {}, block.label, block.settings[0].unit ? h("small", {}, t("in_unit", { unit: block.settings[0].unit })) : null))),
      h("p", {}, t("figures_after"))) : null;
  }

  about({ table, checks, doubts }) {
    return [
      table.below.length ? h("dl", {}, table.below.map(([label, figure]) => h("div", {}, h("dt", {}, label), h("dd", {}, figure)))) : null,
      checks.length ? h("ul", { class: "checks" }, checks.map((check) =>
        h("li", { class: check.ok ? "held" : check.severity }, (check.asked ? check.ok ? "✓ " : check.severity === "error" ? "✗ " : "! " : "— ") + check.label + check.behind))) : null,
      doubts.length ? h("section", { class: "doubts" }, h("h2", { tabindex: -1 }, t("doubts")),
        h("ul", {}, doubts.map((doubt) => h("li", { class: doubt.resolved ? "resolved" : "open" },
          h("b", {}, doubt.resolved ? t("doubt_resolved") : t("doubt_open")), " ", doubt.text)))) : null,
      table.notes.length ? h("ul", { class: "notes" }, table.notes.map((note) => h("li", {}, note))) : null,
    ];
  }
}
