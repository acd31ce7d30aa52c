// The week in its order: #/week/<step>/<file of the desk that it begins with>, or …/?<entry>=<value>&….

import { ask } from "../shell/api.js";
import { fill, h } from "../shell/dom.js";
import { form } from "../shell/form.js";
import { follow } from "../shell/job.js";
import { signing } from "../shell/signing.js";
import { failure } from "../shell/told.js";
import { t } from "../shell/words.js";
import { mapping } from "./week/mapping.js";

// Steps of which more must be known than what they are for: texts of their own.
const HINTED = ["collect", "template", "run", "verify", "import_map", "fill", "import_check"];
// What the step that reads a mapping asks column by column, once the template is read.
const LATER = ["--column", "--row-figure", "--leave-rows", "--to", "--out", "--batch"];

export async function show(place, [name = "collect", ...file]) {
  const [groups, step, desk, models] = await Promise.all(
    [ask("week.steps"), ask("week.step", { step: name }), ask("desk.look"), ask("desk.models")]);
  const told = h("div", { class: "outcome" });
  const folders = [...new Set([".", ...desk.files.flatMap(above)])].sort();
  const sources = { files: desk.files, folders, models, names };
  const first = step.entries.find((entry) => ["model", "file"].includes(entry.kind));
  const said = file.join("/");
  const given = said.startsWith("?") ? Object.fromEntries([...new URLSearchParams(said)].map(([key, value]) => [key, [value]]))
    : first && said ? { [first.key]: [said] } : {};

  const reads = name === "import_map";
  const entries = reads ? step.entries.filter((entry) => !LATER.includes(entry.key)) : step.entries;

  async function begun(filled, button) {
    button.disabled = true;
    let started = false;
    try {
      const signed = name === "run" ? await signing(await ask("week.signing", { step: name, filled })) : "";
      if (signed === null) {
        button.disabled = false;
        button.focus();
        return false;
      }
      if (reads) await mapping(told, templateOf(filled));
      else {
        const job = await ask("week.start", { step: name, filled, signed });
        started = true;
        await follow(told, job);
      }
    } catch (error) {
      fill(told, failure(error));
    }
    button.disabled = false;
    told.scrollIntoView({ block: "nearest" });
    return started;
  }

  fill(place, h("h1", {}, t("nav_week")), h("div", { class: "week" },
    h("nav", { "aria-label": t("week_steps") }, groups.map((group) => [
      h("h2", {}, t(`week_group_${group.group}`)),
      h("ol", {}, group.steps.map((each) => h("li", {}, h("a", {
        href: `#/week/${each.step}`, "aria-current": each.step === name ? "page" : undefined }, t(`week_step_${each.step}`))))),
    ])),
    h("section", {}, h("h2", {}, t(`week_step_${name}`)), h("p", { class: "about" }, step.about),
      HINTED.includes(name) ? h("p", { class: "hint" }, t(`week_hint_${name}`)) : null,
      form(entries, sources, begun, given, reads ? t("map_read_template") : t("week_start")), told)));
}

// What is typed in names, with the doubts where an entry takes one: these are known only once all is worked out.
async function names(model, table, kinds) {
  const [known, doubts] = await Promise.all([ask("week.names", { model }), kinds.has("doubts") ? ask("week.doubts", { model, table }) : []]);
  return { ...known, doubts: doubts.map(({ id, text }) => [id, text]) };
}

function templateOf(filled) {
  const said = (key) => (filled[key] || [""])[0];
  return { template: said("received"), model: said("model"), year: Number(said("--year")) || null, sheet: said("--sheet"),
    headings: said("--headings"), mapping: said("--mapping"), before: said("--before") };
}

function above(name) {
  const parts = name.split("/").slice(0, -1);
  return parts.map((_, place) => parts.slice(0, place + 1).join("/"));
}
