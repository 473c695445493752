// The large view: one pose with its neighbours, its 3D view, and its manifest row.

class View {
  constructor(rows, grid, find) {
    Object.assign(this, { rows, grid, find });
    this.dialog = find("view");
    this.turn = new Turn(this.dialog.querySelector("canvas"), rows.settings);
    this.place = null;
    find("close").onclick = () => this.dialog.close();
    find("previous").onclick = () => this.step(-1);
    find("next").onclick = () => this.step(1);
    this.dialog.addEventListener("close", () => this.#closed());
    this.dialog.addEventListener("keydown", (event) => this.#key(event));
    this.dialog.addEventListener("click", (event) => event.target === this.dialog && this.#outside(event));
  }

  /** Open the pose at an index of the grid's list. */
  open(place) {
    if (!this.dialog.open) {
      this.dialog.showModal();
      this.turn.reset();
      this.dialog.focus();
    }
    this.place = place;
    this.dialog.scrollTop = 0;
    const { list } = this.grid;
    const row = list[place];
    this.find("view-caption").textContent = this.rows.caption(row);
    this.find("view-place").textContent = `${(place + 1).toLocaleString("en")} of ${list.length.toLocaleString("en")}`;
    this.#picture(row);
    this.#neighbour("previous", place - 1);
    this.#neighbour("next", place + 1);
    this.#details(row);
    history.replaceState(null, "", `#${encodeURIComponent(this.rows.column.key[row])}`);
  }

  step(by) {
    const place = this.place + by;
    if (place >= 0 && place < this.grid.list.length) this.open(place);
  }

  #picture(row) {
    const place = this.find("picture");
    const address = this.rows.picture(row);
    if (address === null) return place.replaceChildren(noPicture(this.rows, row, false));
    const image = new Image();
    image.alt = this.rows.caption(row);
    image.onerror = () => image.replaceWith(noPicture(this.rows, row, true));
    image.src = address;
    place.replaceChildren(image);
  }

  #neighbour(name, place) {
    const button = this.find(name);
    const row = this.grid.list[place];
    button.disabled = row === undefined;
    if (button.disabled) return;
    this.grid.fill(button.querySelector(".frame"), row);
    button.querySelector(".words").textContent = this.rows.caption(row);
    this.rows.withDetails(row, () => {});
  }

  #details(row) {
    const reason = this.dialog.querySelector(".reason");
    const table = this.find("fields").tBodies[0];
    reason.hidden = true;
    this.turn.show(null);
    table.replaceChildren();
    this.rows.withDetails(row, (fields, joints) => {
      if (row !== this.grid.list[this.place]) return;
      const drawn = Array.isArray(joints);
      this.turn.show(drawn ? joints : null);
      reason.hidden = drawn;
      reason.textContent = drawn ? "" : shown(joints);
      table.replaceChildren(...fields.map(([name, value]) => this.#field(name, value)));
    });
  }

  #field(name, value) {
    const line = document.createElement("tr");
    const [head, cell] = [document.createElement("th"), document.createElement("td")];
    head.scope = "row";
    head.textContent = name;
    cell.dir = "auto";
    cell.textContent = value === null ? "–" : shown(value);
    cell.classList.toggle("empty", value === null);
    line.append(head, cell);
    return line;
  }

  #closed() {
    if (this.dialog.open) return; // it was opened again before this event
    history.replaceState(null, "", location.href.split("#")[0]);
    const place = this.place;
    this.place = null;
    this.find("picture").replaceChildren();
    this.grid.go(place, true);
  }

  #outside(event) {
    const box = this.dialog.getBoundingClientRect();
    const inside = event.clientX >= box.left && event.clientX <= box.right && event.clientY >= box.top && event.clientY <= box.bottom;
    if (!inside) this.dialog.close();
  }

  #key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const quarter = Math.PI / 12;
    const actions = event.shiftKey
      ? {
          ArrowLeft: () => this.turn.turn(-quarter, 0),
          ArrowRight: () => this.turn.turn(quarter, 0),
          ArrowUp: () => this.turn.turn(0, -quarter),
          ArrowDown: () => this.turn.turn(0, quarter),
        }
      : {
          ArrowLeft: () => this.step(-1),
          ArrowRight: () => this.step(1),
          Home: () => this.open(0),
          End: () => this.open(this.grid.list.length - 1),
        };
    if (!(event.key in actions)) return;
    event.preventDefault();
    actions[event.key]();
  }
}
