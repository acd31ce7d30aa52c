// A block from a spreadsheet: cells apart by tabs, rows by line ends; a cell with either in it stands in quotes.

export function block(text) {
  const rows = [[]];
  let cell = "";
  let quoted = false;
  for (let at = 0; at < text.length; at += 1) {
    const sign = text[at];
    if (quoted) {
      if (sign !== '"') cell += sign;
      else if (text[at + 1] === '"') { cell += '"'; at += 1; } else quoted = false;
    } else if (sign === '"' && cell === "") quoted = true;
    else if (sign === "\t") { rows.at(-1).push(cell); cell = ""; } else if (sign === "\n" || sign === "\r") {
      if (sign === "\r" && text[at + 1] === "\n") at += 1;
      rows.at(-1).push(cell);
      rows.push([]);
      cell = "";
    } else cell += sign;
  }
  rows.at(-1).push(cell);
  if (rows.at(-1).length === 1 && rows.at(-1)[0] === "") rows.pop();
  return rows;
}
