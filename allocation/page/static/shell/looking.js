// 只看: kept in the address, so that a chief's bookmark opens it; the server refuses what such a tab would change.

export function looking() {
  return new URLSearchParams(location.search).has("look");
}
