// The 3D view: a pose on a canvas, turned by pointer or keys; starts with the camera of the picture.

const EMPTY = { middle: [0, 0.85, 0], reach: 1, distance: 7 }; // the room of no pose
const radians = (degrees) => (degrees * Math.PI) / 180;

class Turn {
  constructor(canvas, settings) {
    Object.assign(this, { canvas, settings, pose: null, room: EMPTY, view: settings.view, onPaper: false });
    this.reset();
    canvas.addEventListener("pointerdown", (event) => this.#down(event));
    canvas.addEventListener("pointermove", (event) => this.#move(event));
    canvas.addEventListener("dblclick", () => this.reset());
    darkScheme.addEventListener("change", () => this.#later());
    new ResizeObserver(() => this.#later()).observe(canvas);
  }

  /** Show a pose, or null for none, from `view` (azimuth and elevation in degrees), unless the user has turned it. */
  show(pose, view = this.view) {
    Object.assign(this, { pose, view, room: pose ? roomOf([pose]) : EMPTY });
    if (this.turned) this.#later();
    else this.reset();
  }

  /** Show one frame of a motion, in the room that all its frames need. The view direction does not change. */
  showFrame(pose, room) {
    Object.assign(this, { pose, room });
    this.#later();
  }

  /** Look from where the picture does. */
  reset() {
    this.turned = false;
    [this.azimuth, this.elevation] = this.view.map(radians);
    this.#later();
  }

  /** Turn the pose to the right, and its head towards the viewer, by angles in radians. */
  turn(right, over) {
    this.turned = true;
    this.azimuth -= right;
    this.elevation = Math.max(-0.25, Math.min(Math.PI / 2, this.elevation + over));
    this.#later();
  }

  /** Draw at once, in the colours for paper or for the screen. */
  draw(onPaper) {
    this.onPaper = onPaper;
    this.#draw();
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

  #draw() {
    const ratio = Math.min(3, devicePixelRatio || 1);
    const size = this.canvas.clientWidth;
    const pixels = Math.round(size * ratio);
    if (!pixels) return;
    if (this.canvas.width !== pixels) this.canvas.width = this.canvas.height = pixels;
    const pen = this.canvas.getContext("2d");
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    const { azimuth, elevation, room } = this;
    const scheme = darkScheme.matches && !this.onPaper ? "dark" : "light";
    new Scene(this.settings, pen, size, { azimuth, elevation, room, scheme, ratio }).draw(this.pose);
    const degrees = (angle) => Math.round((angle * 180) / Math.PI);
    this.canvas.dataset.azimuth = degrees(azimuth);
    this.canvas.dataset.elevation = degrees(elevation);
  }
}
