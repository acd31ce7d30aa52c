// 存入底稿: on what basis, by whom, and into which case; what is wrong is told where it is asked for.

import { ask } from "../../../shell/api.js";
import { fill, h } from "../../../shell/dom.js";
import { failure, tell } from "../../../shell/told.js";
import { t } from "../../../shell/words.js";
import { items } from "./tried.js";

const ASKED = ["reason", "basis", "prepared", "reviewed", "date"];

export async function saving(live, shown, again) {
  try {
    await live.settled();
  } catch (error) {
    return live.failed(error);
  }
  const wrong = h("div");
  const fields = ASKED.map((key) => [key, h("input", { id: `save_${key}`, name: key, autocomplete: "off", value: shown[key] || "" })]);
  const dialog = h("dialog", { class: "saving", "aria-labelledby": "save_head", onclose: () => { dialog.remove(); live.glance(); } },
    h("form", { method: "dialog", onsubmit: (event) => { event.preventDefault(); put(); } },
      h("h2", { id: "save_head" }, t("save")),
      h("p", {}, shown.case ? t("save_beside", { case: shown.case }) : t("save_new")),
      h("ul", { class: "to-save" }, items(live.latest?.tried ?? shown.tried)),
      fields.map(([key, input]) => h("div", { class: "line" }, h("label", { for: input.id }, t(`save_${key}`)), input)),
      wrong,
      h("div", { class: "buttons" }, h("button", { type: "button", onclick: () => dialog.close() }, t("cancel")), h("button", { class: "main" }, t("save")))));
  document.body.append(dialog);
  dialog.showModal();

  async function put() {
    const particulars = Object.fromEntries(fields.map(([key, input]) => [key, input.value]));
    try {
      const saved = await ask("settings.save", { work: live.work, revision: live.revision, read: shown.read, particulars });
      live.over = true;
      dialog.close();
      tell(t("saved", { count: saved.count, case: saved.case }));
      await again();
    } catch (error) {
      fill(wrong, failure(error));
    }
  }
}
