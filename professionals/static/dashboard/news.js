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
  },
});

// Replayed notices were counted by the page already: only what came after it was drawn is news.
const drawn = Date.now();
function fresh(notice) {
  return Date.parse(notice.created_at) > drawn - 1000;
}
