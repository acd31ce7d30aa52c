// A final version is a signature: what it will fix is shown, and nothing is begun before a person says yes.

import { h } from "./dom.js";
import { t } from "./words.js";

// `shown`: of a call *.signing. Gives its seal where it was confirmed, "" where there is nothing to ask, null where not.
export function signing(shown) {
  if (!shown.lines.length) return Promise.resolve("");
  return new Promise((answer) => {
    let said = null;
    const close = h("button", { type: "button", onclick: () => dialog.close() }, t("cancel"));
    const dialog = h("dialog", { class: "saving", "aria-labelledby": "sign_head", "aria-describedby": "sign_about", onclose: () => { dialog.remove(); answer(said); } },
      h("h2", { id: "sign_head" }, t("sign_head")),
      h("p", { id: "sign_about" }, t("sign_about")),
      h("dl", { class: "signed" }, shown.lines.flatMap((line) => [h("dt", {}, line.label), h("dd", {}, line.text)])),
      h("div", { class: "buttons" }, close,
        h("button", { type: "button", class: "main", onclick: () => { said = shown.seal; dialog.close(); } }, t("sign_go"))));
    document.body.append(dialog);
    dialog.showModal();
    close.focus(); // Enter alone signs nothing
  });
}
