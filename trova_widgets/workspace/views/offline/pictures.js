"use strict";
// Images, line charts and the trade-off, as SVG: a pointer reads them out, a click picks.
Trova.readable = (mark, grid, shared, cell) => {
  mark.classList.add("pick");
  mark.addEventListener("pointermove", (event) => Trova.hint.show(grid.says(cell, shared.of), event.clientX, event.clientY));
  mark.addEventListener("pointerleave", Trova.hint.hide);
  mark.addEventListener("click", () => shared.pick(cell));
};

Trova.frame = (width, height, label) =>
  Trova.drawn("svg", { viewBox: `0 0 ${width} ${height}`, width, height, role: "img", "aria-label": label });

Trova.text = (x, y, words, anchor = "middle", more = {}) => Trova.drawn("text", { x, y, "text-anchor": anchor, ...more }, words);

Trova.widest = (labels) => 7 * Math.max(...labels.map((label) => label.length), 1);

Trova.images = (holder, grid, shared) => {
  const [across, up, series] = shared.axes, place = grid.place(shared.cell);
  const counts = [grid.shape[across], up === undefined ? 1 : grid.shape[up], series === undefined ? 1 : grid.shape[series]];
  // few pixels are large ones
  const side = Math.max(18, Math.min(40, 260 / Math.max(...counts.slice(0, 2))));
  const wide = Math.max(side, 9 + Trova.widest(grid.axes[across].labels)), high = side;
  const left = up === undefined ? 8 : 26 + Trova.widest(grid.axes[up].labels), top = 20;
  holder.replaceChildren();
  for (let number = 0; number < counts[2]; number++) {
    const title = series === undefined ? "" : `${grid.axes[series].title} = ${grid.axes[series].labels[number]}`;
    const width = Math.max(left + wide * counts[0] + 6, left + 7 * grid.axes[across].title.length), height = top + high * counts[1] + 36;
    const picture = Trova.frame(width, height, title || "image");
    picture.append(Trova.text(left, 12, title, "start", { class: "strong" }));
    for (let row = 0; row < counts[1]; row++)
      for (let column = 0; column < counts[0]; column++) {
        const here = [...place];
        here[across] = column;
        if (up !== undefined) here[up] = row;
        if (series !== undefined) here[series] = number;
        const cell = grid.cell(here), shade = grid.colour(shared.of, grid.number(shared.of, cell));
        const [x, y] = [left + wide * column, top + high * (counts[1] - 1 - row)];
        const pixel = Trova.drawn("rect", { x, y, width: wide, height: high, fill: shade || "url(#hatch)" });
        Trova.readable(pixel, grid, shared, cell);
        picture.append(pixel);
        if (grid.inside && grid.inside[cell])
          picture.append(Trova.drawn("circle", { cx: x + wide / 2, cy: y + high / 2, r: 2.6, class: "inside" }));
        if (cell === shared.cell) shared.frame = [x, y, picture];
      }
    grid.axes[across].labels.forEach((label, at) => picture.append(Trova.text(left + wide * (at + 0.5), height - 22, label)));
    picture.append(Trova.text(left, height - 6, `→ ${grid.axes[across].title}`, "start"));
    if (up !== undefined) {
      grid.axes[up].labels.forEach((label, at) => picture.append(Trova.text(left - 5, top + high * (counts[1] - at - 0.5) + 4, label, "end")));
      const half = top + (high * counts[1]) / 2;
      picture.append(Trova.text(11, half, grid.axes[up].title, "middle", { transform: `rotate(-90 11 ${half})` }));
    }
    if (shared.frame && shared.frame[2] === picture)
      picture.append(Trova.drawn("rect", { x: shared.frame[0], y: shared.frame[1], width: wide, height: high, class: "picked" }));
    holder.append(Trova.element("figure", {}, picture));
  }
};

