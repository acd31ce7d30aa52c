// What must always be in sight beside figures: which run they are of, checks, what is still open, what is tried.

import { ask } from "../../../shell/api.js";
import { fill, h } from "../../../shell/dom.js";
import { failure, tell } from "../../../shell/told.js";
import { t } from "../../../shell/words.js";
import { saving } from "./saving.js";
import { overtaken } from "./overtaken.js";
import { items } from "./tried.js";

export class Bar {
  // `again()` draws the view anew, when all of it is another.
  constructor(live, shown, again) {
    this.live = live;
    this.shown = shown;
    this.again = () => { live.over = true; return staying(this.place, again); };
    this.signs = h("p", { class: "signs", role: "status", "aria-live": "polite" });
    this.below = h("div", { class: "tried" });
    this.restore = h("button", { type: "button", onclick: () => this.restored() }, t("restore"));
    this.save = h("button", { type: "button", class: "main", onclick: () => saving(live, shown, this.again) }, t("save"));
    this.place = h("div", { class: "bar" }, h("div", { class: "above" }, this.signs, this.restore, this.save), this.below);
    this.listed(shown.tried);
    live.hear((answer) => this.told(answer));
    live.overtaken = () => overtaken(this.place, live, this.again);
    if (live.contested) setTimeout(() => live.overtaken(), 0); // once this stands on the page
    const front = () => {
      if (this.place.isConnected) return document.hidden || live.glance();
      document.removeEventListener("visibilitychange", front);
      removeEventListener("focus", front);
    };
    document.addEventListener("visibilitychange", front);
    addEventListener("focus", front);
    live.failed = (error) => { if (error.name !== "AbortError") fill(this.signs, failure(error)); };
  }

  told(answer) {
    const asked = answer.checks.filter((check) => check.asked);
    const unmet = asked.filter((check) => !check.ok);
    const failed = unmet.filter((check) => check.severity === "error");
    const counted = (checks, said, kind = "sign") => checks.length ? h("span", { class: kind }, said(checks.length)) : null;
    const open = answer.doubts.filter((doubt) => !doubt.resolved).length;
    fill(this.signs,
      answer.table ? h("strong", { class: answer.exact ? "sign exact" : "sign trial" }, answer.exact ? t("run_exact") : t("run_floating"))
        : h("span", { class: "sign bad" }, "✗ ", unasked(answer).length || Object.keys(answer.beside).length ? t("cannot_run") : t("missing_first")),
      counted(failed, (count) => `✗ ${t("checks_failed", { count })}`, "sign bad"),
      unmet.length ? null : counted(asked, (count) => `✓ ${t("checks_held", { count })}`),
      counted(unmet.filter((check) => !failed.includes(check)), (count) => `! ${t("checks_unmet", { count })}`),
      counted(answer.checks.filter((check) => !check.asked), (count) => `— ${t("checks_unasked", { count })}`),
      open ? h("button", { type: "button", class: "sign to", onclick: () => toDoubts(this.live.work) }, `? ${t("doubts_open", { count: open })}`) : null,
      answer.tried.length ? h("span", { class: "sign" }, t("on_trial", { count: answer.tried.length })) : null,
      answer.standing.map((word) => h("span", { class: "sign" }, word)));
    this.listed(answer.tried);
  }

  // What is tried: old → new.
  listed(tried) {
    this.restore.disabled = !tried.length;
    this.save.disabled = !tried.length;
    fill(this.below, tried.length ? h("details", { open: this.below.querySelector("details")?.open || false },
      h("summary", {}, t("tried", { count: tried.length })),
      h("ul", {}, items(tried))) : null);
  }

  async restored() {
    try {
      await this.live.settled();
      await ask("settings.restore", { work: this.live.work, revision: this.live.revision });
      tell(t("restored"));
      await this.again();
    } catch (error) {
      fill(this.signs, failure(error));
    }
  }
}

// Whoever was in a field is in it again in the view that is drawn anew.
async function staying(bar, again) {
  const view = bar.parentElement;
  const held = document.activeElement;
  const name = held?.tagName === "INPUT" && view?.contains(held) ? held.getAttribute("aria-label") : null;
  await again();
  if (name && document.activeElement === document.body) [...view.querySelectorAll("input")].find((input) => input.getAttribute("aria-label") === name)?.focus();
}

// They are listed below the award table.
function toDoubts(work) {
  const heading = document.querySelector("section.doubts h2");
  if (!heading) {
    location.hash = `#/works/${work}/awards`;
    return;
  }
  heading.scrollIntoView({ block: "start" });
  heading.focus({ preventScroll: true });
}

// What is missing is asked for in the form, and needs no message.
export function unasked(answer) {
  return answer.problems.filter((problem) => !["run.lacking", "run.lacking_in_case"].includes(problem.id));
}
