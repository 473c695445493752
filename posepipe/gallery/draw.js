// Draws a pose in 3D onto a canvas: floor, shadow, body. Metres, Y up.

const LIGHT = [-0.5, 0.72, 0.48]; // to the right, up and towards the camera
const NEAR_FLOOR = 1; // metres; below this height the floor belongs to what is shown
const LARGE = 250; // pixels; smaller scenes have no lettering and fewer faces
const SHARPEST = 1200; // pixels of the raster of a body, at most

const darkScheme = matchMedia("(prefers-color-scheme: dark)");

/** What a camera must show so that poses fit from every side: `middle` of a sphere and its radius `reach`, in metres. */
function roomOf(poses) {
  const points = poses.flatMap(({ joints }) => joints);
  const lowest = Math.min(...points.map((point) => point[1]));
  if (lowest < NEAR_FLOOR) points.push([poses[0].joints[0][0], 0, poses[0].joints[0][2]]);
  const ends = (axis) => points.reduce(([low, high], point) => [Math.min(low, point[axis]), Math.max(high, point[axis])], [Infinity, -Infinity]);
  const middle = [0, 1, 2].map((axis) => (ends(axis)[0] + ends(axis)[1]) / 2);
  const size = Math.max(...poses.map((pose) => pose.size));
  const reach = Math.max(...points.map((point) => Math.hypot(...minus(point, middle)))) + 0.17 * size;
  return { middle, reach, distance: Math.max(7 * size, 4 * reach) };
}

class Scene {
  /**
   * @param settings of the page
   * @param pen context of a canvas, scaled so that the scene is `size` wide and high
   * @param look azimuth and elevation in radians, room (of roomOf), scheme (light or dark), ratio (device pixels)
   */
  constructor(settings, pen, size, look) {
    Object.assign(this, { settings, pen, size, room: look.room, ratio: look.ratio ?? 1, colours: settings.colours[look.scheme] });
    const [sin, cos] = [Math.sin(look.azimuth), Math.cos(look.azimuth)];
    const [rise, run] = [Math.sin(look.elevation), Math.cos(look.elevation)];
    this.axes = [[cos, 0, -sin], [-sin * rise, run, -cos * rise], [sin * run, rise, cos * run]];
    this.scale = size / 2 / this.room.reach;
  }

  /** Draw everything; `pose` may be null. */
  draw(pose) {
    const { pen, colours } = this;
    pen.fillStyle = colours.paper;
    pen.fillRect(0, 0, this.size, this.size);
    pen.lineCap = pen.lineJoin = "round";
    this.#floor();
    if (!pose) return;
    this.#shadow(pose);
    this.#body(pose);
  }

