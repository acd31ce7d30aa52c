// Whether another window has changed the work that this one shows: every call about a work tells its revision.

const shown = new Map(); // by work: the revision that this window shows, and what is called where there is a newer one

// A view of a work begins; `newer()` is called once.
export function shows(work, revision, newer) {
  shown.set(work, { revision, newer });
}

// What a call told. One that names the revision it changes is this window's own change.
export function noted(asked, revision) {
  const here = shown.get(asked.work);
  if (!here || !revision) return;
  if (asked.revision !== undefined) here.revision = Math.max(here.revision, revision);
  else if (revision > here.revision) overtaken(asked);
}

// A call was refused, for it changes what is no longer so.
export function overtaken(asked) {
  const here = shown.get(asked.work);
  if (!here) return;
  shown.delete(asked.work);
  here.newer();
}
