// The state of the page in the fragment of its address: #search=arm&flag=unsure&pose=<caption id>:<variant>.
// A fragment is the only part of an address that a page opened from the file system may change.

const CHOICES = ["search", "status", "error", "flag", "sort"];

/** What an address asks for; texts that it does not have are empty. */
function readAddress() {
  const fragment = location.hash.slice(1);
  const fields = new URLSearchParams(fragment.includes("=") ? fragment : { pose: decoded(fragment) });
  return Object.fromEntries([...CHOICES, "pose"].map((name) => [name, fields.get(name) ?? ""]));
}

/** Decode an address of earlier galleries, which was only the key of a pose. */
function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** The fragment for a state, with its #; nothing for the state without any choice. */
function fragmentOf(state) {
  const encode = (text) => encodeURIComponent(text).replaceAll("%20", "+").replaceAll("%3A", ":");
  const fields = [...CHOICES, "pose"].filter((name) => state[name]).map((name) => `${name}=${encode(state[name])}`);
  return fields.length ? `#${fields.join("&")}` : "";
}

/** Show a state in the address; with `step`, as a new entry of the browser's history. */
function writeAddress(state, step) {
  const fragment = fragmentOf(state);
  if (fragment === location.hash) return;
  history[step ? "pushState" : "replaceState"](null, "", location.href.split("#")[0] + fragment);
}
