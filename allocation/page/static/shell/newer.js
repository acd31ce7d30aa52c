// Whether another window has changed the work that this one shows: every call about a work tells its revision.

const shown = new Map(); // by work: the revision that this window shows, and what is called where there is a newer one

// A view of a work begins; `newer()` is called once.
export function shows(work, revision, newer) {
  shown.set(work, { revision, newer, under: 0, told: 0 });
}

// A call leaves. What it changes may be told by another call before its own answer is here.
export function leaves(asked) {
  const here = asked.revision === undefined ? undefined : shown.get(asked.work);
  if (here) here.under += 1;
  return () => {
    if (!here) return;
    here.under -= 1;
    if (shown.get(asked.work) === here) judged(asked, here);
  };
}

// What a call told. One that names the revision it changes is this window's own change.
export function noted(asked, revision) {
  const here = shown.get(asked.work);
  if (!here || !revision) return;
  if (asked.revision !== undefined) here.revision = Math.max(here.revision, revision);
  here.told = Math.max(here.told, revision);
  judged(asked, here);
}

// As long as a change of this window is under way, a newer revision may be its own.
function judged(asked, here) {
  if (!here.under && here.told > here.revision) overtaken(asked);
}

// A call was refused, for it changes what is no longer so.
export function overtaken(asked) {
  const here = shown.get(asked.work);
  if (!here) return;
  shown.delete(asked.work);
  here.newer();
}
