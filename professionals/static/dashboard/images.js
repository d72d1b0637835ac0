// The image section of a case: its series, and the stack viewer by mouse, touch and keys.
import { Loader } from "./stack_loader.js";
import { StackView } from "./stack_view.js";

const words = JSON.parse(document.getElementById("image-words").textContent);
const caseId = document.querySelector(".workspace").dataset.case;
const part = (id) => document.getElementById(id);
const stage = part("stage");
const state = part("images-state");
const preset = part("stack-preset");
const slider = part("stack-slider");
const status = part("stack-status");
let view = null;
let stack = null;
let mode = "window";
let opener = null;
let presets = [];
const day = (text) => (/^\d{8}$/.test(text) ? `${text.slice(0, 4)}-${text.slice(4, 6)}-${text.slice(6)}` : "");
const whole = (value) => String(Math.round(value));

// ---- the series of the case
async function list() {
  const answer = await fetch(`/dashboard/cases/${caseId}/images.json`);
  const told = await answer.json();
  if (!answer.ok) throw new Error(told.detail);
  told.stacks.forEach((one) => part("series").append(entry(one)));
  const waits = [told.held_back && `${told.held_back} ${words.heldBack}`, told.locked && `${told.locked} ${words.locked}`];
  state.textContent = waits.filter(Boolean).join(". ") || (told.stacks.length ? "" : words.none);
}

function entry(one) {
  const item = document.createElement("li");
  const name = [one.modality, one.description || one.study_description, day(one.study_date)].filter(Boolean).join(" · ");
  if (one.slices.length) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = `${name} (${one.slices.length} ${words.images})`;
    button.addEventListener("click", () => open(one, name, button));
    item.append(button);
  } else {
    item.append(name);
  }
  for (const reason of one.unshown) {
    const why = document.createElement("p");
    why.className = "muted";
    why.textContent = `${words.nothing}: ${reason}`;
    item.append(why);
  }
  return item;
}

function open(one, name, button) {
  view?.loader.stop();
  stack = one;
  opener = button;
  part("stack").hidden = false;
  part("stack-title").textContent = name;
  const notes = [words[`burned_${one.burned_in}`], one.private_removed && `${one.private_removed} ${words.private}`];
  part("stack-notes").textContent = notes.filter(Boolean).join(" · ");
  document.querySelectorAll("#series button").forEach((other) => other.removeAttribute("aria-current"));
  button.setAttribute("aria-current", "true");
  const loader = new Loader(one.slices, (index) => view?.loader === loader && loaded(index));
  view = new StackView(part("stack-canvas"), one.slices, loader);
  view.shown = shown;
  // The former stack's pictures are no longer there to measure on.
  stage.dataset.ready = "false";
  slider.max = String(one.slices.length);
  part("stack-progress").max = one.slices.length;
  loaded();
  offerPresets();
  setMode("window");
  view.go(0);
  stage.focus({ preventScroll: true });
  part("stack").scrollIntoView({ block: "start" });
}

function loaded(index) {
  const here = view?.loader.frames.size ?? 0;
  part("stack-progress").value = here;
  part("stack-loaded").textContent = `${here} ${words.of} ${stack.slices.length} ${words.loaded}`;
  part("stack").dataset.loaded = String(here);
  if (index === view?.index) view.later();
}

// ---- window presets
function offerPresets() {
  const [{ windows }] = stack.slices;
  presets = windows.map(([centre, width, name]) => ({ centre, width, name: name || words.fromFile }));
  presets.push(...stack.usual_windows.map(([centre, width, name]) => ({ centre, width, name: words[name] })));
  presets.push({ name: words.full });
  preset.replaceChildren(...presets.map(({ name, centre, width }, at) => new Option(width ? `${name} ${whole(centre)} / ${whole(width)}` : name, at)));
  preset.append(new Option(words.own, "own"));
  preset.lastChild.disabled = true;
  preset.disabled = stack.slices[0].samples === 3;
}

function choose(at) {
  const chosen = presets[at];
  if (!chosen || preset.disabled) return;
  preset.value = String(at);
  view.window = chosen.width ? { centre: chosen.centre, width: chosen.width } : null;
  view.later();
}

