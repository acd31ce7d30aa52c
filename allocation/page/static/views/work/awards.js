// The award table as it will print, and what is wrong with it or to be resolved.

import { ask } from "../../shell/api.js";
import { fill, h } from "../../shell/dom.js";
import { drawn } from "../../shell/table.js";
import { problems } from "../../shell/told.js";
import { t } from "../../shell/words.js";

export async function show(place, work) {
  const answer = await ask("work.awards", { work: work.id });
  fill(place,
    problems(answer.problems),
    answer.doubts.length ? h("section", { class: "doubts" }, h("h2", {}, t("doubts")),
      h("ul", {}, answer.doubts.map((doubt) => h("li", { class: doubt.resolved ? "resolved" : "open" }, doubt.text)))) : null,
    answer.table ? drawn(answer.table) : null,
    answer.checks.length ? h("ul", { class: "checks" }, answer.checks.map((check) =>
      h("li", { class: check.ok ? "held" : check.severity }, (check.ok ? "✓ " : "✗ ") + check.label + check.behind))) : null);
}
