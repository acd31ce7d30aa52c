// A job: the command that runs, how far it is, what it told, and the files it wrote. `follow(place, job)` shows one from
// its answer at the start (any call that gives a job) until it is over, and gives the last answer.

import { address, ask } from "./api.js";
import { fill, h } from "./dom.js";
import { drawn } from "./table.js";
import { problems } from "./told.js";
import { t } from "./words.js";

const OVER = ["done", "refused", "fault", "cancelled"];
const PAUSE = 400; // milliseconds between two looks

export async function follow(place, job) {
  let shown = job;
  for (;;) {
    fill(place, jobShown(shown));
    if (OVER.includes(shown.state)) return shown;
    await new Promise((resolve) => setTimeout(resolve, PAUSE));
    if (!place.isConnected) return shown;
    shown = await ask("job.look", { job: job.id });
  }
}

export function jobShown(job) {
  const over = OVER.includes(job.state);
  const wrong = job.told.filter((line) => line.beside && line.text.trim());
  const told = job.told.filter((line) => !line.beside);
  return h("section", { class: `job ${job.state}`, "aria-label": t("job") },
    h("p", { class: "state", role: "status" },
      h("strong", {}, t(`job_state_${stateWord(job)}`)), h("span", { class: "progress" }, job.progress || seconds(job)),
      over ? null : h("button", { type: "button", onclick: () => ask("job.cancel", { job: job.id }) }, t("job_cancel"))),
    products(job.products),
    problems(job.problems),
    wrong.length ? h("pre", { class: "wrong", tabindex: "0" }, lines(wrong)) : null,
    job.answer.map((part) => (part.table ? drawn(part.table) : h("pre", { class: "told", tabindex: "0" }, part.text))),
    told.length ? h("pre", { class: "told", tabindex: "0" }, lines(told)) : null,
    h("p", { class: "words" }, t("job_words"), h("code", {}, job.words)));
}

export function products(names) {
  if (!names.length) return null;
  return h("section", { class: "products" }, h("h3", {}, t("job_products", { count: names.length })),
    h("ul", {}, names.map((name) => h("li", {}, h("a", { href: address(name), download: name.split("/").at(-1) }, name)))));
}

// A command that worked and says that not all is as it should be (a check, a county that is missing) is not refused;
// where it wrote no file, that is said with it.
function stateWord(job) {
  if (job.state !== "refused" || job.code !== 1) return job.state;
  return job.products.length ? "not_all" : "nothing_written";
}

function seconds(job) {
  return job.state === "waiting" ? "" : t("job_seconds", { seconds: Math.round(job.seconds) });
}

function lines(told) {
  return told.map((line) => line.text).join("\n").trimEnd();
}
