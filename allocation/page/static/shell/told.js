// What is told beside a view: a line in the corner, or what is wrong, above what it is about.

import { back, Gone, Refused } from "./api.js";
import { fill, h } from "./dom.js";
import { t } from "./words.js";

let last = 0;

export function tell(text) {
  const place = document.getElementById("told");
  fill(place, text);
  clearTimeout(last);
  last = setTimeout(() => fill(place), 6000);
}

export function problems(list, heading = "") {
  if (!list.length) return null;
  return h("section", { class: "problems", role: "alert" },
    h("h2", {}, heading || t("wrong", { count: list.filter((problem) => !problem.advice).length })),
    h("ul", {}, list.map((problem) => h("li", { class: problem.advice ? "advice" : "" }, problem.text))));
}

export function failure(error) {
  if (error instanceof Gone) {
    const gone = h("section", { class: "problems", role: "alert" }, h("p", {}, t("gone")));
    back().then(() => gone.remove());
    return gone;
  }
  if (error instanceof Refused) return problems(error.problems);
  throw error;
}
