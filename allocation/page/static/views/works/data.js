// The table as it stands in its file, with what is wrong or in doubt beside each cell: mended and resolved right here.

import { ask, back, Gone } from "../../shell/api.js";
import { fill, h } from "../../shell/dom.js";
import { failure, tell } from "../../shell/told.js";
import { looking } from "../../shell/looking.js";
import { t } from "../../shell/words.js";
import { marksList } from "./data/marks.js";
import { mendsList } from "./data/mends.js";
import { readingForm } from "./data/reading.js";
import { Unfinished } from "./data/unfinished.js";
import { SIGNS, sheetGrid } from "./data/grid.js";

export async function show(place, work) {
  let look;
  try {
    look = await ask("data.look", { work: work.id });
  } catch (error) {
    fill(place, failure(error));
    return;
  }
  if (looking()) look.can_mend = t("look_no_mend");
  const view = new DataView(place, work, look);
  view.draw();
  await view.refresh();
}

class DataView {
  constructor(place, work, look) {
    Object.assign(this, { place, work, look, revision: look.revision, mends: look.mends, undone: [], marks: [] });
    this.beside = h("aside", { class: "marks", "aria-label": t("data_beside"), tabindex: "0" });
    this.mended = h("div", { class: "mended" });
    this.told = h("p", { class: "cell-told", role: "status", "aria-live": "polite" });
    this.above = h("div");
    this.unfinished = new Unfinished(work.id, ({ sheet, cell, text }) => this.fillIn(sheet, cell, text));
    this.queue = Promise.resolve();
  }

  draw() {
    const { look } = this;
    this.grid = sheetGrid(look, {
      changed: (cells) => this.mend(cells),
      selected: (cell) => this.tellCell(cell),
      typing: (cell, text) => this.unfinished.keep({ sheet: this.look.sheet, cell, text }),
      left: () => this.unfinished.drop(),
      undo: () => look.can_mend || this.undo(),
    });
    fill(this.place, this.above, look.can_mend ? null : this.unfinished.offer(),
      look.can_mend ? h("p", { class: "cannot" }, look.can_mend) : null,
      h("div", { class: "data-bar" },
        h("strong", {}, look.file),
        look.sheets.length > 1 ? h("label", {}, t("data_sheet"), " ", h("select", { onchange: (event) => this.open(event.target.value) },
          look.sheets.map((name) => h("option", { value: name, selected: name === look.sheet }, name)))) : null,
        look.left_out ? h("span", {}, t("data_left_out", { count: look.left_out })) : null,
        h("span", { class: "how" }, t("data_how"))),
      h("div", { class: "data" }, h("div", { class: "sheet" }, this.grid.element, this.told), this.beside),
      this.mended, readingForm(look.reading, look.sheets, (said) => this.choose(said)));
    this.grid.start();
    this.drawMends();
  }

  async open(sheet) {
    this.look = await ask("data.look", { work: this.work.id, sheet });
    if (looking()) this.look.can_mend = t("look_no_mend");
    this.revision = this.look.revision;
    this.mends = this.look.mends;
    this.draw();
    this.drawMarks();
  }

  // Changes go one after the other, each on the revision that the one before left.
  change(name, asked) {
    const run = async () => {
      try {
        const answer = await ask(name, { work: this.work.id, revision: this.revision, ...asked });
        this.revision = answer.revision;
        fill(this.above);
        return answer;
      } catch (error) {
        fill(this.above, failure(error));
        if (!(error instanceof Gone)) return null;
        await back();
        return run();
      }
    };
    this.queue = this.queue.then(run, run);
    return this.queue;
  }

  async again() {
    fill(this.above);
    await this.open(this.look.sheet);
    await this.refresh();
  }

  async mend(cells, remember = true) {
    const sheet = this.look.sheet;
    const said = () => Object.fromEntries(Object.keys(cells).map((cell) =>
      [cell, this.mends.find((mend) => mend.sheet === sheet && mend.cell === cell)?.new ?? null]));
    const before = said();
    const answer = await this.change("data.mend", { sheet, cells });
    if (!answer) {
      this.grid.restore();
      return;
    }
    this.unfinished.drop();
    this.mends = answer.mends;
    if (remember && Object.entries(said()).some(([cell, text]) => text !== before[cell])) this.undone.push({ sheet, cells: before });
    this.grid.put(answer.cells, new Set(this.mends.filter((mend) => mend.sheet === sheet).map((mend) => mend.cell)));
    this.drawMends();
    this.refreshSoon();
  }

