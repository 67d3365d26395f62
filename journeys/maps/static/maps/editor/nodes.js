// Making elements, and the places of the page into which the parts put theirs.
// Text only ever arrives as textContent; markup that the server rendered goes through `fill`.

const SVG = "http://www.w3.org/2000/svg";

function put(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (name === "css") node.setAttribute("class", value);
    else if (name === "style") for (const [key, set] of Object.entries(value)) node.style.setProperty(key, set);
    else if (name === "value" || name === "checked" || name === "selected") node[name] = value;
    else node.setAttribute(name, value === true ? "" : String(value));
  }
  node.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

// el("button", {css: "btn sm", type: "button", onclick: fn}, "Text", node)
export const el = (tag, attributes = {}, ...children) =>
  put(document.createElement(tag), attributes, children);

// The same inside a drawing.
export const draw = (tag, attributes = {}, ...children) =>
  put(document.createElementNS(SVG, tag), attributes, children);

export const button = (css, run, ...children) =>
  el("button", { type: "button", css, onclick: run }, ...children);

// A status sign of the sprite; with a word it is an image that has a name.
export function glyph(status, { css = "", word = "" } = {}) {
  const named = word ? { role: "img", "aria-label": word } : { "aria-hidden": "true" };
  return draw("svg", { css: `gl ${css} t-${status}`, ...named }, draw("use", { href: `#g-${status}` }));
}

// Take over HTML that our own server rendered.
export function fill(node, html) {
  const template = document.createElement("template");
  template.innerHTML = html;
  node.replaceChildren(template.content);
}

// Where a part stands in the toolbar: row, and on which side of the gap. The page may offer the
// place itself as <span data-slot="people">; without it one is made.
const PLACES = {
  personas: [0, "left"],
  counterpart: [0, "left"],
  people: [0, "right"],
  comments: [0, "right"],
  history: [0, "right"],
  publish: [0, "end"],
  views: [1, "left"],
  find: [1, "right"],
  key: [1, "right"],
  zoom: [1, "end"],
};

export function slot(name) {
  const offered = document.querySelector(`[data-slot="${name}"]`);
  if (offered) return offered;
  const [row, side] = PLACES[name] ?? [1, "end"];
  const bar = document.querySelectorAll(".jm-bar")[row];
  if (!bar) return null;
  const made = el("span", { css: "jm-slot", "data-slot": name });
  const gap = bar.querySelector(".jm-push");
  if (side === "left" && row === 1) bar.prepend(made);
  else if (side === "left" && gap) gap.before(made);
  else if (side === "right" && gap) gap.after(made);
  else bar.append(made);
  return made;
}

// One run in the next frame, however often it is asked for.
export function soon(run) {
  let waiting = 0;
  return () => {
    cancelAnimationFrame(waiting);
    waiting = requestAnimationFrame(run);
  };
}

// What somebody chose on this device: folded panels, zoom. Never needed, so failing is silent.
export function remember(key, value) {
  try {
    localStorage.setItem(`jm-${key}`, JSON.stringify(value));
  } catch {
    /* private windows refuse */
  }
}

export function recall(key, usual) {
  try {
    return JSON.parse(localStorage.getItem(`jm-${key}`)) ?? usual;
  } catch {
    return usual;
  }
}

// Change a parameter of the address without loading the page again.
export function setParameter(name, value) {
  const address = new URL(window.location.href);
  if (value) address.searchParams.set(name, value);
  else address.searchParams.delete(name);
  window.history.replaceState(window.history.state, "", address);
}

export const parameter = (name) => new URL(window.location.href).searchParams.get(name);

// "4 minutes ago", "17 Nov": when something was said.
export function when(iso, language) {
  const then = new Date(iso);
  const minutes = (Date.now() - then) / 60000;
  const relative = new Intl.RelativeTimeFormat(language, { numeric: "auto", style: "short" });
  if (minutes < 1) return relative.format(0, "minute");
  if (minutes < 60) return relative.format(-Math.floor(minutes), "minute");
  if (minutes < 60 * 24) return relative.format(-Math.floor(minutes / 60), "hour");
  return then.toLocaleDateString(language, { day: "numeric", month: "short" });
}

// English dates name the day first, as the pages around the map do.
export const language = () => {
  const spoken = document.documentElement.lang || "en";
  return spoken === "en" ? "en-GB" : spoken;
};
