// Charts of what the server describes: which columns are bars, marks, pairs, lines or places. Every text beside a bar is
// a cell of the table; no axis has figures of its own, so nothing is worked out or formatted here. ECharts is loaded
// when the first chart is drawn.

import { fill, h } from "./dom.js";
import { drawn } from "./table.js";
import { t } from "./words.js";

const MOST = 15; // units drawn at once
const LINES = 8;
const INK = "#1c1c1a", SOFT = "#8d8a82", LINE = "#c9c5ba", ACCENT = "#8a1f1f", PAPER = "#ffffff";
const FILLS = [INK, ACCENT, "#a9a59a", "#d9d5ca", "#55534d", "#c98f8f"];
const SHAPES = ["circle", "rect", "triangle", "diamond"]; // hollow, then filled
const DASHES = ["solid", "dashed", "dotted", [12, 4], [4, 4, 12, 4], [2, 6], "solid", "dashed"];
const RAMP = ["#f4e9e6", "#ddb8b0", "#c0847b", "#9c4741", "#5f1414"]; // light to dark: told apart without colour
const TEXT = { fontFamily: getComputedStyle(document.body).fontFamily, fontSize: 14, color: INK };
const HATCH = { symbol: "rect", dashArrayX: [1, 0], dashArrayY: [2, 4], rotation: -Math.PI / 4, color: INK };
let loading;

function library() {
  loading ||= new Promise((resolve, reject) => {
    const script = h("script", { src: "/static/vendor/echarts/echarts.min.js" });
    script.addEventListener("load", () => resolve(globalThis.echarts));
    script.addEventListener("error", reject);
    document.head.append(script);
  });
  return loading;
}

// Draws a chart with its controls, its table and a button that saves it. `more`: what a map has besides.
export async function charted(place, answer, { onfigure, more } = {}) {
  const echarts = await library();
  const units = answer.table.lines.filter((line) => line.row >= 0);
  const canvas = h("div", { class: "canvas", role: "img", "aria-label": answer.table.title });
  const choice = { which: "highest", sought: "" };
  const many = answer.kind !== "places" && units.length > mostOf(answer);
  const table = h("details", { class: "figures" }, h("summary", {}, t("see_table")));
  table.addEventListener("toggle", () => { if (table.open && table.children.length === 1) table.append(drawn(answer.table, { onfigure })); });
  fill(place, many ? chooser(choice, units.length, mostOf(answer), () => redraw()) : null, canvas,
    h("div", { class: "beneath" }, h("button", { type: "button", onclick: save }, t("see_save"))), table);
  let chart = null;
  redraw();
  if (onfigure) chart.on("click", (event) => { if (event.data && event.data.code) onfigure(event.data.code, event.data.entry); });
  new ResizeObserver(() => { if (canvas.isConnected) chart.resize(); }).observe(canvas);

  function redraw() {
    const lines = many ? chosen(units, choice, mostOf(answer)) : units;
    canvas.style.height = `${heightOf(answer, lines.length)}px`;
    chart ||= echarts.init(canvas, null, { renderer: "canvas" });
    if (more) echarts.registerMap(more.name, more.shapes);
    chart.resize();
    chart.setOption({ ...common(answer), ...KINDS[answer.kind](answer, lines, more) }, true);
    canvas.dataset.drawn = String(lines.length);
  }

  function save() {
    const link = h("a", { href: chart.getDataURL({ type: "png", pixelRatio: 2, backgroundColor: PAPER }), download: `${answer.table.title}.png` });
    link.click();
  }
}

function mostOf(answer) {
  return answer.kind === "paths" ? LINES : MOST;
}

function chooser(choice, count, most, changed) {
  const radio = (which) => h("label", {}, h("input", { type: "radio", name: "which", value: which, checked: choice.which === which,
    onchange: () => { choice.which = which; changed(); } }), t(`see_${which}`, { most }));
  const sought = h("input", { type: "search", id: "sought", oninput: () => {
    choice.sought = sought.value.trim();
    choice.which = choice.sought ? "sought" : "highest";
    changed();
  } });
  return h("fieldset", { class: "chooser" }, h("legend", {}, t("see_many", { count })), radio("highest"), radio("lowest"),
    h("label", { for: "sought" }, t("see_seek")), sought);
}

// The server gives lines largest first: the first ones, the last ones, or those that were asked for.
function chosen(units, choice, most) {
  if (choice.which === "lowest") return units.slice(-most);
  if (choice.which !== "sought") return units.slice(0, most);
  return units.filter((line) => line.code === choice.sought || line.cells.some((cell) => cell.includes(choice.sought))).slice(0, most);
}

function heightOf(answer, rows) {
  if (answer.kind === "places") return 520;
  if (answer.kind === "paths") return 480;
  const thick = answer.kind === "bars" ? Math.max(27, 15 * answer.drawn.length + 8) : 30;
  return 104 + rows * thick;
}

