// One area to drop anything on: what each file is taken for is said, with what speaks for it; nothing is asked that
// the file itself says.

import { address, ask, hand } from "../../shell/api.js";
import { fill, h } from "../../shell/dom.js";
import { failure, problems, tell } from "../../shell/told.js";
import { t } from "../../shell/words.js";

// What can be verified, by kind: the entry of that step which it is.
const VERIFIED = { result: "workbook", product: "workbook", paper: "--issued" };

export function dropArea() {
  const told = h("div", { class: "taken", "aria-live": "polite" });
  const files = h("input", { type: "file", multiple: true, id: "file", class: "unseen", onchange: () => chosen(files) });
  const folder = h("input", { type: "file", webkitdirectory: true, id: "folder", class: "unseen", onchange: () => chosen(folder) });
  const area = h("div", { class: "drop",
    ondragover: (event) => { event.preventDefault(); area.classList.add("over"); },
    ondragleave: () => area.classList.remove("over"),
    ondrop: async (event) => {
      event.preventDefault();
      area.classList.remove("over");
      await taken(await dropped(event.dataTransfer), told);
    },
  },
  h("p", { class: "drop-here" }, t("drop_here")),
  h("p", { class: "drop-kinds" }, t("drop_kinds")),
  h("p", { class: "drop-choose" },
    files, h("label", { class: "button main", for: "file" }, t("drop_choose")),
    folder, h("label", { class: "button", for: "folder" }, t("drop_folder"))));

  async function chosen(input) {
    const list = [...input.files].map((file) => ({ file, folder: (file.webkitRelativePath || "").split("/").at(-2) || "" }));
    input.value = "";
    await taken(list, told);
  }
  return h("section", { class: "dropping" }, area, told, nothingYet());
}

// What was dropped, as files with the folder that each lies in.
async function dropped(transfer) {
  const entries = [...transfer.items].map((item) => (item.webkitGetAsEntry ? item.webkitGetAsEntry() : null));
  if (!entries.some((entry) => entry && entry.isDirectory)) return [...transfer.files].map((file) => ({ file, folder: "" }));
  const list = [];
  for (const entry of entries.filter(Boolean)) list.push(...await within(entry, ""));
  return list;
}

async function within(entry, folder) {
  if (entry.isFile) return [{ file: await new Promise((give, fail) => entry.file(give, fail)), folder }];
  const reader = entry.createReader();
  const list = [];
  for (;;) {  // a browser gives a hundred at a time
    const some = await new Promise((give, fail) => reader.readEntries(give, fail));
    if (!some.length) break;
    for (const below of some) list.push(...await within(below, entry.name));
  }
  return list;
}

async function taken(given, told) {
  const hidden = given.filter(({ file }) => /^(\.|~\$)/.test(file.name));
  const list = given.filter((entry) => !hidden.includes(entry));
  const names = [];
  const refused = [];
  for (const { file, folder } of list) {
    fill(told, h("p", { class: "reading" }, t("drop_reading", { name: file.name })));
    try {
      names.push((await hand(file, folder || (list.length > 1 ? t("drop_received") : ""))).name);
    } catch (error) {
      refused.push(h("div", {}, h("strong", {}, file.name), failure(error)));
    }
  }
  try {
    const answer = names.length ? await ask("drop.recognise", { names }) : { files: [], returns: null };
    const together = answer.returns;
    const single = answer.files.filter((what) => !together || !together.names.includes(what.name));
    fill(told, refused, hidden.length ? h("p", {}, t("drop_skipped", { names: hidden.map(({ file }) => file.name).join("、") })) : null,
      together ? returned(together) : null, single.map(recognised));
    told.querySelector("button.main")?.focus();
  } catch (error) {
    fill(told, refused, failure(error));
  }
}

function returned(together) {
  return h("article", { class: "file" },
    h("h3", {}, `${together.folder}/`),
    h("p", {}, together.said),
    h("p", {}, h("button", { type: "button", class: "main",
      onclick: () => collect(together) }, t("drop_collect"))),
    h("p", { class: "names" }, together.names.map((name) => name.split("/").at(-1)).join("、")));
}

