// What is tried in a work, live: what is typed is kept in this window at once and on the server's disk before anything is
// worked out; then one question at a time, the newest answer wins, and the exact run when typing pauses.

import { see } from "./seen.js";
import { ask, Gone, Refused } from "./api.js";

const PAUSE = 500; // milliseconds without typing, after which the exact run is asked for
const TYPING = 3000; // milliseconds after a key for which somebody is taken to type on
const AGAIN = 1500; // until a server that is gone is asked again
const seen = new Map(); // by work: the newest answer with figures, whichever view asked for it
const KINDS = ["settings", "facts", "decided"];

const nothing = () => ({ settings: {}, facts: {}, decided: {} });
const idle = (typed) => KINDS.every((kind) => !Object.keys(typed[kind]).length);
const both = (before, after) => Object.fromEntries(KINDS.map((kind) => [kind, { ...before[kind], ...after[kind] }]));

export class Live {
  constructor(work) {
    this.work = work.id;
    this.revision = work.revision;
    this.sight = { table: "award", first: 0, count: 120 };
    this.kept = `typed ${this.work}`;
    const stored = JSON.parse(sessionStorage.getItem(this.kept));
    this.waiting = both(nothing(), stored || nothing()); // typed, and not yet on the disk
    this.contested = Boolean(stored?.contested); // another tab changed the work: it waits for a choice
    this.handed = nothing(); // on its way there
    this.timer = this.idle || this.contested ? 0 : setTimeout(() => this.hand(), 0);
    this.busy = false;
    this.figuring = false;
    this.typedAt = null;
    this.typedLast = -Infinity;
    this.typedOn = () => {}; // called with what is typed while the work is contested
    this.trouble = null; // why the disk did not take it
    this.listeners = [];
    this.failed = () => {};
    this.unkept = () => {};
    this.overtaken = () => {};
    this.over = this.contested; // this view is drawn anew, or waits for a choice
  }

  // `listener(answer)` is called with every answer that is the newest.
  hear(listener) {
    this.listeners.push(listener);
  }

  try(kind, key, value) {
    this.typedAt ??= performance.now();
    this.typedLast = performance.now();
    this.waiting[kind][key] = value;
    this.store();
    if (this.contested) return this.typedOn();
    clearTimeout(this.timer);
    this.exactly?.abort();
    this.hand();
  }

  // A reload finds it, whatever the server is doing.
  store() {
    const typed = both(this.handed, this.waiting);
    if (idle(typed)) sessionStorage.removeItem(this.kept);
    else sessionStorage.setItem(this.kept, JSON.stringify({ ...typed, contested: this.contested }));
  }

  // What is typed here is given up for what another tab typed, or has been handed in.
  drop() {
    this.contested = false;
    this.waiting = nothing();
    this.store();
  }

  get typing() {
    return performance.now() - this.typedLast < TYPING;
  }

  // The newest answer with figures; none where there was none yet in this window.
  get before() {
    return seen.get(this.work);
  }

  get idle() {
    return idle(this.waiting);
  }

  // What was typed goes to the disk, one change after the other; then what it comes to is asked for.
  async hand() {
    if (this.over || this.busy || this.idle) return;
    this.busy = true;
    this.handed = this.waiting;
    this.waiting = nothing();
    let answer = null;
    try {
      answer = await ask("settings.keep", { work: this.work, revision: this.revision, ...this.handed });
    } catch (error) {
      this.waiting = both(this.handed, this.waiting);
      this.refused(error);
    }
    this.handed = nothing();
    this.busy = false;
    if (!answer) return;
    this.store();
    this.revision = answer.revision;
    this.trouble = null;
    if (this.idle) this.figure();
    else this.hand();
  }

  // Where another tab changed the work meanwhile, nothing typed here wins over it unasked: `overtaken` is told of it.
  // What the disk did not take stays typed, is told beside its field, and is handed again.
  refused(error) {
    if (this.trouble?.message !== error.message) this.failed(error); // once
    if (!(error instanceof Gone || error instanceof Refused)) throw error;
    if (error.status === 409) {
      this.contested = true; // also after a reload
      this.over = true;
      this.store();
      this.overtaken();
      return;
    }
    this.trouble = error instanceof Refused ? error : null;
    if (this.trouble) this.unkept(this.waiting);
    this.timer = setTimeout(() => this.hand(), AGAIN);
  }

  // In floats, one question at a time: where somebody typed on meanwhile it is asked once more.
  async figure() {
    if (this.figuring) return;
    this.figuring = true;
    let answer = null;
    try {
      for (let asked = null; asked !== this.revision && !this.over;) {
        asked = this.revision;
        answer = await ask("figures.look", { work: this.work, exact: false, ...this.sight });
      }
    } catch (error) {
      answer = null;
      this.failed(error);
      if (error instanceof Gone) this.timer = setTimeout(() => this.figure(), AGAIN);
    }
    this.figuring = false;
    if (!answer || !this.still(answer.revision)) return;
    const typedAt = this.typedAt;
    this.typedAt = null;
    this.tell(answer, typedAt);
    this.timer = setTimeout(() => this.look(), PAUSE);
  }

  // The exact run, or the same answer for other lines.
  async look(exact = true) {
    if (this.over) return;
    this.exactly?.abort();
    const controller = new AbortController();
    this.exactly = controller;
    try {
      const answer = await ask("figures.look", { work: this.work, exact, ...this.sight }, controller.signal);
      if (controller.signal.aborted || !this.still(answer.revision)) return;
      this.tell(answer, null);
    } catch (error) {
      if (error.name === "AbortError") return;
      this.failed(error);
      if (error instanceof Gone) this.timer = setTimeout(() => this.look(exact), AGAIN);
    }
  }

  // Whether the work is as this tab knows it: asked when the tab comes to the front.
  async glance() {
    if (this.over || this.busy || !this.idle) return;
    try {
      this.still((await ask("work.look", { work: this.work })).revision);
    } catch (error) {
      this.failed(error);
    }
  }

  still(revision) {
    if (this.over || this.busy || !this.idle && !this.trouble) return false;
    if (revision <= this.revision) return true;
    this.over = true;
    this.overtaken();
    return false;
  }

  tell(answer, typedAt) {
    this.latest = answer;
    see(this.work, answer.seal);
    if (answer.table) seen.set(this.work, answer);
    for (const listener of this.listeners) listener(answer);
    if (typedAt !== null) requestAnimationFrame(() => setTimeout(() => performance.measure("figures", { start: typedAt })));
  }

  // Waits until all that was typed is on the disk; throws why that does not take it.
  async settled() {
    while (this.busy || !this.idle) {
      if (this.trouble && !this.busy) throw this.trouble;
      await new Promise((done) => setTimeout(done, 20));
    }
  }
}
