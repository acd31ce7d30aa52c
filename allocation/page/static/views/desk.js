// The first view: what is worked on, and one area to drop a file on.

import { ask } from "../shell/api.js";
import { fill, h } from "../shell/dom.js";
import { t } from "../shell/words.js";
import { dropArea } from "./desk/drop.js";
import { yearTable } from "./desk/year.js";

export async function show(place) {
  const desk = await ask("desk.look");
  const year = h("section", { class: "affairs" });
  fill(place,
    h("h1", {}, t("desk"), h("small", {}, desk.folder)),
    year,
    dropArea(),
    h("h2", {}, t("works")),
    desk.works.length
      ? h("ul", { class: "works" }, desk.works.map((work) => h("li", {}, h("a", { href: `#/work/${work.id}` }, work.title))))
      : h("p", {}, t("no_works")));
  await yearTable(year);
}
