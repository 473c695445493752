// Draws a pose in 3D onto a canvas: floor, shadow, body. Metres, Y up.

const PIECES = 3; // per bone, so that crossing bones hide each other correctly
const MIDDLE = 0.85; // height in metres that the camera looks at
const REACH = 1.45; // radius in metres around it that is always visible

const darkScheme = matchMedia("(prefers-color-scheme: dark)");

/** Joints, each as [x, y, z] in metres, from 66 numbers in whole millimetres. */
function inMetres(millimetres) {
  return Array.from({ length: millimetres.length / 3 }, (_, i) => [0, 1, 2].map((axis) => millimetres[3 * i + axis] / 1000));
}

/** How much poses must shrink so that all of them are visible from every side: 1 or less. */
function shrinkOf(poses) {
  const far = poses.flat().map(([x, y, z]) => Math.hypot(x, y - MIDDLE, z) + 0.2);
  return REACH / Math.max(REACH, ...far);
}

class Scene {
  /**
   * @param settings of the page
   * @param pen context of a canvas, scaled so that the scene is `size` wide and high
   * @param look azimuth and elevation in radians, shrink, scheme (light or dark)
   */
  constructor(settings, pen, size, look) {
    Object.assign(this, { settings, pen, size, shrink: look.shrink, colours: settings.colours[look.scheme] });
    const [sin, cos] = [Math.sin(look.azimuth), Math.cos(look.azimuth)];
    const [rise, run] = [Math.sin(look.elevation), Math.cos(look.elevation)];
    this.right = [cos, 0, -sin];
    this.up = [-sin * rise, run, -cos * rise];
    this.near = [sin * run, rise, cos * run];
    this.scale = size / 2 / REACH;
  }

  /** Draw everything; `joints` may be null. */
  draw(joints) {
    const { pen, colours } = this;
    pen.fillStyle = colours.paper;
    pen.fillRect(0, 0, this.size, this.size);
    this.#floor();
    if (joints) this.#body(joints.map((joint) => joint.map((metres) => metres * this.shrink)));
  }

  /** Project a point: pixels, depth in metres towards the camera, pixels per metre at this depth. */
  #project([x, y, z]) {
    const { right, up, near } = this;
    const height = y - MIDDLE;
    const depth = near[0] * x + near[1] * height + near[2] * z;
    const scale = (this.scale * this.settings.distance) / (this.settings.distance - depth);
    return {
      x: this.size / 2 + scale * (right[0] * x + right[2] * z),
      y: this.size / 2 - scale * (up[0] * x + up[1] * height + up[2] * z),
      depth,
      scale,
    };
  }

  #line(points, colour, width) {
    const { pen } = this;
    pen.strokeStyle = colour;
    pen.lineWidth = width;
    pen.beginPath();
    for (const point of points) {
      const { x, y } = this.#project(point);
      pen.lineTo(x, y);
    }
    pen.stroke();
  }

  #floor() {
    const { pen, colours } = this;
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
      this.#line([[i / 4, 0, -1], [i / 4, 0, 1]], colour, 1);
      this.#line([[-1, 0, i / 4], [1, 0, i / 4]], colour, 1);
    }
    this.#line([[0, 0, 1.04], [0, 0, 1.2]], colours.arrow, 2);
    this.#line([[-0.05, 0, 1.14], [0, 0, 1.2], [0.05, 0, 1.14]], colours.arrow, 2);
    if (this.size < 250) return;
    const { x, y } = this.#project([0, 0, 1.36]);
    pen.fillStyle = colours.label;
    pen.font = "12px system-ui, sans-serif";
    pen.textAlign = "center";
    pen.textBaseline = "middle";
    pen.fillText("front", x, y);
  }

  #body(points) {
    const { bones, head } = this.settings;
    for (const bone of bones) {
      const [a, b] = [points[bone.from], points[bone.to]];
      const { scale } = this.#project([a[0], 0, a[2]]);
      const width = (bone.radii[0] + bone.radii[1]) * scale * this.shrink;
      this.#line([[a[0], 0, a[2]], [b[0], 0, b[2]]], this.colours.grid_fine, width);
    }
    const pieces = bones.flatMap((bone) => this.#pieces(points, bone));
    pieces.push(this.#head(points, head));
    pieces.sort((a, b) => a.depth - b.depth);
    for (const piece of pieces) this.#piece(piece);
    if (this.shrink < 1 && this.size >= 250) {
      this.pen.fillStyle = this.colours.label;
      this.pen.textAlign = "left";
      this.pen.fillText(`drawn at ${Math.round(100 * this.shrink)} % of the scale`, 8, 14);
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
      return { start, end, edge: edge[0] < edge[1] ? edge.map(at) : null, depth, radius, limb: bone.limb };
    });
  }

  #head(points, { radius, lift, limb }) {
    const names = this.settings.jointNames;
    const [neck, top] = [points[names.indexOf("neck")], points[names.indexOf("head")]];
    const away = top.map((metres, axis) => metres - neck[axis]);
    const length = Math.hypot(...away) || 1;
    const start = this.#project(top.map((metres, axis) => metres + (away[axis] * lift * this.shrink) / length));
    return { start, end: start, depth: start.depth, radius: radius * this.shrink, limb };
  }

  #piece({ start, end, edge, depth, radius, limb }) {
    const { pen, colours } = this;
    const pale = Math.max(0, Math.min(0.3, 0.12 - 0.2 * depth));
    const mixed = colours.rgb[limb].map((part, i) => Math.round(part + (colours.rgb.paper[i] - part) * pale));
    const tint = `rgb(${mixed.join(",")})`;
    const width = 2 * radius * start.scale;
    const outline = this.size < 250 ? 1.2 : 2.5;
    pen.beginPath();
    if (start === end) {
      pen.fillStyle = tint;
      pen.strokeStyle = colours.paper;
      pen.lineWidth = outline;
      pen.arc(start.x, start.y, width / 2, 0, 2 * Math.PI);
      pen.stroke();
      pen.fill();
      return;
    }
    if (edge) {
      for (const { x, y } of edge) pen.lineTo(x, y);
      pen.lineCap = "butt";
      pen.strokeStyle = colours.paper;
      pen.lineWidth = width + outline;
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
