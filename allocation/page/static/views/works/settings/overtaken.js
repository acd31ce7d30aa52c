// The work was changed in another tab: that is shown. Whoever types here types on; what is typed is offered whole, and
// never wins unasked.

import { Refused, ask } from "../../../shell/api.js";
import { fill, h } from "../../../shell/dom.js";
import { failure, tell } from "../../../shell/told.js";
import { t } from "../../../shell/words.js";

// `again()` draws the view as the work is now.
export async function overtaken(bar, live, again) {
  if (!bar.isConnected) return;
  if (live.idle && !live.typing) {
    tell(t("changed_elsewhere"));
    await again();
    return;
  }
  live.contested = true;
  const notice = h("section", { class: "problems overtaken", role: "alert" });
  bar.querySelector(".overtaken")?.remove();
  try {
    const now = await ask("settings.look", { work: live.work });
    if (!live.idle && same(live.waiting, now)) {
      live.drop();
      return await again();
    }
    fill(notice, ...offered(live, now, again, () => overtaken(bar, live, again)));
  } catch (error) {
    fill(notice, failure(error));
  }
  bar.append(notice);
}

// What is typed while this stands is listed too.
function offered(live, now, again, anew) {
  const wrong = h("div");
  const list = h("ul");
  live.typedOn = () => fill(list, lines(live.waiting, now).map((line) => h("li", {}, line)));
  live.typedOn();
  const theirs = h("button", { type: "button", class: "main", onclick: () => { live.drop(); again(); } }, t("take_theirs"));
  const mine = h("button", { type: "button", onclick: async () => {
    try {
      await ask("settings.keep", { work: live.work, revision: now.revision, ...live.waiting });
      live.drop();
      await again();
    } catch (error) {
      if (error instanceof Refused && error.status === 409) return anew();
      fill(wrong, failure(error));
    }
  } }, t("take_mine"));
  return [h("h2", {}, t("typed_meanwhile")), list, h("p", { class: "buttons" }, theirs, " ", mine), wrong];
}

// Whether all that was typed here stands there already: the answer was lost, or two typed the same.
function same(typed, now) {
  const settings = Object.fromEntries(now.blocks.flatMap((block) => block.settings.map((setting) => [setting.address, setting])));
  const facts = Object.fromEntries(now.facts.map((fact) => [fact.key, fact]));
  return Object.entries(typed.settings).every(([key, text]) => settings[key]?.given === text)
    && Object.entries(typed.facts).every(([key, text]) => facts[key]?.given === text)
    && Object.entries(typed.decided).every(([key, yes]) => settings[key]?.decided === yes);
}

function lines(typed, now) {
  const settings = Object.fromEntries(now.blocks.flatMap((block) => block.settings.map((setting) => [setting.address, { ...setting, label: [block.label, block.keyed && setting.item].filter(Boolean).join(" ") }])));
  const facts = Object.fromEntries(now.facts.map((fact) => [fact.key, fact]));
  const decided = (label, yes) => `${label} ${yes ? "✓" : "✗"}`;
  return [
    ...["settings", "facts"].flatMap((kind) => Object.entries(typed[kind]).map(([key, here]) => {
      const known = (kind === "facts" ? facts : settings)[key] || { label: key };
      return t("typed_here", { label: known.label, here: here || "—", there: known.given || known.value || "—" });
    })),
    ...Object.entries(typed.decided).map(([key, yes]) => decided(`${settings[key]?.label || key} ${t("decide")}`, yes)),
  ];
}