Trova.lines = (holder, grid, shared) => {
  const along = shared.axes[Math.min(shared.axes.length, 3) - 1];
  const across = shared.axes.length > 1 ? shared.axes[0] : undefined, down = shared.axes.length > 2 ? shared.axes[1] : undefined;
  const columns = across === undefined ? 1 : grid.shape[across], rows = down === undefined ? 1 : grid.shape[down];
  const [left, top] = [46, 34];
  const right = down === undefined ? 10 : 16 + Math.max(Trova.widest(grid.axes[down].labels), 7 * grid.axes[down].title.length);
  const wide = Math.max(92, Math.min(420, ((holder.clientWidth || 980) - left - right) / columns)), high = rows > 1 ? 74 : 150;
  const picture = Trova.frame(left + columns * wide + right, top + rows * high + 40, "line charts");
  const place = grid.place(shared.cell), known = [], spots = grid.axes[along].at;
  const nearest = Math.min(1 / spots.length, ...spots.slice(1).map((spot, at) => spot - spots[at]));
  const each = (column, row, at) => {
    const here = [...place];
    if (across !== undefined) here[across] = column;
    if (down !== undefined) here[down] = row;
    here[along] = at;
    return grid.cell(here);
  };
  const isQuality = shared.of === "quality";
  for (let column = 0; column < columns; column++)
    for (let row = 0; row < rows; row++)
      for (let at = 0; at < grid.shape[along]; at++) {
        const cell = each(column, row, at);
        if (isQuality && grid.low) known.push(grid.low[cell], grid.high[cell]);
        known.push(grid.number(shared.of, cell));
      }
  const labelled = new Set(Trova.roomy(grid.axes[along], Trova.widest(grid.axes[along].labels) / (wide - 12)).map(({ text }) => text));
  const numbers = known.filter((number) => number !== null);
  const low = Math.min(...numbers), reach = (Math.max(...numbers) - low || 0.01) * 1.1, floor = low - reach * 0.05;
  for (let column = 0; column < columns; column++)
    for (let row = 0; row < rows; row++) {
      const [x0, y0] = [left + column * wide, top + row * high];
      const x = (at) => x0 + 4 + (wide - 12) * grid.axes[along].at[at], y = (number) => y0 + high - 8 - ((high - 14) * (number - floor)) / reach;
      picture.append(Trova.drawn("path", { d: `M${x0 + 4} ${y0 + 4}V${y0 + high - 6}H${x0 + wide - 8}`, class: "axis" }));
      for (const tick of Trova.ticks(floor, floor + reach, rows > 1 ? 2 : 4)) {
        picture.append(Trova.drawn("path", { d: `M${x0 + 4} ${y(tick).toFixed(1)}H${x0 + wide - 8}`, class: "grid" }));
        if (column === 0) picture.append(Trova.text(left - 2, y(tick) + 4, (100 * tick).toFixed(1).replace(/\.0$/, ""), "end"));
      }
      const cells = Array.from({ length: grid.shape[along] }, (_, at) => each(column, row, at));
      let run = [];
      const flush = () => {
        if (run.length && isQuality && grid.low) {
          const upper = run.map((at) => `${x(at).toFixed(1)},${y(grid.high[cells[at]]).toFixed(1)}`);
          const lower = run.map((at) => `${x(at).toFixed(1)},${y(grid.low[cells[at]]).toFixed(1)}`).reverse();
          picture.append(Trova.drawn("polygon", { points: [...upper, ...lower].join(" "), class: "band" }));
        }
        if (run.length > 1)
          picture.append(Trova.drawn("polyline", { points: run.map((at) => `${x(at).toFixed(1)},${y(grid.number(shared.of, cells[at])).toFixed(1)}`).join(" "), class: "curve" }));
        run = [];
      };
      cells.forEach((cell, at) => (grid.number(shared.of, cell) === null ? flush() : run.push(at)));
      flush();
      cells.forEach((cell, at) => {
        const number = grid.number(shared.of, cell), half = (wide - 12) * nearest / 2;
        let mark;
        if (number === null) mark = Trova.drawn("rect", { x: x(at) - half, y: y0 + 4, width: 2 * half, height: high - 12, fill: "url(#hatch)", opacity: 0.7 });
        else {
          const ring = grid.inside && grid.inside[cell] ? " ringed" : "";
          mark = Trova.drawn("circle", { cx: x(at).toFixed(1), cy: y(number).toFixed(1), r: 3.4, fill: grid.colour(shared.of, number), class: `dot${ring}` });
        }
        Trova.readable(mark, grid, shared, cell);
        picture.append(mark);
        if (cell === shared.cell && number !== null) picture.append(Trova.drawn("circle", { cx: x(at), cy: y(number), r: 7, class: "picked" }));
        if (row === rows - 1 && labelled.has(grid.axes[along].labels[at]))
          picture.append(Trova.text(x(at), y0 + high + 8, grid.axes[along].labels[at]));
      });
      if (row === 0 && across !== undefined)
        picture.append(Trova.text(x0 + wide / 2, 26, column ? grid.axes[across].labels[column] : `${grid.axes[across].title} ${grid.axes[across].labels[0]}`));
      if (column === columns - 1 && down !== undefined) {
        picture.append(Trova.text(x0 + wide + 4, y0 + high / 2, grid.axes[down].labels[row], "start"));
        if (row === 0) picture.append(Trova.text(x0 + wide + 4, 12, grid.axes[down].title, "start", { class: "strong" }));
      }
    }
  picture.append(Trova.text(left + 4, top + rows * high + 32, `→ ${grid.axes[along].along}`, "start"));
  picture.append(Trova.text(4, 12, grid.scales[shared.of].title, "start", { class: "strong" }));
  holder.replaceChildren(picture);
};

