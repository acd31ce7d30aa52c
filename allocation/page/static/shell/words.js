// What is said, in the language of this tab: kept in the address and in the tab, so that two tabs do not mix.

const LANGUAGES = ["zh", "en"];
let words = {};

export function lang() {
  const asked = new URLSearchParams(location.search).get("lang");
  if (LANGUAGES.includes(asked)) sessionStorage.setItem("lang", asked);
  return sessionStorage.getItem("lang") || "zh";
}

export async function load() {
  const answer = await fetch("/words", { headers: { "x-lang": lang() } });
  words = await answer.json();
  document.documentElement.lang = lang() === "zh" ? "zh-CN" : "en";
}

export function speak(other) {
  sessionStorage.setItem("lang", other);
  const address = new URL(location.href);
  address.searchParams.delete("lang");
  history.replaceState(null, "", address);
}

// What stands in ⟦…⟧ is said only where each slot in it has something to say, as in every text of the program.
export function t(key, slots = {}) {
  const has = (name) => slots[name] !== undefined && slots[name] !== null && slots[name] !== "";
  const text = words[key];
  if (text === undefined) throw new Error(`no text ${key}`);
  const named = /\{(\w+)\}/g;
  return text
    .replace(/⟦(.*?)⟧/g, (_, part) => ([...part.matchAll(named)].every(([, name]) => has(name)) ? part : ""))
    .replace(named, (_, name) => String(slots[name]));
}
