// What is tried in a work, live: one question at a time, the newest answer wins, and the exact run when typing pauses.
// What is typed is on the server's disk with every answer; what could not be handed over yet is kept and handed again.

import { see } from "./seen.js";
import { ask, Gone, Refused } from "./api.js";

const PAUSE = 500; // milliseconds without typing, after which the exact run is asked for
const AGAIN = 1500; // until a server that is gone is asked again
const seen = new Map(); // by work: the newest answer with figures, whichever view asked for it
const KINDS = ["settings", "facts", "decided"];

export class Live {
  constructor(work) {
    this.work = work.id;
    this.revision = work.revision;
    this.sight = { table: "award", first: 0, count: 120 };
    this.kept = `typed ${this.work}`;
    this.waiting = JSON.parse(sessionStorage.getItem(this.kept)) || { settings: {}, facts: {}, decided: {} };
    this.timer = this.idle ? 0 : setTimeout(() => this.hand(), 0); // typed while the server was gone
    this.busy = false;
    this.typedAt = null;
    this.listeners = [];
    this.failed = () => {};
    this.overtaken = () => {};
    this.over = false; // this view is drawn anew, or waits for a choice
  }

  // `listener(answer)` is called with every answer that is the newest.
  hear(listener) {
    this.listeners.push(listener);
  }

  try(kind, key, value) {
    this.typedAt ??= performance.now();
    this.waiting[kind][key] = value;
    clearTimeout(this.timer);
    this.exactly?.abort();
    this.hand();
  }

  // The newest answer with figures; none where there was none yet in this window.
  get before() {
    return seen.get(this.work);
  }

  get idle() {
    return KINDS.every((kind) => !Object.keys(this.waiting[kind]).length);
  }

  async hand() {
    if (this.over || this.busy || this.idle) return;
    this.busy = true;
    const handed = this.waiting;
    const typedAt = this.typedAt;
    this.waiting = { settings: {}, facts: {}, decided: {} };
    this.typedAt = null;
    let answer = null;
    try {
      answer = await ask("settings.try", { work: this.work, revision: this.revision, ...handed, exact: false, ...this.sight });
    } catch (error) {
      for (const kind of KINDS) this.waiting[kind] = { ...handed[kind], ...this.waiting[kind] };
      this.typedAt ??= typedAt;
      await this.refused(error);
    }
    this.busy = false;
    if (!answer) return;
    sessionStorage.removeItem(this.kept);
    this.revision = answer.revision;
    if (!this.idle) return this.hand();
    this.tell(answer, typedAt);
    this.timer = setTimeout(() => this.look(), PAUSE);
  }

  // Where another tab changed the work meanwhile, nothing typed here wins over it unasked: `overtaken` is told of it.
  async refused(error) {
    this.failed(error);
    if (error instanceof Gone) {
      sessionStorage.setItem(this.kept, JSON.stringify(this.waiting));
      this.timer = setTimeout(() => this.hand(), AGAIN);
      return;
    }
    sessionStorage.removeItem(this.kept); // the server has answered: what another tab changed is not overwritten by a reload
    if (error instanceof Refused && error.status === 409) {
      const typed = this.waiting;
      this.waiting = { settings: {}, facts: {}, decided: {} };
      this.over = true;
      this.overtaken(typed);
    } else if (error instanceof Refused) this.waiting = { settings: {}, facts: {}, decided: {} };
    else throw error;
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
    if (this.over || this.busy || !this.idle) return false;
    if (revision <= this.revision) return true;
    this.over = true;
    this.overtaken(null);
    return false;
  }

  tell(answer, typedAt) {
    this.latest = answer;
    see(this.work, answer.seal);
    if (answer.table) seen.set(this.work, answer);
    for (const listener of this.listeners) listener(answer);
    if (typedAt !== null) requestAnimationFrame(() => setTimeout(() => performance.measure("figures", { start: typedAt })));
  }

  // Waits until all that was typed is on the disk.
  async settled() {
    while (this.busy || !this.idle) await new Promise((done) => setTimeout(done, 20));
  }
}
