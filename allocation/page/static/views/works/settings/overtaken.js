// The work was changed in another tab: that is shown; what was typed here meanwhile is offered, and never wins unasked.

import { ask } from "../../../shell/api.js";
import { fill, h } from "../../../shell/dom.js";
import { failure, tell } from "../../../shell/told.js";
import { t } from "../../../shell/words.js";

// `typed`: what was handed in and refused; null where nothing was. `again()` draws the view as the work is now.
export async function overtaken(bar, live, typed, again) {
  if (!bar.isConnected) return;
  if (!typed) {
    tell(t("changed_elsewhere"));
    await again();
    return;
  }
  const view = bar.parentElement;
  for (const part of view.children) part.inert = true; // nobody types on what is no longer so
  const wrong = h("div");
  try {
    const now = await ask("settings.look", { work: live.work });
    if (same(typed, now)) return await again();
    const theirs = h("button", { type: "button", class: "main", onclick: again }, t("take_theirs"));
    const mine = h("button", { type: "button", onclick: async () => {
      try {
        await ask("settings.keep", { work: live.work, revision: now.revision, ...typed });
        await again();
      } catch (error) {
        fill(wrong, failure(error));
      }
    } }, t("take_mine"));
    view.prepend(h("section", { class: "problems overtaken", role: "alert" }, h("h2", {}, t("changed_elsewhere")),
      h("ul", {}, lines(typed, now).map((line) => h("li", {}, line))), h("p", { class: "buttons" }, theirs, " ", mine), wrong));
    theirs.focus();
  } catch (error) {
    view.prepend(failure(error));
  }
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
