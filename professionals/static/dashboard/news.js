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
const list = document.getElementById("worklist");
const stale = document.getElementById("stale");
async function refresh() {
  if (!list) return;
  if (list.contains(document.activeElement)) {
    stale.hidden = false;
    return;
  }
  const answer = await fetch(location.href);
  if (!answer.ok) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("worklist");
  if (fresh) list.replaceChildren(...fresh.childNodes);
}

// Replayed notices were counted by the page already: only what came after it was drawn is news.
const drawn = Date.now();
function fresh(notice) {
  return Date.parse(notice.created_at) > drawn - 1000;
}
