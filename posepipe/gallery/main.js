// Connects the parts of the page: controls above the grid, address, keyboard.

const find = (id) => document.getElementById(id);
const settings = JSON.parse(find("settings").textContent);
const trouble = (text) => {
  find("trouble").textContent = text;
  find("trouble").hidden = false;
};
const rows = new Rows(settings, trouble);
const grid = new Grid(rows, find("grid"), find("space"), (place) => view.open(place));
const view = new View(rows, grid, find);
const controls = ["search", "status", "error", "flag", "sort"];

/** Fill a list of choices and keep the current choice. */
function choices(id, options) {
  const before = find(id).value;
  find(id).replaceChildren(...options.map(([value, text]) => new Option(text, value)));
  if (options.some(([value]) => value === before)) find(id).value = before;
}

function counted(name) {
  return rows.tally(name).map(([value, count]) => [value, `${shown(value)} (${count.toLocaleString("en")})`]);
}

function refresh(keep) {
  const wanted = Object.fromEntries(controls.map((id) => [id, find(id).value]));
  const list = rows.choose(wanted);
  grid.show(list, keep);
  const number = (count) => count.toLocaleString("en");
  const loading = rows.complete ? "" : ", loading";
  const reach = grid.rowHeight && grid.reachable < list.length ? `, the first ${number(grid.reachable)} shown` : "";
  find("count").textContent = `${number(list.length)} of ${number(settings.total)}${reach}${loading}`;
  find("nothing").hidden = list.length > 0 || !rows.complete;
}

/** Open the pose in the address, unless a filter hides it. */
function followAddress() {
  let key = location.hash.slice(1);
  try {
    key = decodeURIComponent(key);
  } catch {
    return; // not a pose's address
  }
  const place = key ? grid.list.indexOf(rows.find(key)) : -1;
  if (place >= 0) view.open(place);
}

rows.whenGrown = () => {
  choices("status", [["", "all"], ...counted("status")]);
  choices("error", [["", "all"], ...counted("error_type")]);
  choices("flag", [["", "all"], ["any", "any flag"], ...counted("flags")]);
  refresh(true);
  if (rows.complete) followAddress();
};

choices("sort", Object.keys(SORTS).map((name) => [name, name]));
for (const id of controls) find(id).addEventListener("input", () => refresh(false));
find("clear").onclick = () => {
  for (const id of controls) find(id).value = id === "sort" ? "as in the file" : "";
  refresh(false);
  find("search").focus();
};
find("search").addEventListener("keydown", (event) => {
  if (event.key === "ArrowDown" || event.key === "Enter") {
    event.preventDefault();
    grid.go(grid.current, true);
  }
});
addEventListener("hashchange", followAddress);
addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.target.matches("input, select") || view.dialog.open) return;
  event.preventDefault();
  find("search").select();
});

window.posepipeGallery = {
  rows: (...part) => rows.take(...part),
  poses: (...part) => rows.takeDetails(...part),
};
rows.load();
