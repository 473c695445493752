// Prints the chosen poses as sheets, or the pose that is open. The grid holds only what is visible, so that sheets are
// made for the occasion.

const PER_SHEET = 20; // five rows of four, on A4 and on US letter
const PRINTED = 480; // poses, at most: a thumbnail takes half a megabyte
const PRINTED_PIXELS = 340;

class Sheets {
  constructor(rows, grid, view, find, title) {
    Object.assign(this, { rows, grid, view, title, place: find("sheets"), button: find("print"), ready: false });
    this.button.onclick = () => this.print();
    addEventListener("beforeprint", () => this.#before());
    addEventListener("afterprint", () => this.#after());
  }

  /** Make the sheets with all their thumbnails, then print; or print the open pose. */
  async print() {
    if (this.button.disabled) return;
    if (!this.view.dialog.open) {
      this.button.disabled = true;
      const boxes = this.#build();
      for (const [number, { row, frame }] of boxes.entries()) {
        this.button.textContent = `Printing ${number + 1} of ${boxes.length}`;
        await this.#fill(frame, row);
      }
      this.ready = true;
      this.button.textContent = "Print";
      this.button.disabled = false;
    }
    print();
  }

  #before() {
    document.documentElement.dataset.print = this.view.dialog.open ? "pose" : "sheets";
    if (this.view.dialog.open) this.view.turn.draw(true);
    else if (!this.ready) this.#build();
  }

  #after() {
    delete document.documentElement.dataset.print;
    this.view.turn.draw(false);
    this.place.replaceChildren();
    this.ready = false;
  }

  /** Lay out the sheets without thumbnails; returns the boxes to fill. */
  #build() {
    const { list } = this.grid;
    const boxes = [];
    const printed = list.slice(0, PRINTED);
    const pages = Math.ceil(printed.length / PER_SHEET);
    const sheets = Array.from({ length: pages }, (_, page) => {
      const sheet = element("section", "", { className: "sheet" });
      const first = page * PER_SHEET;
      const last = Math.min(first + PER_SHEET, printed.length);
      const left = page === pages - 1 && last < list.length ? `; ${(list.length - last).toLocaleString("en")} more are not printed` : "";
      const range = `${(first + 1).toLocaleString("en")} to ${last.toLocaleString("en")} of ${list.length.toLocaleString("en")}${left}`;
      sheet.append(element("h2", `${this.title()} · ${range}`));
      for (const row of printed.slice(first, last)) {
        const box = document.createElement("figure");
        const frame = element("span", "", { className: "frame" });
        const words = element("figcaption", this.rows.caption(row), { dir: "auto" });
        words.append(...badgesOf(this.rows, row));
        box.append(frame, words);
        sheet.append(box);
        boxes.push({ row, frame });
      }
      return sheet;
    });
    this.place.replaceChildren(...sheets);
    return boxes;
  }

  async #fill(frame, row) {
    if (!this.rows.drawable(row)) return frame.replaceChildren(noPicture(this.rows, row, false));
    try {
      const drawn = await this.grid.thumbnails.render(row, PRINTED_PIXELS, "light");
      const canvas = document.createElement("canvas");
      canvas.width = canvas.height = PRINTED_PIXELS;
      canvas.getContext("2d").drawImage(drawn, 0, 0);
      frame.replaceChildren(canvas);
    } catch {
      frame.replaceChildren(noPicture(this.rows, row, true));
    }
  }
}
