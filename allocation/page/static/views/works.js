// One work, a view for each thing one does with it; the address says which: #/works/<id>/<view>/<rest>.

import { ask } from "../shell/api.js";
import { fill, h } from "../shell/dom.js";
import { t } from "../shell/words.js";

// In the order of the work. Each is a file of `work/` with `show(place, work, rest)`.
const VIEWS = ["data", "settings", "awards", "see", "ask", "compare", "take"];

export async function show(place, [id, name = "data", ...rest]) {
  const work = await ask("work.look", { work: id });
  const below = h("div");
  fill(place,
    h("h1", {}, work.title, h("small", {}, work.label)),
    h("nav", { class: "views", "aria-label": t("views") }, VIEWS.map((view) =>
      h("a", { href: `#/works/${id}/${view}`, "aria-current": view === name ? "page" : undefined }, t(`view_${view}`)))),
    below);
  const view = await import(`./works/${VIEWS.includes(name) ? name : VIEWS[0]}.js`);
  await view.show(below, work, rest);
}
