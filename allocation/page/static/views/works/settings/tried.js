import { h } from "../../../shell/dom.js";
import { t } from "../../../shell/words.js";

// What is tried, a line each: what is listed here is what is saved.
export function items(tried) {
  return tried.map((entry) => h("li", { class: entry.wrong ? "bad" : "" }, entry.label, " ", words(entry)));
}

function words(entry) {
  if (entry.kind === "decision") return t("to_be_decided", { value: entry.new });
  if (entry.kind === "resolution") return t("resolved_with", { reason: entry.new });
  const moved = t("old_new", { old: entry.old || "—", new: entry.new });
  return entry.decided ? [moved, t("comma"), t("to_be_decided", { value: entry.new })] : moved;
}
