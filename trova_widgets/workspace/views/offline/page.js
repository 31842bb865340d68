"use strict";
// Binds the document together: one picked cell that all pictures, the matrix and the table follow.
(() => {
  const grid = new Trova.Grid(JSON.parse(document.getElementById("trova-data").textContent));
  const find = (name) => document.querySelector(`[data-part="${name}"]`);
  const shared = {
    cell: grid.best ?? 0, of: grid.of || "quality", axes: grid.drawn, threshold: null, frame: null,
    pick(cell) { shared.cell = cell; follow(); },
  };
  const cube = new Trova.Cube(find("cube"), grid, shared);

  const legends = () => find("legend")?.replaceChildren(Trova.legend(grid, shared.of));
  const choose = (of) => {
    shared.of = of;
    document.querySelectorAll("[data-of]").forEach((button) => button.setAttribute("aria-pressed", String(button.dataset.of === of)));
    legends();
    follow();
  };
  document.querySelectorAll("[data-of]").forEach((button) => button.addEventListener("click", () => choose(button.dataset.of)));
  find("reset")?.addEventListener("click", () => cube.reset());
  find("best")?.addEventListener("click", () => shared.pick(grid.best ?? 0));
  const threshold = find("threshold");
  threshold?.addEventListener("input", () => {
    shared.threshold = threshold.value === threshold.min ? null : Number(threshold.value);
    find("threshold-said").textContent = shared.threshold === null ? "all" : `from ${Trova.digits(shared.threshold)} %`;
    cube.draw();
  });

  // settings beyond those that are drawn are held at a slider
  const sliders = find("sliders"), held = grid.others(shared.axes);
  for (const axis of held) {
    const { title, labels } = grid.axes[axis];
    const slider = Trova.element("input", { type: "range", min: 0, max: labels.length - 1, step: 1, "aria-label": title, "data-axis": axis });
    const said = Trova.element("output", {});
    slider.addEventListener("input", () => shared.pick(grid.moved(shared.cell, axis, Number(slider.value))));
    sliders.append(Trova.element("label", {}, Trova.element("span", {}, title), slider, said));
  }

  const card = () => {
    const { cell } = shared, box = find("card");
    if (!box) return;
    const place = grid.place(cell), rows = grid.axes.map((axis, at) => [axis.title, axis.labels[place[at]]]);
    if (!grid.isHole(cell)) {
      if (grid.low && grid.low[cell] !== null) rows.push(["95 % by event", `${Trova.digits(grid.low[cell])} to ${Trova.digits(grid.high[cell])} %`]);
      if (grid.gradient[cell] !== null) rows.push(["gradient", `${Trova.points(grid.gradient[cell])} points a step`]);
      rows.push(["trainings", String(grid.repeats[cell])]);
      if (grid.parameters[cell] !== null) rows.push(["numbers it learns", grid.parameters[cell].toLocaleString("en")]);
    }
    const list = Trova.element("dl", {}, ...rows.flatMap(([name, value]) => [Trova.element("dt", {}, name), Trova.element("dd", {}, value)]));
    const head = Trova.element("b", {}, grid.isHole(cell) ? "no result" : `${Trova.digits(grid.quality[cell])} %`);
    const said = grid.isHole(cell) ? grid.reasons[grid.state[cell]] : cell === grid.best ? "the best cell" : grid.inside && grid.inside[cell] ? "cannot be told from the best" : "";
    box.replaceChildren(Trova.element("div", { class: "head" }, head, Trova.element("span", { class: "soft" }, said)), list, trials(cell));
  };

  const trials = (cell) => {
    const mine = (grid.trials || []).filter((trial) => trial[0] === cell);
    if (mine.length < 2) return "";
    const body = mine.map(([, fold, seed, quality]) => Trova.element("tr", {}, ...[fold ?? "", seed, quality === null ? "–" : `${Trova.digits(quality)} %`].map((text) => Trova.element("td", { class: "number" }, String(text)))));
    const head = Trova.element("tr", {}, ...["Fold", "Seed", "Quality"].map((text) => Trova.element("th", { class: "number" }, text)));
    return Trova.element("details", {}, Trova.element("summary", {}, `${mine.length} trainings`), Trova.element("table", { class: "narrow" }, head, ...body));
  };

  const matrix = () => {
    const box = find("matrix"), counts = grid.confusion && grid.confusion[shared.cell];
    if (!box) return;
    if (!counts) { box.replaceChildren(Trova.element("p", { class: "soft" }, "This cell has no result, so no matrix.")); return; }
    const names = grid.classes, count = names.length, at = (row, column) => counts[row * count + column];
    const sum = (numbers) => numbers.reduce((total, number) => total + number, 0), each = [...names.keys()];
    const total = sum(counts), share = (part, whole) => (whole ? `${((100 * part) / whole).toFixed(1)} %` : "–");
    const row = (...cells) => Trova.element("tr", {}, ...cells), cell = (kind, text, more = {}) => Trova.element(kind, more, text);
    // how sure each share is, in the order of the data: of the cells, then of the margins, then of the accuracy
    const sure = grid.sure && grid.sure[shared.cell];
    const ends = (number) => (sure && sure[2 * number] !== null ? `${sure[2 * number]} to ${sure[2 * number + 1]}` : "");
    const margin = (figure, place, part, whole) => Trova.element("td", { class: "number" }, share(part, whole), Trova.element("span", { class: "sure" }, ends(count * count + figure * count + place)));
    const head = row(cell("th", "true ↓, predicted →"), ...names.map((name) => cell("th", name)), cell("th", "sensitivity"), cell("th", "specificity"));
    const body = each.map((true_class) => {
      const own = sum(each.map((column) => at(true_class, column))), taken = sum(each.map((other) => at(other, true_class)));
      const shaded = each.map((column) => {
        const part = own ? at(true_class, column) / own : 0, right = column === true_class, strength = Math.round(100 * part ** 0.7);
        const made = Trova.element("td", { class: `count ${right ? "right" : "wrong"}` }, Trova.element("b", {}, String(at(true_class, column))), Trova.element("span", {}, share(at(true_class, column), own)), Trova.element("span", { class: "sure" }, ends(true_class * count + column)));
        made.style.setProperty("--strength", `${strength}%`);
        made.classList.toggle("full", strength > 55);
        return made;
      });
      return row(cell("th", names[true_class]), ...shaded, margin(0, true_class, at(true_class, true_class), own), margin(1, true_class, total - own - taken + at(true_class, true_class), total - own));
    });
    const taken = each.map((column) => sum(each.map((other) => at(other, column)))), own = each.map((other) => sum(each.map((column) => at(other, column))));
    const foot = [
      row(cell("th", "positive predictive value"), ...each.map((column) => margin(2, column, at(column, column), taken[column]))),
      row(cell("th", "negative predictive value"), ...each.map((column) => margin(3, column, total - own[column] - taken[column] + at(column, column), total - taken[column]))),
    ];
    const right = sum(each.map((column) => at(column, column)));
    box.replaceChildren(
      Trova.element("table", { class: "matrix" }, head, ...body, ...foot),
      Trova.element("p", { class: "small soft" }, `Accuracy ${share(right, total)}${sure ? ` (${ends(count * count + 4 * count)})` : ""} of ${total.toLocaleString("en")} told. In each cell the count, and its share of the true class${sure ? "; below each share its interval by event, at 95 %" : ""}.`),
    );
  };

  const order = { key: "quality", down: true, all: false };
  const table = () => {
    const box = find("table");
    if (!box) return;
    const places = (cell) => grid.place(cell);
    const columns = [
      ...grid.axes.map((axis, at) => ({ key: `axis ${at}`, title: axis.title, of: (cell) => places(cell)[at], says: (cell) => axis.labels[places(cell)[at]] })),
      { key: "quality", title: "Quality, %", of: (cell) => grid.quality[cell], says: (cell) => Trova.digits(grid.quality[cell]) },
      ...(grid.low ? [{ key: "low", title: "95 % by event", of: (cell) => grid.low[cell], says: (cell) => `${Trova.digits(grid.low[cell])} to ${Trova.digits(grid.high[cell])}` }] : []),
      { key: "gradient", title: "Gradient, points", of: (cell) => grid.gradient[cell], says: (cell) => (grid.gradient[cell] === null ? "–" : Trova.points(grid.gradient[cell])) },
      { key: "repeats", title: "Trainings", of: (cell) => grid.repeats[cell], says: (cell) => String(grid.repeats[cell]) },
      { key: "parameters", title: "Numbers it learns", of: (cell) => grid.parameters[cell], says: (cell) => (grid.parameters[cell] === null ? "–" : grid.parameters[cell].toLocaleString("en")) },
      ...(grid.inside ? [{ key: "inside", title: "As good as the best", of: (cell) => grid.inside[cell], says: (cell) => (grid.inside[cell] ? "yes" : "") }] : []),
    ];
    const column = columns.find((each) => each.key === order.key) || columns[0];
    const cells = Array.from({ length: grid.size }, (_, cell) => cell);
    cells.sort((a, b) => {
      const [first, second] = [column.of(a), column.of(b)];
      // without a result it comes last, either way
      if (first === null || second === null) return (first === null) - (second === null) || a - b;
      return (order.down ? second - first : first - second) || a - b;
    });
    // the picked cell is always in sight
    const shown = order.all ? cells : cells.filter((cell, at) => at < 25 || cell === shared.cell);
    const head = Trova.element("tr", {}, ...columns.map((each) =>
      Trova.element("th", { "aria-sort": each === column ? (order.down ? "descending" : "ascending") : "none", class: "number" },
        Trova.element("button", { onclick: () => { Object.assign(order, { key: each.key, down: each.key === order.key ? !order.down : true }); table(); } }, each.title + (each === column ? (order.down ? " ↓" : " ↑") : "")))));
    const rows = shown.map((cell) => {
      const texts = columns.map((each) => (grid.isHole(cell) && !each.key.startsWith("axis") ? (each.key === "quality" ? grid.reasons[grid.state[cell]] : "") : each.says(cell)));
      return Trova.element("tr", { tabindex: "0", class: cell === shared.cell ? "here" : "", onclick: () => shared.pick(cell), onkeydown: (event) => { if (event.key === "Enter") shared.pick(cell); } },
        ...texts.map((text) => Trova.element("td", { class: "number" }, text)));
    });
    const more = cells.length > shown.length ? Trova.element("button", { class: "plain", onclick: () => { order.all = true; table(); } }, `Show all ${cells.length.toLocaleString("en")}`) : "";
    box.replaceChildren(Trova.element("table", {}, Trova.element("thead", {}, head), Trova.element("tbody", {}, ...rows)), more);
  };

  const follow = () => {
    Trova.hint.hide();
    shared.frame = null;
    const place = grid.place(shared.cell);
    for (const slider of sliders?.querySelectorAll("input") || []) {
      const axis = Number(slider.dataset.axis);
      slider.value = place[axis];
      slider.nextSibling.textContent = grid.axes[axis].labels[place[axis]];
    }
    cube.draw();
    for (const [name, draw] of [["images", Trova.images], ["lines", Trova.lines], ["tradeoff", Trova.tradeoff]]) {
      const box = find(name);
      if (box) draw(box, grid, shared);
    }
    card();
    matrix();
    table();
  };
  choose(shared.of);
  document.documentElement.dataset.drawn = "yes";
})();
