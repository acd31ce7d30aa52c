// The cell that somebody is typing in: kept in the tab from key to key, and offered when it was never entered.

import { fill, h } from "../../../shell/dom.js";
import { t } from "../../../shell/words.js";

export class Unfinished {
  constructor(work, enter) {
    this.key = `cell ${work}`;
    this.enter = enter;
  }

  keep(cell) {
    sessionStorage.setItem(this.key, JSON.stringify(cell));
  }

  drop() {
    sessionStorage.removeItem(this.key);
  }

  offer() {
    const kept = JSON.parse(sessionStorage.getItem(this.key));
    if (!kept) return null;
    const place = h("p", { class: "cannot unfinished" }, t("data_unfinished", kept), " ",
      h("button", { type: "button", onclick: () => { fill(place); this.enter(kept); } }, t("data_unfinished_enter")), " ",
      h("button", { type: "button", onclick: () => { fill(place); this.drop(); } }, t("data_unfinished_drop")));
    return place;
  }
}
