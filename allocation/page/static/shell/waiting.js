// What may take long: a quiet line says that it is being worked out, and after a second for how long and how to end it.
// `waited(place, call)` gives the answer of `call(signal)`, null once somebody ended it, went
// elsewhere or asked something else there.

import { fill, h } from "./dom.js";
import { t } from "./words.js";

const QUIET = 1000; // milliseconds in which most is answered

export async function waited(place, call) {
  const ends = new AbortController();
  const since = performance.now();
  const clock = h("span", { "aria-hidden": "true" }); // nobody has the seconds read out to him
  const cancel = h("button", { type: "button", class: "quiet", hidden: true, onclick: () => ends.abort() }, t("job_cancel"));
  const line = h("p", { class: "busy" }, h("span", { role: "status" }, t("ask_busy")), " ", clock, " ", cancel);
  fill(place, line);
  const ticking = setInterval(() => {
    if (!line.isConnected) return ends.abort();
    cancel.hidden = false;
    clock.textContent = t("job_seconds", { seconds: Math.round((performance.now() - since) / 1000) });
  }, QUIET);
  try {
    const answer = await call(ends.signal);
    return line.isConnected ? answer : null;
  } catch (error) {
    if (error.name !== "AbortError") throw error;
    if (line.isConnected) fill(place, h("p", { class: "none" }, t("ask_ended")));
    return null;
  } finally {
    clearInterval(ticking);
  }
}
