// Which files the figures rested on that this tab showed last, of each work: what is taken away must rest on the same.

export function see(work, seal) {
  sessionStorage.setItem(`seal ${work}`, seal);
}

export function seen(work) {
  return sessionStorage.getItem(`seal ${work}`) || "";
}
