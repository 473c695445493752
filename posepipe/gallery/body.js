// The body around 22 joints: ellipsoids at the joints, and convex hulls around them, as in the picture
// (posepipe/picture/anatomy.py). Metres, Y up.

const FRONT = 0.8; // half the angle of the light front of the trunk, in radians
const CROWN = [0, 0.62, -0.7846]; // middle of the hair on the unit sphere of the skull: left, up, front
const HAIRLINE = 0.12; // cosine of the angle from there to the hairline
const EYES = [-0.36, 0.36]; // radians to the left of the nose
const EYES_RISE = 0.12;
const [FRONT_TONE, HAIR_TONE] = [1.65, 0.14];

const minus = (a, b) => [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
const plus = (a, b, share = 1) => [a[0] + share * b[0], a[1] + share * b[1], a[2] + share * b[2]];
const times = (a, factor) => [a[0] * factor, a[1] * factor, a[2] * factor];
const dot = (a, b) => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
const cross = (a, b) => [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
const between = (a, b, share) => plus(times(a, 1 - share), b, share);
/** A combination of three vectors. */
function mixed([x, y, z], [a, b, c]) {
  return [x * a[0] + y * b[0] + z * c[0], x * a[1] + y * b[1] + z * c[1], x * a[2] + y * b[2] + z * c[2]];
}

function unit(vector, otherwise) {
  const length = Math.hypot(...vector);
  return length > 1e-9 ? times(vector, 1 / length) : otherwise;
}

/**
 * A pose as the page draws it: `joints`, each [x, y, z] in metres; `frames`, each as three unit vectors to the left, up
 * and to the front of a part of the body; `size` against a usual body.
 * @param millimetres 66 whole numbers
 * @param flesh what gallery/figure.py says about the pose
 */
function poseOf(millimetres, flesh, { units }) {
  const triple = (numbers, i, by) => [numbers[i] / by, numbers[i + 1] / by, numbers[i + 2] / by];
  const joints = Array.from({ length: millimetres.length / 3 }, (_, joint) => triple(millimetres, 3 * joint, 1000));
  const frames = [[[1, 0, 0], [0, 1, 0], [0, 0, 1]]];
  for (let i = 0; i + 6 < flesh.length; i += 6) {
    const [left, up] = [triple(flesh, i, units), triple(flesh, i + 3, units)];
    frames.push([left, up, cross(left, up)]);
  }
  return { joints, frames, size: flesh[flesh.length - 1] / units };
}

/**
 * The surfaces of a body: each with `material`, `item` (a number; parts of one item touch), `points` in metres with
 * their `normals` and `tones` (0 the darkest, 1 the colour, 2 white), and `faces`, which are corners seen from outside.
 * @param body the tables of gallery/figure.py
 * @param detail corners of the section of a limb
 */
function surfacesOf(pose, body, detail) {
  const skull = body.parts.find((part) => part.name === "skull");
  return [...body.parts.map((part) => hull(pose, part, detail)), ...EYES.map((turn) => eye(pose, skull, turn))];
}

/** Centre and half axes of an ellipsoid. */
function ballOf({ joints, frames, size }, { joints: weights, frame, radii, offset }) {
  const axes = frames[frame].map((axis, i) => times(axis, radii[i] * size));
  const place = weights.reduce((sum, [joint, weight]) => plus(sum, joints[joint], weight), [0, 0, 0]);
  return { centre: plus(place, times(mixed(offset, frames[frame]), size)), axes, round: frame === 0, radius: radii[0] * size };
}

/** The farthest point of some ellipsoids in a direction. */
function farthest(balls, direction) {
  let [most, found, along, reach] = [-Infinity, null, null, 0];
  for (const ball of balls) {
    const { axes } = ball;
    const own = ball.round ? direction : [dot(axes[0], direction), dot(axes[1], direction), dot(axes[2], direction)];
    const far = ball.round ? ball.radius : Math.sqrt(dot(own, own));
    const amount = dot(ball.centre, direction) + far;
    if (amount > most) [most, found, along, reach] = [amount, ball, own, far];
  }
  return found.round ? plus(found.centre, direction, reach) : plus(found.centre, mixed(along, found.axes), 1 / reach);
}

/** The surface of a part, in rings about its own axis. */
function hull(pose, part, detail) {
  const balls = part.balls.map((ball) => ballOf(pose, ball));
  const trunk = part.material === "trunk";
  const fine = trunk || part.name === "skull" ? 1.5 : part.balls[0].radii[0] < 0.02 ? 0.5 : 1;
  const sides = 4 * Math.max(2, Math.round((detail * fine) / 4));
  const rings = 2 * Math.max(2, Math.round(sides / 5));
  const frame = pose.frames[(part.balls.find((ball) => ball.frame) ?? { frame: 1 }).frame];
  const pole = part.balls[0].frame ? frame[1] : unit(minus(balls[balls.length - 1].centre, balls[0].centre), frame[1]);
  const left = unit(plus(frame[0], pole, -dot(frame[0], pole)), unit(cross(pole, frame[2]), frame[0]));
  const basis = [left, pole, cross(left, pole)];
  const normals = [];
  for (let ring = 0; ring < rings; ring++) {
    const height = Math.PI * ((ring + 0.5) / rings - 0.5);
    for (let side = 0; side < sides; side++) {
      const angle = (2 * Math.PI * side) / sides;
      normals.push(mixed([Math.cos(height) * Math.cos(angle), Math.sin(height), -Math.cos(height) * Math.sin(angle)], basis));
    }
  }
  normals.push(times(pole, -1), pole);
  const points = normals.map((normal) => farthest(balls, normal));
  const faces = [];
  const [bottom, top, last] = [points.length - 2, points.length - 1, (rings - 1) * sides];
  for (let side = 0; side < sides; side++) {
    const next = (side + 1) % sides;
    faces.push([bottom, next, side], [last + side, last + next, top]);
    for (let ring = 0; ring < last; ring += sides) faces.push([ring + side, ring + next, ring + sides + next, ring + sides + side]);
  }
  const toneOf = (_, i) => {
    if (trunk) return front(normals[i], frame);
    return part.name === "skull" ? hair(points[i], balls[0]) : 1;
  };
  return { material: part.material, item: part.item, points, normals, tones: points.map(toneOf), faces };
}

/** The tone of the trunk where it has this normal: its front is lighter. */
function front(normal, [left, , ahead]) {
  const inside = (FRONT - Math.atan2(Math.abs(dot(normal, left)), dot(normal, ahead))) / 0.1;
  return 1 + (FRONT_TONE - 1) * Math.max(0, Math.min(1, inside + 0.5));
}

/** The tone of a point of the skull: hair is dark. */
function hair(point, { centre, axes }) {
  const place = unit(axes.map((axis) => dot(minus(point, centre), axis) / dot(axis, axis)), [0, 1, 0]);
  const inside = (dot(place, CROWN) - HAIRLINE) / 0.2;
  return 1 + (HAIR_TONE - 1) * Math.max(0, Math.min(1, inside + 0.5));
}

/** An eye, on the surface of the skull. */
function eye(pose, skull, turn) {
  const { centre, axes } = ballOf(pose, skull.balls[0]);
  const [sin, cos, rise] = [Math.sin(turn), Math.cos(turn), Math.cos(EYES_RISE)];
  const middle = [sin * rise, Math.sin(EYES_RISE), cos * rise];
  const rim = Array.from({ length: 10 }, (_, step) => {
    const [across, up] = [0.12 * Math.cos((step * Math.PI) / 5), 0.15 * Math.sin((step * Math.PI) / 5)];
    return unit([middle[0] + across * cos, middle[1] + up, middle[2] - across * sin], middle);
  });
  const points = rim.map((place) => plus(centre, mixed(times(place, 1.02), axes)));
  const normal = unit(mixed(middle, axes), [0, 0, 1]);
  const all = (value) => points.map(() => value);
  return { material: "head", item: skull.item, points, normals: all(normal), tones: all(0), faces: [points.map((_, i) => i)] };
}