function common(answer) {
  return {
    animation: false, backgroundColor: PAPER, textStyle: TEXT,
    aria: { enabled: true, label: { description: answer.table.title } },
    title: { text: answer.table.title, subtext: answer.table.unit ? t("see_unit", { unit: answer.table.unit }) : "", left: 8, top: 4,
      textStyle: { ...TEXT, fontSize: 17, fontWeight: 700 }, subtextStyle: { ...TEXT, fontSize: 13 } },
  };
}

const KINDS = { bars, pairs, paths, places };

// Where a column stands in the table, and what it is called.
function at(answer, key) {
  return answer.table.columns.findIndex((column) => column.key === key);
}

function called(answer, key) {
  const column = answer.table.columns[at(answer, key)];
  return column.item && answer.drawn.length > 1 ? `${column.head} ${column.item}` : column.head;
}

function named(answer, lines) {
  const place = answer.table.columns.findIndex((column) => column.key === "name" || column.key === ".place");
  const names = lines.map((line) => line.cells[place < 0 ? 0 : place].trim());
  return names.map((name, row) => (names.filter((other) => other === name).length > 1 && lines[row].code ? `${name} ${lines[row].code}` : name));
}

function frame(answer, lines) {
  const legend = answer.marks.length + answer.drawn.length > 1;
  return {
    grid: { left: 12, right: 150, top: legend ? 92 : 64, bottom: 8, containLabel: true },
    legend: legend ? { top: 58, left: 8, itemGap: 22, textStyle: { ...TEXT, fontSize: 13 } } : undefined,
    xAxis: { type: "value", axisLabel: { show: false }, splitLine: { lineStyle: { color: LINE, type: "dotted" } } },
    yAxis: { type: "category", inverse: true, data: named(answer, lines), axisTick: { show: false }, axisLine: { onZero: true, lineStyle: { color: INK } },
      axisLabel: { ...TEXT, width: 190, overflow: "truncate" } },
  };
}

// A mark that lies far beyond all bars would make them too short to be read: then it lies outside, and that is said.
function furthest(answer, lines) {
  const of = (keys) => lines.flatMap((line) => keys.map((key) => line.figures[at(answer, key)])).filter((value) => value !== null);
  const held = Math.max(0, ...of(answer.drawn)) * 2;
  const marked = answer.marks.filter((key) => of([key]).filter((value) => value > held).length * 2 > lines.length);
  return { outside: marked, max: of(answer.marks).some((value) => value > held) ? held : undefined };
}

function bars(answer, lines) {
  const { outside, max } = furthest(answer, lines);
  const told = answer.told ? at(answer, answer.told) : -1;
  const single = answer.drawn.length === 1;
  const series = answer.drawn.map((key, number) => {
    const place = at(answer, key);
    const entry = answer.table.columns[place].entry;
    return {
      name: called(answer, key), type: "bar", barMaxWidth: 18, barGap: "15%", itemStyle: { color: FILLS[number % FILLS.length], borderColor: INK, borderWidth: 1,
        decal: number ? { ...HATCH, rotation: (number * Math.PI) / 4, color: number % 2 ? PAPER : INK } : undefined },
      data: lines.map((line) => {
        const value = line.figures[place];
        const beside = single && told >= 0 && line.cells[told] && line.cells[told] !== "—" ? `  ${line.cells[told]}` : "";
        const under = value !== null && value < 0 && single;
        const held = single && beside && answer.table.columns[told].kind === "text";
        return { value: value ?? "-", code: line.code, entry,
          itemStyle: under || held ? { color: under ? PAPER : ACCENT, decal: held || under ? { ...HATCH, color: held ? PAPER : INK } : undefined } : undefined,
          label: { show: !single, position: value < 0 ? "left" : "right", formatter: () => line.cells[place], ...TEXT, fontSize: 12 } };
      }),
    };
  });
  const marks = answer.marks.map((key, number) => {
    const place = at(answer, key);
    return { name: outside.includes(key) ? t("see_outside", { label: called(answer, key) }) : called(answer, key), type: "scatter", clip: true, symbol: ["diamond", "triangle", "rect"][number % 3], symbolSize: number === 2 ? [4, 18] : 11,
      symbolRotate: number === 1 ? -90 : 0, z: 5, itemStyle: { opacity: 1, color: PAPER, borderColor: INK, borderWidth: 1.6 },
      data: lines.map((line, row) => [line.figures[place] ?? "-", row]) };
  });
  const framed = frame(answer, lines);
  if (!single) return { ...framed, series };
  // Figures stand below one another at the right, as in a table, where no bar and no mark lies over them.
  const place = at(answer, answer.drawn[0]);
  const figures = lines.map((line) => line.cells[place] + (told >= 0 && line.cells[told] ? `  ${line.cells[told]}` : ""));
  const right = { type: "category", inverse: true, position: "right", data: figures, axisTick: { show: false }, axisLine: { show: false }, axisLabel: { ...TEXT } };
  return { ...framed, grid: { ...framed.grid, right: 16 }, xAxis: { ...framed.xAxis, max }, yAxis: [framed.yAxis, right], series: [...series, ...marks] };
}

