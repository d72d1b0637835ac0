const root = document.querySelector(".workspace");
const csrf = document.body.dataset.csrf;
const words = JSON.parse(document.getElementById("words").textContent);
const clock = () => new Date().toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", second: "2-digit" });

// ---- documents: a page as a picture, and the source of a finding marked on it
const viewer = document.getElementById("viewer");
const picture = document.getElementById("viewer-image");
const mark = document.getElementById("viewer-mark");
const title = document.getElementById("viewer-title");
let zoom = 1;
let opener = null;

async function show({ document: id, page, name, start, end, box }, from) {
  opener = from;
  viewer.hidden = false;
  mark.hidden = true;
  picture.src = `/dashboard/documents/${id}/pages/${page}/page.webp`;
  const label = name || document.querySelector(`.thumb[data-document="${id}"]`)?.dataset.name || "";
  picture.alt = `${label}, page ${page}`;
  title.textContent = `${label} · ${words.page} ${page}`;
  document.querySelectorAll(".thumb").forEach((thumb) => {
    const here = thumb.dataset.document === id && thumb.dataset.page === String(page);
    if (here) thumb.setAttribute("aria-current", "true");
    else thumb.removeAttribute("aria-current");
  });
  viewer.focus({ preventScroll: true });
  viewer.scrollIntoView({ block: "start" });
  if (box !== undefined) await point(...box.split(",").map(Number));
  else if (start !== undefined) await highlight(id, page, Number(start), Number(end));
}

async function highlight(id, page, start, end) {
  const answer = await fetch(`/dashboard/documents/${id}/pages/${page}/lines.json`);
  if (!answer.ok) return;
  const { lines } = await answer.json();
  const touched = lines.filter((line) => line.start < end && line.end > start);
  if (!touched.length) return;
  const [left, top] = [0, 1].map((i) => Math.min(...touched.map((line) => line.box[i])));
  const [right, bottom] = [2, 3].map((i) => Math.max(...touched.map((line) => line.box[i])));
  await point(left, top, right, bottom);
}

// A box in fractions of the page.
async function point(left, top, right, bottom) {
  Object.assign(mark.style, {
    left: `${left * 100}%`, top: `${top * 100}%`, width: `${(right - left) * 100}%`, height: `${(bottom - top) * 100}%`,
  });
  mark.hidden = false;
  await picture.decode().catch(() => {});
  mark.scrollIntoView({ block: "center" });
}

root.addEventListener("click", (event) => {
  const target = event.target.closest(".thumb, .source");
  if (target) show(target.dataset, target);
});
document.querySelectorAll("[data-zoom]").forEach((button) =>
  button.addEventListener("click", () => {
    zoom = Math.min(4, Math.max(1, zoom + 0.5 * Number(button.dataset.zoom)));
    document.querySelector(".paper").style.setProperty("--zoom", zoom);
  }),
);
document.getElementById("viewer-close").addEventListener("click", close);
viewer.addEventListener("keydown", (event) => {
  if (event.key === "Escape") close();
});
function close() {
  viewer.hidden = true;
  opener?.focus();
}

// ---- the opinion: saved every few seconds, never lost
const form = document.getElementById("opinion-form");
if (form) {
  const saved = document.getElementById("saved");
  const key = `sop.draft.${root.dataset.case}`;
  let version = Number(form.dataset.version);
  let dirty = false;
  let running = null;
  let conflict = false;

  const fields = () => {
    const values = Object.fromEntries(new FormData(form));
    form.querySelectorAll("input[type=checkbox]").forEach((box) => (values[box.name] = box.checked));
    return values;
  };
  const say = (text, wrong = false) => {
    saved.textContent = text;
    saved.classList.toggle("wrong", wrong);
  };
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("input", () => {
    dirty = true;
    // Kept here too, so that a lost network or a closed window costs nothing.
    sessionStorage.setItem(key, JSON.stringify({ version, fields: fields() }));
    say(words.notSavedYet);
  });

  async function save() {
    if (!dirty || conflict) return true;
    dirty = false;
    try {
      const answer = await fetch(`/dashboard/cases/${root.dataset.case}/draft`, {
        method: "PUT",
        headers: { "Content-Type": "application/json", "X-CSRFToken": csrf },
        body: JSON.stringify({ version, fields: fields() }),
      });
      const told = await answer.json();
      if (answer.status === 412) {
        conflict = true;
        say(words.conflict, true);
        return false;
      }
      if (!answer.ok) throw new Error(told.detail);
      version = told.version;
      sessionStorage.removeItem(key);
      say(`${words.saved} ${clock()}`);
      return true;
    } catch (error) {
      dirty = true;
      say(`${words.notSaved}: ${error.message}. ${words.triedAgain}`, true);
      return false;
    }
  }
  const saveOnce = () => (running ??= save().finally(() => (running = null)));
  setInterval(saveOnce, 3000);
  window.addEventListener("pagehide", saveOnce);
  window.addEventListener("beforeunload", (event) => {
    if (dirty) event.preventDefault();
  });
  document.getElementById("finish-form")?.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (running) await running;
    if (await saveOnce()) event.target.submit();
  });

  const kept = sessionStorage.getItem(key);
  if (kept) {
    const { version: then, fields: values } = JSON.parse(kept);
    if (then === version) {
      for (const [name, value] of Object.entries(values)) {
        const input = form.elements[name];
        if (!input) continue;
        if (input.type === "checkbox") input.checked = value;
        else input.value = value;
      }
      dirty = true;
      say(words.broughtBack);
    }
  }
}
document.getElementById("refusal")?.focus();
document.getElementById("finish-refusal")?.focus();