  async fillIn(sheet, cell, text) {
    if (sheet !== this.look.sheet && this.look.sheets.includes(sheet)) await this.open(sheet);
    await this.mend({ [cell]: text });
    this.grid.select(cell);
  }

  async undo() {
    const last = this.undone.pop();
    if (!last) return;
    if (last.sheet !== this.look.sheet) await this.open(last.sheet);
    await this.mend(last.cells, false);
  }

  refreshSoon() {
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => this.refresh(), 250);
  }

  async refresh() {
    try {
      const answer = await ask("data.marks", { work: this.work.id });
      this.marks = answer.marks;
      if (answer.changed) fill(this.above, this.changedMeanwhile());
      this.drawMarks();
      if (this.cell) this.tellCell(this.cell);
    } catch (error) {
      fill(this.above, failure(error));
      if (error instanceof Gone) back().then(() => this.refresh());
    }
  }

  // The file was changed in another program after its cells were mended here.
  changedMeanwhile() {
    const decide = async (keep) => { if (await this.change("data.keep", { keep })) await this.again(); };
    return h("p", { class: "cannot" }, t("data_changed"), " ",
      h("button", { type: "button", onclick: () => decide(true) }, t("data_keep")), " ",
      h("button", { type: "button", onclick: () => decide(false) }, t("data_drop")));
  }

  drawMarks() {
    const mine = this.marks.filter((mark) => !mark.sheet || mark.sheet === this.look.sheet || this.look.sheets.length === 1);
    this.grid.mark(mine);
    fill(this.beside, marksList(this.marks, {
      go: (mark, cell) => this.go(mark, cell),
      choose: (choice) => this.chooseOne(choice),
      resolve: async (asked, done) => {
        if (!await this.change("data.resolve", asked)) return;
        done();
        await this.refresh();
      },
    }));
  }

  async go(mark, cell) {
    if (mark.sheet && mark.sheet !== this.look.sheet && this.look.sheets.includes(mark.sheet)) await this.open(mark.sheet);
    this.grid.select(cell);
  }

  tellCell(cell) {
    this.cell = cell;
    const told = this.marks.filter((mark) => mark.cells.includes(cell) && (!mark.sheet || mark.sheet === this.look.sheet));
    const mend = this.mends.find((entry) => entry.sheet === this.look.sheet && entry.cell === cell);
    fill(this.told, h("strong", {}, cell), " ",
      mend ? h("span", { class: "was" }, t("data_was", { old: mend.old || "—" }), " ") : null,
      told.map((mark) => h("span", { class: mark.kind }, `${SIGNS[mark.kind]} ${mark.text} `)));
  }

  async chooseOne(choice) {
    const { reading } = this.look;
    const { value } = choice;
    const said = { unused: [...reading.unused, value], rows: [...reading.rows.filter((row) => row.split("=")[0] !== value.split("=")[0]), value],
      sheet: value, year: Number(value), data_year: Number(value), reference: true }[choice.field];
    await this.choose({ [choice.field]: said });
  }

  async choose(said) {
    if (!await this.change("data.choose", said)) return;
    if ("sheet" in said) this.look.sheet = undefined; // that which is read now
    await this.again();
  }

  drawMends() {
    fill(this.mended, mendsList(this.mends, {
      reset: (mend) => this.reset([mend]),
      all: () => this.reset(this.mends),
      go: (mend) => this.go(mend, mend.cell),
      save: async () => {
        const answer = await this.change("data.save", {});
        if (!answer) return;
        this.undone = []; // those were cells of the other file
        tell(t("data_saved", { name: answer.name }));
        await this.again();
      },
    }));
  }

  async reset(mends) {
    for (const sheet of new Set(mends.map((mend) => mend.sheet))) {
      if (sheet !== this.look.sheet) await this.open(sheet);
      await this.mend(Object.fromEntries(mends.filter((mend) => mend.sheet === sheet).map((mend) => [mend.cell, null])));
    }
  }
}
