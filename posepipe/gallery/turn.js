// The 3D view: a pose on a canvas, turned by pointer or keys. Metres, Y up; starts with the camera of the picture.

const PIECES = 3; // per bone, so that crossing bones hide each other correctly
const MIDDLE = 0.85; // height in metres that the camera looks at
const REACH = 1.45; // radius in metres around it that is always visible

class Turn {
  constructor(canvas, settings) {
    Object.assign(this, { canvas, settings });
    this.joints = null;
    this.reset();
    canvas.addEventListener("pointerdown", (event) => this.#down(event));
    canvas.addEventListener("pointermove", (event) => this.#move(event));
    canvas.addEventListener("dblclick", () => this.reset());
    new ResizeObserver(() => this.#later()).observe(canvas);
  }

  /** Show a pose (66 numbers in whole millimetres), or null for none. The view direction does not change. */
  show(millimetres) {
    this.joints = null;
    if (millimetres) {
      this.joints = [];
      for (let i = 0; i < millimetres.length; i += 3) this.joints.push(millimetres.slice(i, i + 3).map((mm) => mm / 1000));
    }
    this.#later();
  }

  reset() {
    this.azimuth = this.settings.azimuth;
    this.elevation = this.settings.elevation;
    this.#later();
  }

  /** Turn the pose to the right, and its head towards the viewer, by angles in radians. */
  turn(right, over) {
    this.azimuth -= right;
    this.elevation = Math.max(-0.25, Math.min(Math.PI / 2, this.elevation + over));
    this.#later();
  }

  #down(event) {
    if (event.button) return;
    event.preventDefault();
    this.canvas.setPointerCapture(event.pointerId);
    this.from = { id: event.pointerId, x: event.clientX, y: event.clientY };
  }

  #move(event) {
    if (this.from?.id !== event.pointerId || !event.buttons) return;
    this.turn((event.clientX - this.from.x) * 0.01, (event.clientY - this.from.y) * 0.01);
    Object.assign(this.from, { x: event.clientX, y: event.clientY });
  }

  #later() {
    this.due ??= requestAnimationFrame(() => {
      this.due = null;
      this.#draw();
    });
  }