Trova.tradeoff = (holder, grid, shared) => {
  const [wide, high, left, bottom] = [520, 330, 46, 44];
  const cells = Array.from({ length: grid.size }, (_, cell) => cell).filter((cell) => grid.quality[cell] !== null && grid.gradient[cell] !== null);
  holder.replaceChildren();
  if (!cells.length) return;
  const ends = (numbers) => { const low = Math.min(...numbers), high = Math.max(...numbers), room = (high - low || 0.02) * 0.05; return [low - room, high + room]; };
  const steep = ends(cells.map((cell) => grid.gradient[cell])), good = ends(cells.map((cell) => grid.quality[cell]));
  const x = (number) => left + ((wide - left - 12) * (number - steep[0])) / (steep[1] - steep[0]);
  const y = (number) => high - bottom - ((high - bottom - 12) * (number - good[0])) / (good[1] - good[0]);
  const picture = Trova.frame(wide, high, "Quality against gradient");
  for (const tick of Trova.ticks(...good, 5)) picture.append(Trova.drawn("path", { d: `M${left} ${y(tick)}H${wide - 12}`, class: "grid" }), Trova.text(left - 5, y(tick) + 4, (100 * tick).toFixed(1).replace(/\.0$/, ""), "end"));
  for (const tick of Trova.ticks(...steep, 5)) picture.append(Trova.text(x(tick), high - bottom + 16, (100 * tick).toFixed(1).replace(/\.0$/, "")));
  picture.append(Trova.drawn("path", { d: `M${left} 12V${high - bottom}H${wide - 12}`, class: "axis" }));
  picture.append(Trova.text(wide - 12, high - 8, "Gradient [points a step] →", "end"), Trova.text(left + 6, 12, "Quality Q [%]", "start", { class: "strong" }));
  // the front: nothing is both better and more stable
  const ordered = [...cells].sort((a, b) => grid.gradient[a] - grid.gradient[b] || grid.quality[b] - grid.quality[a]);
  let highest = -Infinity;
  const front = ordered.filter((cell) => grid.quality[cell] > highest && ((highest = grid.quality[cell]), true));
  picture.append(Trova.drawn("polyline", { points: front.map((cell) => `${x(grid.gradient[cell]).toFixed(1)},${y(grid.quality[cell]).toFixed(1)}`).join(" "), class: "front" }));
  for (const cell of cells) {
    const ring = grid.inside && grid.inside[cell] ? " ringed" : "";
    const dot = Trova.drawn("circle", { cx: x(grid.gradient[cell]).toFixed(1), cy: y(grid.quality[cell]).toFixed(1), r: 4.2, fill: grid.colour("quality", grid.quality[cell]), class: `dot${ring}` });
    Trova.readable(dot, grid, shared, cell);
    picture.append(dot);
  }
  if (cells.includes(shared.cell)) picture.append(Trova.drawn("circle", { cx: x(grid.gradient[shared.cell]), cy: y(grid.quality[shared.cell]), r: 8, class: "picked" }));
  holder.append(picture);
};
