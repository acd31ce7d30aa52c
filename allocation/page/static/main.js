// The page: its head, the view that the address names, and nothing else.

import { back, Gone } from "./shell/api.js";
import { fill, h } from "./shell/dom.js";
import { looking } from "./shell/looking.js";
import { keepFocus, kept } from "./shell/keeping.js";
import { failure } from "./shell/told.js";
import { lang, load, speak, t } from "./shell/words.js";

// The views: what stands behind # in an address, up to the first slash; each is a file with `show(place, rest)`.
const VIEWS = { "": "desk", works: "works", week: "week" };

async function show() {
  const [name, ...rest] = decodeURIComponent(location.hash.replace(/^#\/?/, "")).split("/");
  const place = h("div"); // of this view alone: one that comes later than the next has no place any more
  fill(document.getElementById("view"), place);
  draw();
  const view = await import(`./views/${VIEWS[name] || VIEWS[""]}.js`);
  try {
    await view.show(place, rest);
  } catch (error) {
    fill(place, h("h1", {}, t("title")), failure(error));
    if (error instanceof Gone) back().then(() => place.isConnected && show());
  }
}

function draw() {
  const other = lang() === "zh" ? "en" : "zh";
  const look = looking();
  document.title = t("title");
  document.body.classList.toggle("looking", look);
  fill(document.getElementById("head"),
    h("a", { class: "skip", href: "#view", onclick: (event) => { event.preventDefault(); document.getElementById("view").focus(); } }, t("skip")),
    h("a", { class: "name", href: "#/" }, t("title")),
    h("nav", { "aria-label": t("nav") }, h("a", { href: "#/" }, t("nav_desk")), look ? null : h("a", { href: "#/week" }, t("nav_week"))),
    h("a", { href: (look ? location.pathname : "?look=1") + location.hash }, look ? t("look_all") : t("look_only")),
    h("button", { type: "button", lang: other === "zh" ? "zh-CN" : "en", id: "language", onclick: () => spoken(other) },
      t("other_language")));
}

// The other language, in the middle of whatever somebody was typing.
async function spoken(other) {
  const again = kept(document.getElementById("view"));
  speak(other);
  await load();
  await show();
  again();
  document.getElementById("language").focus();
}

await load();
keepFocus(document.getElementById("view"));
addEventListener("hashchange", async () => { await show(); document.getElementById("view").focus(); });
await show();