function collect({ model, folder }) {
  step("collect", { model, folder: folder || "." });
}

// A step of the week with these entries filled in.
function step(name, given) {
  location.hash = `#/week/${name}/${encodeURIComponent(`?${new URLSearchParams(given)}`)}`;
}

function recognised(what) {
  const more = h("div");
  const first = what.fits.length ? what.fits[0].model : what.model;
  return h("article", { class: "file", "data-kind": what.kind },
    h("h3", {}, what.name),
    what.kind === "unknown" ? null : h("p", { class: "said" }, what.said),
    problems(what.problems, what.kind === "case" ? t("drop_reading_wrong") : what.said),
    what.kind === "table" && !what.sure ? choices(what, what.fits.filter((fit) => fit.whole || fit === what.fits[0]), what.fits[0]) : null,
    h("p", { class: "acts" },
      opens(what) ? h("button", { type: "button", class: "main", onclick: () => begin(first, what.table) }, t("drop_start")) : null,
      VERIFIED[what.kind] ? h("button", { type: "button", class: opens(what) ? "" : "main", onclick: () => step("verify", { [VERIFIED[what.kind]]: what.name }) }, t("drop_verify")) : null,
      what.kind === "table" ? h("button", { type: "button", class: "quiet", "aria-expanded": "false",
        onclick: (event) => { event.target.setAttribute("aria-expanded", "true"); everyModel(what, more); } }, t("drop_other")) : null),
    more);
}

const opens = (what) => what.sure || ((what.kind === "case" || what.kind === "result") && what.model);

// The models that fit, with what speaks for each.
function choices(what, fits, best) {
  return h("div", {}, h("p", {}, t("drop_which", { name: what.name })), h("ul", { class: "fits" }, fits.map((fit) => h("li", {},
    h("button", { type: "button", class: fit === best ? "main" : "", onclick: () => begin(fit.model, what.table) }, fit.label), " ", fit.said))));
}

async function everyModel(what, place) {
  const models = await ask("desk.models");
  const said = new Map(what.fits.map((fit) => [fit.model, fit.said]));
  const order = [...what.fits.map((fit) => fit.model), ...models.map((model) => model.name).filter((name) => !said.has(name))];
  const labels = new Map(models.map((model) => [model.name, model.label]));
  fill(place, h("ul", { class: "fits" }, order.map((name) => h("li", {},
    h("button", { type: "button", onclick: () => begin(name, what.table) }, labels.get(name) || name), " ", said.get(name) || ""))));
}

async function begin(model, table = "") {
  const work = await ask("desk.begin", { model, table });
  location.hash = `#/works/${work.id}`;
}

// Samples and blank forms, for who has no table yet.
function nothingYet() {
  const place = h("div");
  const details = h("details", { class: "samples", ontoggle: async () => {
    if (!details.open || place.childElementCount) return;
    const [samples, models] = [await ask("drop.samples"), await ask("desk.models")];
    const there = new Set(samples.map((sample) => sample.sample));
    fill(place, h("p", {}, t("drop_illustrative")),
      h("table", {}, h("thead", {}, h("tr", {}, h("th", { scope: "col" }, t("drop_model")), h("th", { scope: "col" }, t("drop_sample")), h("th", { scope: "col" }, t("drop_blank")))),
        h("tbody", {}, models.map((model) => h("tr", {},
          h("th", { scope: "row" }, model.label),
          h("td", {}, there.has(model.name) ? h("button", { type: "button", class: "quiet", onclick: () => sample(model.name) }, t("drop_sample")) : "—"),
          h("td", {}, h("button", { type: "button", class: "quiet", onclick: () => blank(model.name) }, t("drop_blank"))))))));
  } }, h("summary", {}, t("drop_samples")), place);

  async function sample(model) {
    await begin((await ask("drop.sample", { sample: model })).name);
  }
  async function blank(model) {
    try {
      const { name } = await ask("drop.blank", { model });
      h("a", { href: address(name), download: name }).click();
      tell(t("drop_blank_made", { name }));
    } catch (error) {
      place.prepend(failure(error));
    }
  }
  return details;
}
