// Take away: what the commands write, made by them; what holds a thing back is said before anybody asks for it.

import { address, ask } from "../../shell/api.js";
import { fill, h } from "../../shell/dom.js";
import { follow } from "../../shell/job.js";
import { seen } from "../../shell/seen.js";
import { signing } from "../../shell/signing.js";
import { failure, problems, tell } from "../../shell/told.js";
import { t } from "../../shell/words.js";

export async function show(place, work) {
  const shown = await ask("take.look", { work: work.id });
  const outcome = h("div", { class: "outcome" });
  let { revision } = shown;
  const seal = seen(work.id) || shown.seal; // of the figures that were looked at before

  async function begin(key, reason, button) {
    button.disabled = true;
    button.closest("li").append(outcome); // what is told of a thing stands below its own button
    try {
      const signed = await signing(await ask("take.signing", { work: work.id, revision, product: key, reason, seal }));
      if (signed === null) {
        button.disabled = false;
        return button.focus();
      }
      const job = await ask("take.start", { work: work.id, revision, product: key, reason, seal, signed });
      revision += 1;
      outcome.scrollIntoView({ block: "nearest" });
      const last = await follow(outcome, job);
      outcome.scrollIntoView({ block: "nearest" });
      const sizes = last.products?.length ? await ask("take.sizes", { work: work.id, files: last.products }) : [];
      if (sizes.length) outcome.querySelector("section.products")?.replaceWith(files(sizes));
    } catch (error) {
      fill(outcome, failure(error));
    }
    button.disabled = false;
  }

  // Mended cells become a file first, with which the work goes on.
  async function save(button) {
    button.disabled = true;
    try {
      const { name } = await ask("data.save", { work: work.id, revision });
      tell(t("data_saved", { name }));
      await show(place, work);
    } catch (error) {
      fill(outcome, failure(error));
      place.prepend(outcome);
      button.disabled = false;
    }
  }

  fill(place, problems(shown.problems), shown.mends ? h("p", { class: "tried-note" }, t("take_mends", { count: shown.mends }), " ",
    h("button", { type: "button", class: "main", onclick: (event) => save(event.target) }, t("mends_save"))) : null,
    shown.tried ? h("p", { class: "tried-note" }, t("take_tried", { count: shown.tried })) : null,
    shown.reasons.length ? h("section", { class: "held" }, h("h2", {}, t("take_first")), h("ol", {}, shown.reasons.map((problem) => h("li", {}, problem.text)))) : null,
    h("ul", { class: "taken" }, shown.products.map((product) => h("li", {}, offered(product, begin, shown.mends > 0)))));
}

function offered(product, begin, unsaved) {
  const held = unsaved || product.held.length > 0;
  const reason = product.reasoned ? h("input", { id: `reason_${product.key}`, autocomplete: "off" }) : null;
  const button = h("button", { type: "button", "aria-label": `${t("take_make")} ${t(`take_${product.key}`)}`, disabled: held, onclick: () => begin(product.key, reason ? reason.value : "", button) }, t("take_make"));
  return [
    h("div", { class: "what" }, h("strong", {}, t(`take_${product.key}`)), h("span", {}, t(`take_about_${product.key}`))),
    reason && !held ? h("label", { for: reason.id }, t("take_reason"), reason) : h("span"),
    button,
    product.held.length ? h("p", { class: "held" }, t("take_held", { places: product.held.map((place) => place + 1).join(t("comma")) })) : null,
  ];
}

function files(sizes) {
  return h("table", { class: "products" }, h("caption", {}, t("take_files")), h("tbody", {}, sizes.map(({ name, bytes }) => h("tr", {},
    h("td", {}, h("a", { href: address(name), download: name.split("/").at(-1) }, name)),
    h("td", { class: "figure" }, t("take_bytes", { size: bytes.toLocaleString("en-US") }))))));
}
