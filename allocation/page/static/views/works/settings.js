// The settings as a form, with all that one must know to set them; what is tried shows at once what it comes to.

import { ask } from "../../shell/api.js";
import { fill, h } from "../../shell/dom.js";
import { Live } from "../../shell/live.js";
import { problems } from "../../shell/told.js";
import { Bar, unasked } from "./settings/bar.js";
import { Form } from "./settings/form.js";

export async function show(place, work) {
  const again = () => show(place, work);
  const shown = await ask("settings.look", { work: work.id });
  const live = new Live({ id: work.id, revision: shown.revision });
  const wrong = h("div");
  live.hear((answer) => fill(wrong, problems(unasked(answer))));
  const bar = new Bar(live, shown, again);
  const form = new Form(live, shown, true);
  fill(place, bar.place, wrong, form.place);
  await live.look();
}