  /** Project a point: pixels, depth in metres towards the camera, pixels per metre at this depth. */
  #project([x, y, z]) {
    const { right, up, near, size, scale } = this.look;
    const height = y - MIDDLE;
    const depth = near[0] * x + near[1] * height + near[2] * z;
    const there = (scale * this.settings.distance) / (this.settings.distance - depth);
    return {
      x: size / 2 + there * (right[0] * x + right[2] * z),
      y: size / 2 - there * (up[0] * x + up[1] * height + up[2] * z),
      depth,
      scale: there,
    };
  }

  #aim() {
    const size = this.canvas.clientWidth;
    const [sin, cos] = [Math.sin(this.azimuth), Math.cos(this.azimuth)];
    const [rise, run] = [Math.sin(this.elevation), Math.cos(this.elevation)];
    const far = (this.joints ?? []).map(([x, y, z]) => Math.hypot(x, y - MIDDLE, z) + 0.2);
    this.shrink = Math.min(1, REACH / Math.max(REACH, ...far));
    const look = { right: [cos, 0, -sin], up: [-sin * rise, run, -cos * rise], near: [sin * run, rise, cos * run] };
    this.look = { ...look, size, scale: size / 2 / REACH };
  }

  #draw() {
    const ratio = Math.min(3, devicePixelRatio || 1);
    const pixels = Math.round(this.canvas.clientWidth * ratio);
    if (!pixels) return;
    if (this.canvas.width !== pixels) this.canvas.width = this.canvas.height = pixels;
    const pen = this.canvas.getContext("2d");
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    pen.fillStyle = "white";
    pen.fillRect(0, 0, pixels, pixels);
    this.#aim();
    this.#floor(pen);
    if (this.joints) this.#body(pen);
    const degrees = (angle) => Math.round((angle * 180) / Math.PI);
    this.canvas.dataset.azimuth = degrees(this.azimuth);
    this.canvas.dataset.elevation = degrees(this.elevation);
  }

  #line(pen, points, colour, width) {
    pen.strokeStyle = colour;
    pen.lineWidth = width;
    pen.beginPath();
    for (const point of points) {
      const { x, y } = this.#project(point);
      pen.lineTo(x, y);
    }
    pen.stroke();
  }

  #floor(pen) {
    const { colours } = this.settings;
    pen.lineCap = pen.lineJoin = "round";
    pen.fillStyle = colours.floor;
    pen.beginPath();
    for (const corner of [[-1, 0, -1], [1, 0, -1], [1, 0, 1], [-1, 0, 1]]) {
      const { x, y } = this.#project(corner);
      pen.lineTo(x, y);
    }
    pen.fill();
    for (let i = -4; i <= 4; i++) {
      const colour = i % 2 ? colours.grid_fine : colours.grid;
      this.#line(pen, [[i / 4, 0, -1], [i / 4, 0, 1]], colour, 1);
      this.#line(pen, [[-1, 0, i / 4], [1, 0, i / 4]], colour, 1);
    }
    this.#line(pen, [[0, 0, 1.04], [0, 0, 1.2]], colours.arrow, 2);
    this.#line(pen, [[-0.05, 0, 1.14], [0, 0, 1.2], [0.05, 0, 1.14]], colours.arrow, 2);
    const { x, y } = this.#project([0, 0, 1.3]);
    pen.fillStyle = colours.label;
    pen.font = "12px system-ui, sans-serif";
    pen.textAlign = "center";
    pen.textBaseline = "middle";
    pen.fillText("front", x, y);
  }

  #body(pen) {
    const { bones, head, colours } = this.settings;
    const points = this.joints.map((joint) => joint.map((metres) => metres * this.shrink));
    for (const bone of bones) {
      const [a, b] = [points[bone.from], points[bone.to]];
      const { scale } = this.#project([a[0], 0, a[2]]);
      this.#line(pen, [[a[0], 0, a[2]], [b[0], 0, b[2]]], colours.grid_fine, (bone.radii[0] + bone.radii[1]) * scale * this.shrink);
    }
    const pieces = bones.flatMap((bone) => this.#pieces(points, bone));
    pieces.push(this.#head(points, head));
    pieces.sort((a, b) => a.depth - b.depth);
    for (const piece of pieces) this.#piece(pen, piece);
    if (this.shrink < 1) {
      pen.fillStyle = colours.warning;
      pen.textAlign = "left";
      pen.fillText(`drawn at ${Math.round(100 * this.shrink)} % of the scale`, 8, 14);
    }
  }

  #pieces(points, bone) {
    const [from, to] = [points[bone.from], points[bone.to]];
    const at = (share) => this.#project(from.map((metres, axis) => metres + share * (to[axis] - metres)));
    const length = Math.hypot(...from.map((metres, axis) => metres - to[axis]));
    const joint = Math.min(0.5, (Math.max(...bone.radii) * this.shrink) / (length || 1)); // no edge lines near a joint, where limbs bend
    return Array.from({ length: PIECES }, (_, i) => {
      const [first, last] = [i / PIECES, (i + 1) / PIECES];
      const [start, end] = [at(first), at(last)];
      const edge = [Math.max(first, joint), Math.min(last, 1 - joint)];
      const radius = (bone.radii[0] + ((first + last) / 2) * (bone.radii[1] - bone.radii[0])) * this.shrink;
      const depth = (start.depth + end.depth) / 2;
      return { start, end, edge: edge[0] < edge[1] ? edge.map(at) : null, depth, radius, colour: bone.colour };
    });
  }

  #head(points, { radius, lift }) {
    const names = this.settings.jointNames;
    const [neck, top] = [points[names.indexOf("neck")], points[names.indexOf("head")]];
    const away = top.map((metres, axis) => metres - neck[axis]);
    const length = Math.hypot(...away) || 1;
    const start = this.#project(top.map((metres, axis) => metres + (away[axis] * lift * this.shrink) / length));
    const colour = this.settings.bones.find((bone) => names[bone.to] === "head").colour;
    return { start, end: start, depth: start.depth, radius: radius * this.shrink, colour };
  }

  #piece(pen, { start, end, edge, depth, radius, colour }) {
    const pale = Math.max(0, Math.min(0.3, 0.12 - 0.2 * depth));
    const tint = `rgb(${colour.map((part) => Math.round(part + (255 - part) * pale)).join(",")})`;
    const width = 2 * radius * start.scale;
    pen.beginPath();
    if (start === end) {
      pen.fillStyle = tint;
      pen.strokeStyle = "white";
      pen.lineWidth = 2;
      pen.arc(start.x, start.y, width / 2, 0, 2 * Math.PI);
      pen.stroke();
      pen.fill();
      return;
    }
    if (edge) {
      for (const { x, y } of edge) pen.lineTo(x, y);
      pen.lineCap = "butt";
      pen.strokeStyle = "white";
      pen.lineWidth = width + 2.5;
      pen.stroke();
      pen.beginPath();
    }
    pen.moveTo(start.x, start.y);
    pen.lineTo(end.x, end.y);
    pen.lineCap = "round";
    pen.strokeStyle = tint;
    pen.lineWidth = width;
    pen.stroke();
  }
}
