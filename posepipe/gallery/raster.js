// A raster of pixels with depth: triangles with a colour at each corner, the nearest of which is visible.

const TIE = 0.006; // metres; of surfaces of one item that are closer, the first one is visible
const HALO = 0.05; // metres; where one item is nearer than another by more, the farther one fades at the border

class Raster {
  constructor(side) {
    this.side = side;
    this.image = new ImageData(side, side);
    this.depth = new Float32Array(side * side).fill(-Infinity);
    this.item = new Uint8Array(side * side);
  }

  /** Fill a triangle that is seen from outside; corners are [x, y, depth, red, green, blue] with x and y in pixels. */
  triangle(a, b, c, item) {
    const area = (b[0] - a[0]) * (c[1] - a[1]) - (c[0] - a[0]) * (b[1] - a[1]);
    if (area >= 0) return; // the corners of an outside go round to the left; y points down
    const { side, depth, item: items } = this;
    const { data } = this.image;
    const top = Math.max(0, Math.ceil(Math.min(a[1], b[1], c[1]) - 0.5));
    const bottom = Math.min(side - 1, Math.floor(Math.max(a[1], b[1], c[1]) - 0.5));
    const left = Math.max(0, Math.ceil(Math.min(a[0], b[0], c[0]) - 0.5));
    const right = Math.min(side - 1, Math.floor(Math.max(a[0], b[0], c[0]) - 0.5));
    const [across, down] = [(c[1] - a[1]) / area, -(c[0] - a[0]) / area]; // of the weight of b
    const [acrossC, downC] = [-(b[1] - a[1]) / area, (b[0] - a[0]) / area];
    for (let y = top; y <= bottom; y++) {
      let of_b = (left + 0.5 - a[0]) * across + (y + 0.5 - a[1]) * down;
      let of_c = (left + 0.5 - a[0]) * acrossC + (y + 0.5 - a[1]) * downC;
      for (let x = left, at = y * side + left; x <= right; x++, at++, of_b += across, of_c += acrossC) {
        const of_a = 1 - of_b - of_c;
        if (of_a < 0 || of_b < 0 || of_c < 0) continue;
        const near = of_a * a[2] + of_b * b[2] + of_c * c[2];
        if (near <= depth[at] + (items[at] === item ? TIE : 0)) continue;
        depth[at] = near;
        items[at] = item;
        for (let i = 0; i < 3; i++) data[4 * at + i] = of_a * a[3 + i] + of_b * b[3 + i] + of_c * c[3 + i];
        data[4 * at + 3] = 255;
      }
    }
  }

  /** Fade what lies behind the border of a nearer item, so that limbs stay apart where they cross. */
  separate(paper, size, width) {
    const { side, depth, item } = this;
    const { data } = this.image;
    const behind = HALO * size;
    const faded = [];
    const down = width * side;
    for (let at = down; at < side * side - down; at++) {
      const own = item[at];
      if (!own) continue;
      const limit = depth[at] + behind;
      const hides = (other) => depth[other] > limit && item[other] !== own;
      if (hides(at - width) || hides(at + width) || hides(at - down) || hides(at + down)) faded.push(at);
    }
    for (const at of faded) for (let i = 0; i < 3; i++) data[4 * at + i] += 0.6 * (paper[i] - data[4 * at + i]);
  }

  /** The pixels as something that can be drawn onto a canvas; transparent where there is no triangle. */
  canvas() {
    const canvas = new OffscreenCanvas(this.side, this.side);
    canvas.getContext("2d").putImageData(this.image, 0, 0);
    return canvas;
  }
}
