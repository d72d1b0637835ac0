// The secret of a mailed link stands behind the #: it is taken from there, and leaves the address bar at once.
const form = document.getElementById("link");
const told = document.getElementById("told");
const token = new URLSearchParams(location.hash.slice(1)).get("token");
history.replaceState(null, "", location.pathname);

const say = (text, wrong) => {
  told.textContent = text;
  told.classList.toggle("late", wrong);
};
if (!token) say(form.dataset.missing, true);

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  if (!token) return;
  const body = { token, ...Object.fromEntries(new FormData(form)) };
  const button = form.querySelector("button");
  button.disabled = true;
  say("…", false);
  try {
    const headers = { "Content-Type": "application/json", Accept: "application/json" };
    const answer = await fetch(form.dataset.endpoint, { method: "POST", headers, body: JSON.stringify(body) });
    if (answer.ok) {
      say(form.dataset.done, false);
      return;
    }
    const problem = await answer.json();
    say([problem.detail, ...(problem.errors || []).map((one) => one.detail)].join(" "), true);
  } catch {
    say(form.dataset.failed, true);
  }
  button.disabled = false;
});
