// The secret of the link stands behind the #; it travels in a header, and leaves the address bar at once.
const form = document.getElementById("records");
const sent = document.getElementById("sent");
const told = document.getElementById("told");
const token = new URLSearchParams(location.hash.slice(1)).get("token");
history.replaceState(null, "", location.pathname);

const say = (place, text, wrong = false) => {
  place.textContent = text;
  place.classList.toggle("late", wrong);
};
if (!token) say(told, form.dataset.missing, true);

function send(file, line) {
  return new Promise((resolve) => {
    const request = new XMLHttpRequest();
    const body = new FormData();
    body.append("file", file);
    request.open("POST", "/api/v1/record-uploads");
    request.setRequestHeader("Upload-Token", token);
    request.setRequestHeader("Accept", "application/json");
    request.upload.addEventListener("progress", (event) => {
      if (event.lengthComputable) say(line, `${file.name} · ${Math.floor((100 * event.loaded) / event.total)} %`);
    });
    request.addEventListener("error", () => resolve(say(line, `${file.name} · ${form.dataset.failed}`, true)));
    request.addEventListener("load", () => {
      if (request.status === 201) return resolve(say(line, `${file.name} · ${form.dataset.taken}`));
      let detail = String(request.status);
      try {
        detail = JSON.parse(request.responseText).detail;
      } catch {
        // An answer of the proxy in front, not ours: its number is all there is to tell.
      }
      return resolve(say(line, `${file.name} · ${detail}`, true));
    });
    request.send(body);
  });
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  if (!token) return;
  const button = form.querySelector("button");
  button.disabled = true;
  for (const file of document.getElementById("files").files) {
    const line = sent.appendChild(document.createElement("li"));
    say(line, file.name);
    await send(file, line);
  }
  form.reset();
  button.disabled = false;
});
