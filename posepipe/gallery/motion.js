// Plays the motion that a pose was taken from, in the 3D view.

const FRAMES_PER_SECOND = 20; // of HumanML3D's motions

/** The poses of a motion from base64 of little-endian int16: of each frame 66 millimetres, then its flesh. */
function framesOf(text, body) {
  const bytes = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  const numbers = new Int16Array(bytes.buffer);
  const each = 66 + body.numbers;
  return Array.from({ length: numbers.length / each }, (_, i) => {
    const frame = numbers.subarray(each * i, each * (i + 1));
    return poseOf(frame.subarray(0, 66), frame.subarray(66), body);
  });
}

class Player {
  constructor(turn, find) {
    Object.assign(this, { turn, box: find("motion"), button: find("play"), slider: find("frame"), number: find("frame-number") });
    this.frames = null;
    this.button.onclick = () => this.toggle();
    this.slider.addEventListener("input", () => {
      this.pause();
      this.go(this.slider.valueAsNumber);
    });
  }

  /** Offer a motion, at the frame that became the pose; null takes the controls away. */
  offer(frames, start) {
    this.pause();
    this.frames = frames;
    this.box.hidden = !frames;
    if (!frames) return;
    this.start = start;
    this.room = roomOf(frames);
    this.slider.max = frames.length - 1;
    this.go(Math.min(start, frames.length - 1));
  }

  /** Show a frame, counted from 0; beyond an end, from the other end. */
  go(frame) {
    const count = this.frames.length;
    this.at = ((frame % count) + count) % count;
    this.slider.value = this.at;
    const pose = this.at === this.start ? ", the pose" : "";
    this.number.textContent = `frame ${this.at} of 0 to ${count - 1}${pose}`;
    this.slider.setAttribute("aria-valuetext", this.number.textContent);
    this.turn.showFrame(this.frames[this.at], this.room);
  }

  toggle() {
    if (!this.frames) return;
    if (this.timer) return this.pause();
    this.button.textContent = "Pause";
    this.timer = setInterval(() => this.go(this.at + 1), 1000 / FRAMES_PER_SECOND);
  }

  pause() {
    clearInterval(this.timer);
    this.timer = null;
    this.button.textContent = "Play";
  }
}
