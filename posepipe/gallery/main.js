// Connects the parts of the page: controls above the grid, address, keyboard, printing.

const find = (id) => document.getElementById(id);
const settings = JSON.parse(find("settings").textContent);
/** Show what is wrong; what is wrong with an address only (`passing`) goes with the next one. */
function trouble(text, passing = false) {
  const box = find("trouble");
  if (!text && box.dataset.passing !== "true") return;
  box.textContent = text;
  box.dataset.passing = passing;
  box.hidden = !text;
}
const rows = new Rows(settings, trouble);
const grid = new Grid(rows, find("grid"), find("space"), (place) => view.open(place));
const view = new View(rows, grid, find, (row, step) => writeAddress({ ...chosen(), pose: row === null ? "" : rows.column.key[row] }, step));
const sheets = new Sheets(rows, grid, view, find, sheetTitle);
const IN_ORDER = Object.keys(SORTS)[0];

/** The choices of the controls, as they stand in the address. */
function chosen() {
  const choices = Object.fromEntries(CHOICES.map((id) => [id, find(id).value]));
  return { ...choices, sort: choices.sort === IN_ORDER ? "" : choices.sort };
}

/** Fill a list of choices and keep the current choice, also if no row has it. */
function choices(id, options, wanted = find(id).value) {
  const missing = wanted && !options.some(([value]) => value === wanted);
  if (missing) options.push([wanted, `${shown(wanted)} (0)`]);
  find(id).replaceChildren(...options.map(([value, text]) => new Option(text, value)));
  find(id).value = wanted;
}

function counted(name) {
  return rows.tally(name).map(([value, count]) => [value, `${shown(value)} (${count.toLocaleString("en")})`]);
}

/** Fill the lists of choices from the rows; `wanted` are the choices to make. */
function fillChoices(wanted) {
  choices("status", [["", "all"], ...counted("status")], wanted.status);
  choices("error", [["", "all"], ...counted("error_type")], wanted.error);
  choices("flag", [["", "all"], ["any", "any warning"], ...counted("flags"), ...counted("note")], wanted.flag);
  choices("sort", Object.keys(SORTS).map((name) => [name, name]), wanted.sort in SORTS ? wanted.sort : IN_ORDER);
}

function refresh(keep) {
  const list = rows.choose(chosen());
  grid.show(list, keep);
  const number = (count) => count.toLocaleString("en");
  const loading = rows.complete ? "" : ", loading";
  const reach = grid.rowHeight && grid.reachable < list.length ? `, the first ${number(grid.reachable)} shown` : "";
  find("count").textContent = `${number(list.length)} of ${number(settings.total)}${reach}${loading}`;
  find("nothing").hidden = list.length > 0 || !rows.complete;
}

/** Do what the address asks for: choices, and the pose that is open. A pose that the choices hide clears them. */
function followAddress() {
  const wanted = readAddress();
  find("search").value = wanted.search;
  fillChoices(wanted);
  refresh(false);
  if (!wanted.pose) return view.close();
  if (!rows.complete) return;
  const row = rows.find(wanted.pose);
  if (row < 0) {
    view.close();
    return trouble(`This gallery has no pose ${shown(wanted.pose)}.`, true);
  }
  if (!grid.list.includes(row)) {
    find("search").value = "";
    fillChoices({ status: "", error: "", flag: "", sort: "" });
    refresh(false);
  }
  view.open(grid.list.indexOf(row));
}

/** What the sheets show: the folder and the choices. */
function sheetTitle() {
  const { search, status, error, flag } = chosen();
  return [document.querySelector("h1").textContent, search, status, error, flag].filter(Boolean).map(shown).join(" · ");
}

rows.whenGrown = () => {
  fillChoices(chosen());
  refresh(true);
  if (rows.complete && readAddress().pose) followAddress();
};

let typing = false; // whether the latest entry of the history is for this search
for (const id of CHOICES)
  find(id).addEventListener("input", () => {
    trouble("");
    refresh(false);
    writeAddress(chosen(), id !== "search" || !typing);
    typing = id === "search";
  });
find("search").addEventListener("blur", () => (typing = false));
find("clear").onclick = () => {
  writeAddress({}, true);
  followAddress();
  find("search").focus();
};
find("search").addEventListener("keydown", (event) => {
  if (event.key === "ArrowDown" || event.key === "Enter") {
    event.preventDefault();
    grid.go(grid.current, true);
  }
});
addEventListener("hashchange", () => {
  trouble("");
  followAddress();
});
addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && event.key === "p") {
    event.preventDefault();
    sheets.print();
  }
  if (event.key !== "/" || event.target.matches("input, select") || view.dialog.open) return;
  event.preventDefault();
  find("search").select();
});

window.posepipeGallery = {
  rows: (...part) => rows.take(...part),
  poses: (...part) => rows.takePart("poses", ...part),
  motions: (...part) => rows.takePart("motions", ...part),
};
find("search").value = readAddress().search;
fillChoices(readAddress());
rows.load();
