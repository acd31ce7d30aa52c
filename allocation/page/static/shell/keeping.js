// What stays when a view is drawn anew: the fields that somebody is filling in, and the place of the keyboard.

const FIELDS = "input:not([type=file]), select, textarea";
const touched = new WeakSet();
for (const kind of ["input", "change"]) document.addEventListener(kind, ({ target }) => touched.add(target), true);

// `kept(place)`: what is typed, ticked, chosen and unfolded there now; call what it gives when the view is drawn again.
export function kept(place) {
  const fields = shown(place, FIELDS).map((field) => touched.has(field) && said(field));
  const folds = shown(place, "details").map((fold) => fold.open);
  return () => {
    shown(place, "details").forEach((fold, at) => { if (at in folds) fold.open = folds[at]; });
    shown(place, FIELDS).forEach((field, at) => { if (fields[at]) put(field, fields[at]); });
  };
}

// A form that somebody is half through stands again as it was after a reload, until `done()`. `begun`: it was.
export function drafted(form, name) {
  const key = `draft ${location.hash} ${name}`;
  const held = JSON.parse(sessionStorage.getItem(key)) || {};
  for (const field of form.querySelectorAll(FIELDS)) if (held[field.id || field.name]) put(field, held[field.id || field.name]);
  const keep = ({ target }) => {
    if (!target.matches(FIELDS)) return;
    held[target.id || target.name] = said(target);
    sessionStorage.setItem(key, JSON.stringify(held));
  };
  for (const kind of ["input", "change"]) form.addEventListener(kind, keep);
  return { begun: Object.keys(held).length > 0, done: () => sessionStorage.removeItem(key) };
}

function said(field) {
  return { value: field.value, checked: field.checked, chosen: [...(field.selectedOptions || [])].map((option) => option.value) };
}

function put(field, { value, checked, chosen }) {
  touched.add(field);
  if (["checkbox", "radio"].includes(field.type)) field.checked = checked;
  else if (field.tagName === "SELECT") for (const option of field.options) option.selected = chosen.includes(option.value);
  else field.value = value;
}

function shown(place, what) {
  return [...place.querySelectorAll(what)].filter((element) => !element.closest(".tabulator"));
}

// Where the keyboard was when its element was drawn anew or could not be used for a while, there it is again; and where
// nothing of the kind is left, it is in the view, not at the top of the page.
export function keepFocus(view) {
  let last = null;
  let given = false;
  document.addEventListener("focusin", ({ target }) => {
    if (given) return;
    last = target === view ? null : { element: target, id: target.id, name: named(target), tag: target.tagName };
  });
  for (const chosen of ["pointerdown", "keydown"]) document.addEventListener(chosen, () => { if (last && document.activeElement === document.body) last = null; });
  new MutationObserver(() => {
    if (!last || document.activeElement !== document.body && document.activeElement !== view) return;
    if (last.element.isConnected) {
      if (!last.element.disabled) last.element.focus({ preventScroll: true });
      return;
    }
    const again = (last.id && document.getElementById(last.id)) ||
      [...document.querySelectorAll(last.tag)].find((element) => named(element) === last.name && !element.disabled);
    given = !again;
    (again || view).focus({ preventScroll: true });
    given = false;
  }).observe(document.body, { childList: true, subtree: true, attributes: true, attributeFilter: ["disabled", "open"] });
}

function named(element) {
  return element.getAttribute("aria-label") || element.name || element.textContent.trim();
}
