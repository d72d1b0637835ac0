import { follow } from "/static/notifications/live.js";

const badge = document.getElementById("unread");
const live = document.getElementById("live");

follow({
  ticketUrl: "/dashboard/ticket",
  listUrl: "/dashboard/notices.json",
  csrfToken: document.body.dataset.csrf,
  onNotice: (notice) => {
    if (notice.read_at || !fresh(notice)) return;
    const count = Number(badge.dataset.count) + 1;
    badge.dataset.count = String(count);
    badge.textContent = String(count);
    live.textContent = notice.text;
    refresh();
  },
});

// The worklist is drawn anew under the reader's hands only while nothing in it is being used.
function refresh() {
  const list = document.getElementById("worklist");
  if (!list) return;
  if (inUse(list)) document.getElementById("stale").hidden = false;
  else htmx.trigger(list, "news");
}

// Asked again when the answer is there: somebody may have begun to use it on the way.
document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.target.id !== "worklist" || !inUse(event.detail.target)) return;
  event.detail.shouldSwap = false;
  document.getElementById("stale").hidden = false;
});

function inUse(list) {
  return list.contains(document.activeElement);
}

// What was sent and got no answer says so where the answer would stand.
document.addEventListener("htmx:sendError", ({ detail }) => {
  const place = detail.target.querySelector(".decided") || detail.target;
  if (place.id !== "worklist") place.textContent = document.body.dataset.offline;
});

// Replayed notices were counted by the page already: only what came after it was drawn is news.
const drawn = Date.now();
function fresh(notice) {
  return Date.parse(notice.created_at) > drawn - 1000;
}