function widen(centre, width) {
  if (!view.window || preset.disabled) return;
  view.window = { centre: view.window.centre + centre, width: Math.max(2, view.window.width + width) };
  preset.value = "own";
  view.later();
}

// ---- what is written around the picture
function shown() {
  const { slice, index } = view;
  const at = `${words.slice} ${index + 1} ${words.of} ${stack.slices.length}`;
  const place = `${words.place} ${slice.place === null ? words.unknown : `${slice.place} mm`}`;
  slider.value = String(index + 1);
  slider.setAttribute("aria-valuetext", `${at}, ${place}`);
  document.querySelectorAll("[data-edge]").forEach((edge) => (edge.textContent = slice.edges[edge.dataset.edge] ?? ""));
  const failed = view.loader.failed.get(index);
  const missing = failed ? `${words.notLoaded}: ${failed.message}` : `${words.loading} …`;
  part("readout-top").textContent = [at, place, !view.pixels && missing].filter(Boolean).join(" · ");
  const { window: wide } = view;
  const grey = wide && slice.samples === 1 ? `${words.window} ${whole(wide.centre)} / ${whole(wide.width)} ${slice.unit}` : "";
  part("readout-bottom").textContent = [grey, `${words.zoom} ${whole(view.zoom * 100)} %`, valueHere(), measured()].filter(Boolean).join(" · ");
  say([at, place, !view.pixels && missing, measured()].filter(Boolean).join(", "));
  Object.assign(stage.dataset, { index: String(index), drawn: String(view.drawn), ready: String(Boolean(view.pixels)) });
}

function valueHere() {
  const point = hover ? view.under(hover.x, hover.y) : view.cross;
  const value = point && view.valueAt(point);
  return value === null ? "" : `${words.value} ${Math.round(value * 100) / 100} ${view.slice.unit}`.trim();
}

function measured() {
  const found = view.length();
  if (!found) return mode === "measure" ? words.measureHint : "";
  if (!found.b) return words.point;
  const length = view.millimetres();
  if (length === null) return words.noSpacing;
  return `${length.toFixed(1)} mm${view.slice.spacing_at === "detector" ? ` ${words.atDetector}` : ""}`;
}

// Read out when it comes to rest: not each of twenty slices a second.
let saying = null;
function say(text) {
  clearTimeout(saying);
  saying = setTimeout(() => (status.textContent = text), 250);
}

// ---- what dragging does
function setMode(name) {
  mode = name;
  document.querySelectorAll("button[data-mode]").forEach((button) => button.setAttribute("aria-pressed", String(button.dataset.mode === name)));
  stage.dataset.mode = name;
  view.cross = null;
  view.later();
}
document.querySelectorAll("button[data-mode]").forEach((button) => button.addEventListener("click", () => setMode(button.dataset.mode)));

let drag = null;
let hover = null;
stage.addEventListener("pointerleave", () => {
  hover = null;
  view?.later();
});
const local = (event) => {
  const box = stage.getBoundingClientRect();
  return { x: event.clientX - box.left, y: event.clientY - box.top };
};
stage.addEventListener("pointerdown", (event) => {
  stage.setPointerCapture(event.pointerId);
  const kind = { 1: "pan", 2: "window" }[event.button] ?? mode;
  drag = { kind, at: local(event), from: view.index, start: local(event) };
  if (kind === "measure" && view.pixels) view.lengths.set(view.index, { a: view.under(drag.at.x, drag.at.y) });
});
stage.addEventListener("pointermove", (event) => {
  const now = local(event);
  if (!drag) {
    hover = now;
    view.later();
    return;
  }
  const [x, y] = [now.x - drag.at.x, now.y - drag.at.y];
  drag.at = now;
  if (drag.kind === "window") {
    const step = Math.max(1, (view.window?.width ?? 1) / 300);
    widen(y * step, x * step);
  } else if (drag.kind === "pan") {
    view.shift = { x: view.shift.x + x, y: view.shift.y + y };
    view.later();
  } else if (drag.kind === "scroll") {
    view.go(drag.from + Math.round((now.y - drag.start.y) / 6));
  } else if (view.length()) {
    view.length().b = view.under(now.x, now.y);
    view.later();
  }
});
const release = () => (drag = null);
stage.addEventListener("pointerup", release);
stage.addEventListener("pointercancel", release);
stage.addEventListener("contextmenu", (event) => event.preventDefault());