function pairs(answer, lines) {
  const places = answer.drawn.map((key) => at(answer, key));
  const points = (place, other, symbol, color) => ({
    name: answer.table.columns[place].head, type: "scatter", symbol, symbolSize: 12, z: 4, itemStyle: { opacity: 1, color, borderColor: INK, borderWidth: 1.6 },
    data: lines.map((line, row) => ({ value: [line.figures[place] ?? "-", row], code: line.code, entry: answer.table.columns[place].entry,
      label: { show: true, position: (line.figures[place] ?? 0) >= (line.figures[other] ?? 0) ? "right" : "left", formatter: () => line.cells[place], ...TEXT, fontSize: 13 } })),
  });
  const between = { type: "custom", silent: true, z: 2, data: lines.map((line, row) => [line.figures[places[0]] ?? 0, line.figures[places[1]] ?? 0, row]),
    encode: { x: [0, 1], y: 2 },
    renderItem: (_, api) => {
      const [x1, y] = api.coord([api.value(0), api.value(2)]);
      const [x2] = api.coord([api.value(1), api.value(2)]);
      return { type: "line", shape: { x1, y1: y, x2, y2: y }, style: { stroke: SOFT, lineWidth: 3 } };
    } };
  const framed = frame(answer, lines);
  return { ...framed, xAxis: { ...framed.xAxis, scale: false }, grid: { ...framed.grid, right: 90, left: 40 },
    series: [between, points(places[0], places[1], "circle", ACCENT), points(places[1], places[0], "rect", PAPER)] };
}

function paths(answer, lines) {
  const places = answer.drawn.map((key) => at(answer, key));
  const last = places.at(-1);
  const names = named(answer, lines);
  return {
    grid: { left: 40, right: 190, top: 84, bottom: 16, containLabel: true },
    xAxis: { type: "category", data: places.map((place) => answer.table.columns[place].item || answer.table.columns[place].head), boundaryGap: false,
      axisLabel: { ...TEXT }, axisLine: { lineStyle: { color: INK } } },
    yAxis: { type: "value", axisLabel: { show: false }, splitLine: { lineStyle: { color: LINE, type: "dotted" } } },
    series: lines.map((line, number) => ({
      name: names[number], type: "line", symbol: SHAPES[number % SHAPES.length], symbolSize: 9, lineStyle: { type: DASHES[number], width: 2.2, color: number % 2 ? ACCENT : INK },
      itemStyle: { color: number < SHAPES.length ? PAPER : number % 2 ? ACCENT : INK, borderColor: number % 2 ? ACCENT : INK, borderWidth: 2 },
      data: places.map((place) => line.figures[place] ?? "-"),
      endLabel: { show: true, formatter: () => `${names[number]} ${line.cells[last]}`, ...TEXT, fontSize: 13 },
      labelLayout: { moveOverlap: "shiftY" },
    })),
  };
}

function places(answer, lines, more) {
  const place = at(answer, answer.drawn[0]);
  const names = named(answer, lines);
  const numbers = new Map(more.classes.flatMap((held, number) => held.codes.map((code) => [code, number])));
  const shade = (number) => RAMP[more.classes.length === 1 ? 2 : number + (RAMP.length - more.classes.length)];
  return {
    visualMap: { type: "piecewise", left: 8, bottom: 36, itemWidth: 26, itemHeight: 16, textStyle: { ...TEXT, fontSize: 13 }, selectedMode: false,
      pieces: more.classes.map((held, number) => ({ value: number, label: held.text, color: shade(number) })).reverse() },
    graphic: [{ type: "text", left: 10, bottom: 10, style: { text: more.approval, font: `13px ${TEXT.fontFamily}`, fill: INK } }],
    series: [{ type: "map", map: more.name, aspectScale: more.aspect, layoutCenter: ["60%", "53%"], layoutSize: 440, roam: false, selectedMode: false,
      itemStyle: { areaColor: PAPER, borderColor: INK, borderWidth: 0.8 }, emphasis: { disabled: true },
      label: { show: lines.length <= 40, ...TEXT, fontSize: 13, lineHeight: 16, textBorderColor: PAPER, textBorderWidth: 3, formatter: (event) => (event.data ? event.data.shown : "") },
      data: lines.map((line, row) => ({ name: line.code, value: numbers.get(line.code) ?? "-", shown: `${names[row]}\n${line.cells[place]}`, code: line.code,
        entry: answer.table.columns[place].entry })) }],
  };
}
