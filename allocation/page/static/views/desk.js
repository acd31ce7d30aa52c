// The first view: what is worked on, and one area to drop a file on.

import { ask } from "../shell/api.js";
import { fill, h } from "../shell/dom.js";
import { failure } from "../shell/told.js";
import { t } from "../shell/words.js";
import { dropArea } from "./desk/drop.js";
import { yearTable } from "./desk/year.js";

export async function show(place) {
  const desk = await ask("desk.look");
  const year = h("section", { class: "affairs" });
  fill(place,
    h("h1", {}, t("desk"), h("small", {}, desk.folder)),
    desk.more ? h("p", { class: "note", role: "status" }, t("files_left")) : null,
    year,
    dropArea(),
    h("h2", {}, t("works")),
    desk.works.length
      ? h("ul", { class: "works" }, desk.works.map((work) => listed(work, place)))
      : h("p", {}, t("no_works")));
  await yearTable(year);
}

// Two works of one file differ by their model and by when something was last typed.
function listed(work, place) {
  const acts = h("span", { class: "acts" });
  const begin = () => fill(acts, h("button", { type: "button", class: "quiet", "aria-label": t("work_forget_one", { title: work.title }), onclick: asked }, t("work_forget")));
  function asked() {
    const stay = h("button", { type: "button", onclick: begin }, t("work_keep"));
    fill(acts, h("span", {}, t("work_forget_asked")),
      h("button", { type: "button", onclick: gone }, t("work_forget_yes")), stay);
    stay.focus();
  }
  async function gone() {
    try {
      await ask("desk.forget", { work: work.id });
      await show(place);
    } catch (error) {
      fill(acts, failure(error));
    }
  }
  begin();
  return h("li", {}, h("a", { href: `#/works/${work.id}` }, work.title), h("span", { class: "which" }, work.label),
    h("span", { class: "when" }, t("work_changed", { when: work.changed })), acts);
}