let turned = 0;
stage.addEventListener(
  "wheel",
  (event) => {
    event.preventDefault();
    if (event.ctrlKey) return view.zoomBy(event.deltaY < 0 ? 1.1 : 1 / 1.1);
    // A touchpad sends many small turns for one slice, a wheel one large one.
    turned += event.deltaMode === 0 ? event.deltaY : event.deltaY * 40;
    const slices = Math.abs(turned) >= 30 ? Math.sign(turned) * Math.max(1, Math.floor(Math.abs(turned) / 100)) : 0;
    if (slices) {
      turned = 0;
      view.go(view.index + slices);
    }
    return undefined;
  },
  { passive: false },
);

// ---- keys
const step = () => Math.max(1, (view.window?.width ?? 20) / 20);
const shift = (x, y) => {
  view.shift = { x: view.shift.x + x, y: view.shift.y + y };
  view.later();
};
const KEYS = {
  PageUp: () => view.go(view.index - 10),
  PageDown: () => view.go(view.index + 10),
  Home: () => view.go(0),
  End: () => view.go(stack.slices.length - 1),
  "[": () => widen(0, -step()),
  "]": () => widen(0, step()),
  ",": () => widen(-step() / 2, 0),
  ".": () => widen(step() / 2, 0),
  "+": () => view.zoomBy(1.25),
  "=": () => view.zoomBy(1.25),
  "-": () => view.zoomBy(0.8),
  i: invert,
  r: reset,
  s: () => setMode("scroll"),
  w: () => setMode("window"),
  p: () => setMode("pan"),
  m: () => setMode("measure"),
  Escape: clear,
};
const ARROWS = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };

stage.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const arrow = ARROWS[event.key];
  const act = KEYS[event.key] ?? KEYS[event.key.toLowerCase()];
  if (arrow) onArrow(arrow, event);
  else if (event.key === "Enter" && mode === "measure") setPoint();
  else if (/^[1-9]$/.test(event.key)) choose(Number(event.key) - 1);
  else if (act) act();
  else return;
  event.preventDefault();
  event.stopPropagation();
});

function onArrow([x, y], event) {
  if (mode === "measure") {
    view.cross ??= { x: view.slice.columns / 2, y: view.slice.rows / 2 };
    const far = event.shiftKey ? 10 : 1;
    view.cross = { x: view.cross.x + x * far, y: view.cross.y + y * far };
    const found = view.length();
    if (found && !found.done) found.b = { ...view.cross };
    view.later();
  } else if (event.shiftKey) {
    shift(x * -20, y * -20);
  } else if (y || x) {
    view.go(view.index + (y || x));
  }
}

function setPoint() {
  if (!view.pixels) return;
  view.cross ??= { x: view.slice.columns / 2, y: view.slice.rows / 2 };
  const found = view.length();
  if (!found || found.done || !found.b) view.lengths.set(view.index, { a: { ...view.cross } });
  else found.done = true;
  view.later();
}

function clear() {
  view.lengths.delete(view.index);
  view.cross = null;
  view.later();
}

function invert() {
  view.inverted = !view.inverted;
  document.querySelector('[data-do="invert"]').setAttribute("aria-pressed", String(view.inverted));
  view.later();
}

function reset() {
  view.reset();
  document.querySelector('[data-do="invert"]').setAttribute("aria-pressed", "false");
  preset.value = "0";
  view.later();
}

function close() {
  view.loader.stop();
  part("stack").hidden = true;
  opener?.focus();
}

const DO = { smaller: () => view.zoomBy(0.8), larger: () => view.zoomBy(1.25), invert, reset, close };
document.querySelectorAll("[data-do]").forEach((button) => button.addEventListener("click", () => DO[button.dataset.do]()));
preset.addEventListener("change", () => choose(Number(preset.value)));
slider.addEventListener("input", () => view.go(Number(slider.value) - 1));
new ResizeObserver(() => view?.later()).observe(stage);

list().catch((error) => (state.textContent = error.message));
