"use strict";
// The cube: projected points on a canvas, turned by dragging; the arrow keys walk through the grid and say each node.
Trova.Cube = class {
  constructor(holder, grid, shared) {
    this.grid = grid;
    this.shared = shared;
    this.axes = shared.axes.slice(0, 3);
    this.flat = this.axes.length < 3;
    this.canvas = Trova.element("canvas", {
      class: "cube", tabindex: "0", role: "img",
      "aria-label": "Cube of all combinations. Arrow keys and Page keys walk from node to node; with Shift they turn it.",
    });
    this.said = Trova.element("p", { class: "said", role: "status", "aria-live": "polite" });
    holder.append(this.canvas, this.said);
    this.nodes = [];
    this.reset();
    this.listen();
    new ResizeObserver(() => this.draw()).observe(this.canvas);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.draw());
  }

  reset() {
    this.yaw = this.flat ? 0 : -0.62;
    this.pitch = this.flat ? Math.PI / 2 : 0.4;
    this.draw();
  }

  listen() {
    const { canvas } = this;
    let from = null, moved = 0;
    canvas.addEventListener("pointerdown", (event) => {
      from = [event.clientX, event.clientY];
      moved = 0;
      canvas.setPointerCapture(event.pointerId);
    });
    canvas.addEventListener("pointermove", (event) => {
      if (from && !this.flat) {
        const [x, y] = [event.clientX - from[0], event.clientY - from[1]];
        moved += Math.abs(x) + Math.abs(y);
        from = [event.clientX, event.clientY];
        this.turn(x / 160, y / 160);
        Trova.hint.hide();
        return;
      }
      const node = this.under(event);
      canvas.style.cursor = node ? "pointer" : this.flat ? "default" : "grab";
      if (node) Trova.hint.show(this.grid.says(node.cell, this.shared.of), event.clientX, event.clientY);
      else Trova.hint.hide();
    });
    const let_go = (event) => {
      if (from && moved < 5 && event.type === "pointerup") {
        const node = this.under(event);
        if (node) this.shared.pick(node.cell);
      }
      from = null;
    };
    canvas.addEventListener("pointerup", let_go);
    canvas.addEventListener("pointercancel", let_go);
    canvas.addEventListener("pointerleave", () => Trova.hint.hide());
    canvas.addEventListener("keydown", (event) => {
      const step = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowDown: [1, -1], ArrowUp: [1, 1], PageDown: [2, -1], PageUp: [2, 1] }[event.key];
      if (event.key === "Home") this.shared.pick(this.grid.best);
      else if (!step) return;
      else if (event.shiftKey) this.turn(step[0] === 0 ? step[1] * 0.12 : 0, step[0] === 1 ? step[1] * 0.12 : 0);
      else if (step[0] < this.axes.length) {
        const axis = this.axes[step[0]], { cell } = this.shared;
        this.shared.pick(this.grid.moved(cell, axis, this.grid.place(cell)[axis] + step[1]));
      }
      event.preventDefault();
    });
  }

  turn(yaw, pitch) {
    if (this.flat) return;
    this.yaw += yaw;
    this.pitch = Math.min(Math.max(this.pitch + pitch, -1.5), 1.5);
    this.draw();
  }

  under(event) {
    const box = this.canvas.getBoundingClientRect();
    const [x, y] = [event.clientX - box.left, event.clientY - box.top];
    let found = null, least = Infinity;
    // the last ones lie in front
    for (const node of this.nodes) {
      const away = Math.hypot(node.x - x, node.y - y);
      if (away <= Math.max(node.radius + 3, 7) && away <= least + 4) [found, least] = [node, away];
    }
    return found;
  }

  // a point of the unit cube on the page, and how far away it is
  project([x, y, z]) {
    const [sine, cosine] = [Math.sin(this.yaw), Math.cos(this.yaw)];
    const right = (x - 0.5) * cosine - (y - 0.5) * sine, back = (x - 0.5) * sine + (y - 0.5) * cosine;
    const up = (z - 0.5) * Math.cos(this.pitch) + back * Math.sin(this.pitch);
    const depth = back * Math.cos(this.pitch) - (z - 0.5) * Math.sin(this.pitch);
    const scale = this.flat ? 1 : 3.4 / (3.4 + depth);
    return { x: this.middle[0] + this.unit * right * scale, y: this.middle[1] - this.unit * up * scale, depth, scale };
  }

  draw() {
    const { canvas } = this, wide = canvas.clientWidth, high = canvas.clientHeight;
    if (!wide || !high) return;
    const fine = window.devicePixelRatio || 1;
    if (canvas.width !== Math.round(wide * fine) || canvas.height !== Math.round(high * fine)) {
      canvas.width = Math.round(wide * fine);
      canvas.height = Math.round(high * fine);
    }
    const pen = (this.pen = canvas.getContext("2d"));
    pen.setTransform(fine, 0, 0, fine, 0, 0);
    pen.clearRect(0, 0, wide, high);
    const look = getComputedStyle(canvas);
    [this.ink, this.soft, this.line, this.accent, this.hole, this.card] = ["--ink", "--soft", "--line", "--mark", "--hole", "--card"].map((name) => look.getPropertyValue(name).trim());
    this.middle = [wide / 2 - (this.flat ? 0 : 8), high / 2 - (this.flat ? 8 : 6)];
    this.unit = this.flat ? Math.min(wide - 130, high - 90) : Math.min(wide - 40, high) * 0.56;
    pen.font = "12px Roboto, 'Segoe UI', system-ui, sans-serif";
    this.frame();
    this.points();
    canvas.dataset.nodes = this.nodes.length;
    canvas.dataset.turned = `${this.yaw.toFixed(3)} ${this.pitch.toFixed(3)}`;
  }

  // the three faces at the back, their lines at the ticks, and the names and values along the outer edges
  frame() {
    const dimensions = Math.max(this.axes.length, 2), sides = [0, 1, 2].map((axis) => {
      const [low, high] = [0, 1].map((end) => this.project([0.5, 0.5, 0.5].map((half, other) => (other === axis ? end : half))).depth);
      return low > high ? 0 : 1;
    });
    if (this.flat) sides[2] = 0;
    for (let face = 0; face < 3; face++) {
      if (this.flat && face < 2) continue;
      const [first, second] = [0, 1, 2].filter((axis) => axis !== face);
      const at = (a, b) => { const point = [0, 0, 0]; point[face] = sides[face]; point[first] = a; point[second] = b; return point; };
      this.path([at(0, 0), at(1, 0), at(1, 1), at(0, 1), at(0, 0)], this.line, 1.2);
      for (const [along, make] of [[first, (share) => [at(share, 0), at(share, 1)]], [second, (share) => [at(0, share), at(1, share)]]])
        for (const { share } of this.marks(along)) this.path(make(share), this.line, 0.5);
    }
    for (let axis = 0; axis < Math.min(dimensions, this.axes.length); axis++) this.label(axis, sides);
  }

  marks(axis) {
    if (axis >= this.axes.length) return [];
    return Trova.roomy(this.grid.axes[this.axes[axis]], 1 / 10.5);
  }

  label(axis, sides) {
    const along = (corner) => (share) => { const point = [...corner]; point[axis] = share; return point; };
    let edge;
    if (axis < 2) {
      // on the ground, at the front
      const corner = [0, 0, sides[2]];
      corner[1 - axis] = 1 - sides[1 - axis];
      if (this.flat) corner[1 - axis] = 0;
      edge = along(corner);
    } else {
      // the upright edge that lies outermost
      const corners = [[0, 0], [0, 1], [1, 0], [1, 1]].map(([x, y]) => [x, y, 0]);
      edge = along(corners.reduce((best, each) => (this.project([...each.slice(0, 2), 0.5]).x > this.project([...best.slice(0, 2), 0.5]).x ? each : best)));
    }
    const [start, end] = [this.project(edge(0)), this.project(edge(1))];
    const centre = this.project([0.5, 0.5, 0.5]), half = this.project(edge(0.5));
    let [x, y] = [end.y - start.y, start.x - end.x];
    const length = Math.hypot(x, y) || 1;
    [x, y] = [x / length, y / length];
    if (x * (half.x - centre.x) + y * (half.y - centre.y) < 0) [x, y] = [-x, -y];
    this.path([edge(0), edge(1)], this.soft, 1.3);
    const { pen } = this;
    pen.textBaseline = "middle";
    pen.textAlign = Math.abs(x) < 0.35 ? "center" : x > 0 ? "left" : "right";
    pen.fillStyle = this.ink;
    let widest = 0;
    for (const { share, text } of this.marks(axis)) {
      const at = this.project(edge(share));
      pen.fillText(text, at.x + 9 * x, at.y + 11 * y);
      widest = Math.max(widest, pen.measureText(text).width);
    }
    const away = 22 + Math.abs(x) * widest;
    pen.fillStyle = this.soft;
    pen.font = "600 12px Roboto, 'Segoe UI', system-ui, sans-serif";
    const title = this.grid.axes[this.axes[axis]].along;
    const reach = pen.measureText(title).width, wide = this.canvas.clientWidth;
    // beside its edge, or above an upright one
    let [spot, height] = [half.x + away * x, half.y + (away + 4) * y];
    if (axis === 2 && !this.flat) {
      const top = start.y < end.y ? start : end;
      [spot, height] = [top.x - reach / 2, top.y - 12];
    } else spot -= Math.abs(x) < 0.35 ? reach / 2 : x > 0 ? 0 : reach;
    pen.textAlign = "left";
    // no name leaves the canvas
    pen.fillText(title, Math.min(Math.max(spot, 2), wide - reach - 2), height);
    pen.font = "12px Roboto, 'Segoe UI', system-ui, sans-serif";
  }

  path(points, colour, width) {
    const { pen } = this;
    pen.beginPath();
    points.map((point) => this.project(point)).forEach(({ x, y }, at) => (at ? pen.lineTo(x, y) : pen.moveTo(x, y)));
    pen.strokeStyle = colour;
    pen.lineWidth = width;
    pen.stroke();
  }

  points() {
    const { grid, shared, pen } = this;
    const place = grid.place(shared.cell), counts = this.axes.map((axis) => grid.shape[axis]);
    const many = Math.max(...counts, 4), base = (0.2 * this.unit) / many + (this.flat ? 2 : 0.6);
    const nodes = [];
    const walk = (depth, point) => {
      if (depth === this.axes.length) {
        const cell = grid.cell(place);
        const spot = this.project([point[0] ?? 0.5, point[1] ?? 0.5, point[2] ?? 0]);
        nodes.push({ cell, x: spot.x, y: spot.y, depth: spot.depth, radius: base * spot.scale });
        return;
      }
      const axis = this.axes[depth], before = place[axis];
      for (let at = 0; at < grid.shape[axis]; at++) {
        place[axis] = at;
        walk(depth + 1, [...point, grid.axes[axis].at[at]]);
      }
      place[axis] = before;
    };
    walk(0, []);
    nodes.sort((first, second) => second.depth - first.depth);
    this.nodes = nodes.filter((node) => {
      const number = grid.number(shared.of, node.cell);
      return shared.threshold === null || (number !== null && grid.quality[node.cell] >= shared.threshold);
    });
    for (const node of this.nodes) {
      const { cell, x, y, radius } = node, number = grid.number(shared.of, cell);
      pen.beginPath();
      if (number === null) {
        const arm = Math.max(radius * 0.5, 2.5);
        pen.moveTo(x - arm, y - arm); pen.lineTo(x + arm, y + arm); pen.moveTo(x - arm, y + arm); pen.lineTo(x + arm, y - arm);
        pen.strokeStyle = this.hole;
        pen.lineWidth = 1.4;
        pen.stroke();
      } else {
        pen.arc(x, y, radius, 0, 2 * Math.PI);
        pen.fillStyle = grid.colour(shared.of, number);
        pen.fill();
        const inside = grid.inside && grid.inside[cell];
        pen.strokeStyle = inside ? this.ink : this.card;
        pen.lineWidth = inside ? 2 : 0.5;
        pen.stroke();
      }
      if (cell === shared.cell) {
        pen.beginPath();
        pen.arc(x, y, radius + 4, 0, 2 * Math.PI);
        pen.strokeStyle = this.accent;
        pen.lineWidth = 2.5;
        pen.stroke();
      }
    }
    this.said.textContent = grid.says(shared.cell, shared.of);
  }
};
