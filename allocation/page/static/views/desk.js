// The first view: what is worked on, and one area to drop a file on.

import { ask, hand } from "../shell/api.js";
import { fill, h } from "../shell/dom.js";
import { failure } from "../shell/told.js";
import { t } from "../shell/words.js";

export async function show(place) {
  const desk = await ask("desk.look");
  const models = await ask("desk.models");
  fill(place,
    h("h1", {}, t("desk")),
    dropArea(place, models),
    h("h2", {}, t("works")),
    desk.works.length
      ? h("ul", { class: "works" }, desk.works.map((work) => h("li", {}, h("a", { href: `#/work/${work.id}` }, work.title))))
      : h("p", {}, t("no_works")));
}

function dropArea(place, models) {
  const told = h("div");
  const input = h("input", { type: "file", multiple: true, id: "file", onchange: () => taken([...input.files]) });
  const area = h("div", { class: "drop",
    ondragover: (event) => { event.preventDefault(); area.classList.add("over"); },
    ondragleave: () => area.classList.remove("over"),
    ondrop: (event) => { event.preventDefault(); area.classList.remove("over"); taken([...event.dataTransfer.files]); },
  }, h("label", { for: "file" }, t("drop")), input, told);

  async function taken(files) {
    try {
      for (const file of files) {
        const { name } = await hand(file);
        fill(told, h("p", {}, t("which_model", { name })), h("ul", {}, models.map((model) =>
          h("li", {}, h("button", { type: "button", onclick: () => begin(model.name, name) }, model.label)))));
      }
    } catch (error) {
      fill(told, failure(error));
    }
  }

  async function begin(model, table) {
    const work = await ask("desk.begin", { model, table });
    location.hash = `#/work/${work.id}`;
  }
  return area;
}
