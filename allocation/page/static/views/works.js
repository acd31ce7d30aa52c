// One work, a view for each thing one does with it; the address says which: #/works/<id>/<view>/<rest>.

import { ask } from "../shell/api.js";
import { fill, h } from "../shell/dom.js";
import { shows } from "../shell/newer.js";
import { failure } from "../shell/told.js";
import { t } from "../shell/words.js";

// In the order of the work. Each is a file of `work/` with `show(place, work, rest)`.
const VIEWS = ["data", "settings", "awards", "see", "ask", "compare", "take"];
const LIVE = ["settings", "awards"]; // these say themselves what another window changed, beside what is typed here

export async function show(place, [id, name = "data", ...rest]) {
  const work = await ask("work.look", { work: id });
  const below = h("div");
  const above = h("div", { role: "status" });
  fill(place,
    h("h1", {}, work.title, h("small", {}, work.label)),
    h("nav", { class: "views", "aria-label": t("views") }, VIEWS.map((view) =>
      h("a", { href: `#/works/${id}/${view}`, "aria-current": view === name ? "page" : undefined }, t(`view_${view}`)))),
    above, below);
  if (!LIVE.includes(name)) watched(work, above, () => show(place, [id, name, ...rest]));
  const view = await import(`./works/${VIEWS.includes(name) ? name : VIEWS[0]}.js`);
  await view.show(below, work, rest);
}

// Says that another window has changed the work, and offers to draw the view as it is now: told by any call, or asked
// when this window comes to the front.
function watched(work, above, again) {
  shows(work.id, work.revision, () => above.isConnected && fill(above, h("p", { class: "cannot" }, t("work_newer"), " ",
    h("button", { type: "button", onclick: again }, t("work_reload")))));
  const front = () => {
    if (above.isConnected) return document.hidden || ask("work.look", { work: work.id }).catch((error) => fill(above, failure(error)));
    removeEventListener("focus", front);
  };
  addEventListener("focus", front);
}