  /** A point as the camera sees it: metres to the right, up and towards the camera, from the middle of the room. */
  #seen(point) {
    return this.#turned(minus(point, this.room.middle));
  }

  #turned(direction) {
    const [right, up, near] = this.axes;
    return [dot(right, direction), dot(up, direction), dot(near, direction)];
  }

  /** Pixels of a point that the camera sees. */
  #pixel([right, up, near]) {
    const { distance } = this.room;
    const scale = (this.scale * distance) / Math.max(distance - near, 0.1 * distance);
    return [this.size / 2 + scale * right, this.size / 2 - scale * up];
  }

  #path(points) {
    this.pen.beginPath();
    for (const point of points) this.pen.lineTo(...this.#pixel(this.#seen(point)));
  }

  #line(points, colour, width) {
    this.#path(points);
    Object.assign(this.pen, { strokeStyle: colour, lineWidth: width });
    this.pen.stroke();
  }

  #floor() {
    const { pen, colours, room } = this;
    const [x, z] = [room.middle[0], room.middle[2]].map((metres) => Math.round(2 * metres) / 2);
    const step = room.reach < 8 ? 0.25 : 0.25 * 4 ** Math.ceil(Math.log(room.reach / 8) / Math.log(4));
    const half = 4 * step * Math.max(1, Math.ceil(room.reach / step / 4));
    pen.fillStyle = colours.floor;
    this.#path([[x - half, 0, z - half], [x + half, 0, z - half], [x + half, 0, z + half], [x - half, 0, z + half]]);
    pen.fill();
    for (let i = -half / step; i <= half / step; i++) {
      const colour = i % 2 ? colours.grid_fine : colours.grid;
      this.#line([[x + i * step, 0, z - half], [x + i * step, 0, z + half]], colour, 1);
      this.#line([[x - half, 0, z + i * step], [x + half, 0, z + i * step]], colour, 1);
    }
    const far = room.reach * 0.85;
    this.#line([[0, 0, far - 0.16], [0, 0, far]], colours.arrow, 2);
    this.#line([[-0.05, 0, far - 0.06], [0, 0, far], [0.05, 0, far - 0.06]], colours.arrow, 2);
    if (this.size < LARGE) return;
    pen.fillStyle = colours.label;
    pen.font = "12px system-ui, sans-serif";
    pen.textAlign = "center";
    pen.textBaseline = "middle";
    pen.fillText("front", ...this.#pixel(this.#seen([0, 0, far + 0.1])));
  }

  /** The shadow on the floor: the darker, the nearer the body is; soft at its edge. */
  #shadow({ joints, size }) {
    const { pen } = this;
    const low = (joint) => Math.max(0, joints[joint][1]) < 0.3 * size;
    const bones = this.settings.parents.flatMap((parent, joint) => (parent < 0 ? [] : [[parent, joint]]));
    const layer = (chosen, metres, strength) => {
      pen.beginPath();
      for (const [from, to] of chosen) {
        pen.moveTo(...this.#pixel(this.#seen([joints[from][0], 0, joints[from][2]])));
        pen.lineTo(...this.#pixel(this.#seen([joints[to][0], 0, joints[to][2]])));
      }
      Object.assign(pen, { strokeStyle: `rgba(0,0,0,${strength})`, lineWidth: metres * size * this.scale });
      pen.stroke();
    };
    for (let metres = 0.3; metres > 0.07; metres -= 0.03) layer(bones, metres, 0.02);
    for (let metres = 0.17; metres > 0.04; metres -= 0.02) layer(bones.filter((bone) => bone.every(low)), metres, 0.035);
  }

  #body(pose) {
    const side = Math.min(SHARPEST, Math.ceil(this.size * this.ratio * 2));
    const raster = new Raster(side);
    const sharp = side / this.size;
    for (const { material, item, points, normals, tones, faces } of surfacesOf(pose, this.settings.body, this.size < LARGE ? 12 : 16)) {
      const corners = points.map((point, i) => {
        const seen = this.#seen(point);
        const [x, y] = this.#pixel(seen);
        return [x * sharp, y * sharp, seen[2], ...this.#colour(material, tones[i], this.#turned(normals[i]), seen[2])];
      });
      for (const [first, ...others] of faces)
        for (let i = 1; i < others.length; i++) raster.triangle(corners[first], corners[others[i - 1]], corners[others[i]], item);
    }
    raster.separate(this.colours.rgb.paper, pose.size, Math.max(1, Math.round(sharp)));
    this.pen.imageSmoothingQuality = "medium";
    this.pen.drawImage(raster.canvas(), 0, 0, this.size, this.size);
  }

  /** The colour of a surface, RGB: darker where it turns away from light and camera, paler where it is far. */
  #colour(material, tone, normal, depth) {
    const { rgb } = this.colours;
    const [dark, middle] = rgb.materials[material];
    const lit = Math.max(0, dot(normal, LIGHT));
    const bright = tone * (0.52 + 0.58 * lit) * (0.74 + 0.26 * Math.max(0, normal[2]));
    const pale = Math.max(0, Math.min(0.3, 0.06 - 0.22 * depth));
    const own = bright < 1 ? between(dark, middle, bright) : between(middle, [255, 255, 255], Math.min(1, bright - 1));
    return between(own, rgb.paper, pale);
  }
}
