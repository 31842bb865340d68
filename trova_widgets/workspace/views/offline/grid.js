"use strict";
// The cells of an experiment as the document's data have them, and what each of them says of itself.
const Trova = {};

Trova.Grid = class {
  constructor(data) {
    Object.assign(this, data);
    this.shape = this.axes.map((axis) => axis.labels.length);
    this.size = this.shape.reduce((product, count) => product * count, 1);
  }
  // C order: the last axis runs fastest
  place(cell) {
    const place = new Array(this.shape.length);
    for (let axis = this.shape.length - 1; axis >= 0; axis--) {
      place[axis] = cell % this.shape[axis];
      cell = Math.floor(cell / this.shape[axis]);
    }
    return place;
  }
  cell(place) {
    return place.reduce((cell, at, axis) => cell * this.shape[axis] + at, 0);
  }
  moved(cell, axis, at) {
    const place = this.place(cell);
    place[axis] = Math.min(Math.max(at, 0), this.shape[axis] - 1);
    return this.cell(place);
  }
  number(of, cell) {
    return of === "gradient" ? this.gradient[cell] : this.quality[cell];
  }
  isHole(cell) {
    return this.quality[cell] === null;
  }
  colour(of, number) {
    const { low, high, colours } = this.scales[of];
    if (number === null || !colours.length) return null;
    const share = Math.min(Math.max((number - low) / (high - low || 1), 0), 1) * (colours.length - 1);
    const below = Math.min(Math.floor(share), colours.length - 2), part = share - below;
    const channel = (at) => {
      const [first, second] = [colours[below], colours[below + 1]].map((each) => parseInt(each.slice(at, at + 2), 16));
      return Math.round(first + (second - first) * part);
    };
    return `rgb(${channel(1)},${channel(3)},${channel(5)})`;
  }
  where(cell) {
    const place = this.place(cell);
    return this.axes.map((axis, number) => `${axis.title} ${axis.labels[place[number]]}`).join(", ");
  }
  // "filterSize 2, numFilters 8: 91.2 % (82.0 to 96.0), 15 trainings, cannot be told from the best"
  says(cell, of = "quality") {
    if (this.isHole(cell)) return `${this.where(cell)}: ${this.reasons[this.state[cell]]}`;
    const parts = [];
    const steep = this.gradient[cell] === null ? "" : `gradient ${Trova.points(this.gradient[cell])} points a step`;
    const low = this.low && this.low[cell] !== null ? ` (${Trova.digits(this.low[cell])} to ${Trova.digits(this.high[cell])})` : "";
    const good = `${Trova.digits(this.quality[cell])} %${low}`;
    parts.push(...(of === "gradient" ? [steep, good] : [good]));
    parts.push(`${this.repeats[cell]} training${this.repeats[cell] === 1 ? "" : "s"}`);
    if (cell === this.best) parts.push("the best");
    else if (this.inside && this.inside[cell]) parts.push("cannot be told from the best");
    return `${this.where(cell)}: ${parts.filter(Boolean).join(", ")}`;
  }
  // the axes that are not among those that are drawn
  others(drawn) {
    return this.axes.map((_, axis) => axis).filter((axis) => !drawn.includes(axis));
  }
};

Trova.digits = (share) => (100 * share).toFixed(1);
Trova.points = (share) => (100 * share).toFixed(2);

Trova.element = (name, attributes = {}, ...children) => {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
    else if (value !== null && value !== false) made.setAttribute(key, value === true ? "" : value);
  }
  made.append(...children);
  return made;
};
Trova.drawn = (name, attributes = {}, text = "") => {
  const made = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  if (text) made.textContent = text;
  return made;
};

// the values of an axis that have room for a label, so far apart as a share of it
Trova.roomy = ({ labels, at }, apart) => {
  const kept = [];
  labels.forEach((text, place) => { if (!kept.length || at[place] - kept.at(-1).share >= apart - 1e-9) kept.push({ share: at[place], text }); });
  return kept;
};

// round numbers between two ends
Trova.ticks = (low, high, count = 4) => {
  const raw = (high - low) / count, unit = 10 ** Math.floor(Math.log10(raw || 1));
  const step = [1, 2, 2.5, 5, 10].map((factor) => factor * unit).find((each) => each >= raw * (1 - 1e-9));
  const ticks = [];
  for (let at = Math.ceil(low / step - 1e-9); at <= Math.floor(high / step + 1e-9); at++) ticks.push(at * step);
  return ticks;
};

// one read-out for all pictures: what a pointer rests on
Trova.hint = (() => {
  let box = null;
  return {
    show(text, x, y) {
      if (!box) document.body.append((box = Trova.element("div", { class: "hint", role: "tooltip" })));
      box.textContent = text;
      box.hidden = false;
      const width = document.documentElement.clientWidth, { offsetWidth: wide, offsetHeight: high } = box;
      box.style.left = `${Math.max(4, Math.min(x + 14, width - wide - 6))}px`;
      box.style.top = `${y - high - 12 > 0 ? y - high - 12 : y + 18}px`;
    },
    hide() { if (box) box.hidden = true; },
  };
})();

// the scale of colours, always drawn
Trova.legend = (grid, of) => {
  const { low, high, colours, title } = grid.scales[of];
  const bar = Trova.element("div", { class: "bar" });
  bar.style.background = `linear-gradient(to right, ${colours.join(", ")})`;
  const ticks = Trova.element("div", { class: "bar-ticks" });
  for (const tick of Trova.ticks(low, high, 5)) {
    const mark = Trova.element("span", {}, (100 * tick).toFixed(1).replace(/\.0$/, ""));
    mark.style.left = `${(100 * (tick - low)) / (high - low)}%`;
    ticks.append(mark);
  }
  return Trova.element("div", { class: "legend" }, Trova.element("span", {}, title), bar, ticks);
};
