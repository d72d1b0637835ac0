// Live notices: ticket → socket → replay; where no socket can be had, polling.
// follow({ ticketUrl, listUrl, csrfToken | token, onNotice, onProgress, onState }) returns a function that stops it.
// onProgress hears how far a document's reading is; it may miss some, which the document's own address tells.
// onState hears "live", "polling", "offline" and "ended" (sign in again; nothing more comes).
const KEY = "sop.notices";
const MAX_PAUSE = 30000;
const POLL_EVERY = 30000;
const SIGNED_OUT = 4401;
const FOREIGN = 4403;

function remembered() {
  try {
    return JSON.parse(sessionStorage.getItem(KEY)) || {};
  } catch {
    return {};
  }
}

export function follow({ ticketUrl, listUrl, csrfToken = "", token = "", onNotice, onProgress = () => {}, onState = () => {} }) {
  // The epoch names whose notices were counted: a tab outlives a sign-out, and the next person starts at the beginning.
  let { epoch = "", last = 0 } = remembered();
  let pause = 1000;
  let stopped = false;
  let socket = null;
  let timer = 0;
  let polling = 0;

  const keep = () => sessionStorage.setItem(KEY, JSON.stringify({ epoch, last }));
  const headers = () => ({
    Accept: "application/json",
    ...(csrfToken && { "X-CSRFToken": csrfToken }),
    ...(token && { Authorization: `Bearer ${token}` }),
  });

  function take(notice) {
    if (notice.sequence <= last) return;
    last = notice.sequence;
    keep();
    onNotice(notice);
  }

  async function poll() {
    const answer = await fetch(listUrl, { headers: headers() });
    if (answer.status === 401 || answer.status === 403) return end();
    if (!answer.ok) throw new Error(String(answer.status));
    const page = await answer.json();
    page.results.slice().sort((a, b) => a.sequence - b.sequence).forEach(take);
  }

  function hear(message) {
    if (message.type === "epoch") {
      ({ epoch } = message);
      last = 0;
      keep();
    } else if (message.type === "reset") {
      // What was kept here counts notices that there are not: the list says which there are.
      last = 0;
      keep();
      poll().catch(() => onState("offline"));
    } else if (message.type === "notice") {
      take(message.notice);
    } else if (message.type === "progress") {
      onProgress(message.progress);
    }
  }

  async function open() {
    if (stopped) return;
    try {
      const answer = await fetch(ticketUrl, { method: "POST", headers: headers() });
      if (answer.status === 401 || answer.status === 403) return end();
      if (!answer.ok) throw new Error(String(answer.status));
      const { ticket } = await answer.json();
      const scheme = location.protocol === "https:" ? "wss" : "ws";
      socket = new WebSocket(`${scheme}://${location.host}/ws/notifications`, ["sop.v1", `sop.ticket.${ticket}`]);
    } catch {
      return later();
    }
    socket.onopen = () => {
      clearInterval(polling);
      onState("live");
      socket.send(JSON.stringify({ type: "hello", last_sequence: last, epoch }));
    };
    socket.onmessage = (event) => {
      // Only an answered hello proves the way there and back.
      pause = 1000;
      hear(JSON.parse(event.data));
    };
    socket.onclose = (event) => {
      if (stopped) return;
      if (event.code === FOREIGN) return pollOnly();
      // 4401 may be a ticket that grew old on the way: the next ticket's answer tells which.
      later(event.code === SIGNED_OUT ? 1000 : 0);
    };
  }

  function pollNow() {
    poll().then(() => !stopped && onState("polling"), () => !stopped && onState("offline"));
  }

  function pollOnly() {
    clearInterval(polling);
    polling = setInterval(pollNow, POLL_EVERY);
    pollNow();
  }

  function later(least = 0) {
    pollOnly();
    clearTimeout(timer);
    // Spread, so that a restarted server is not met by everybody at once.
    timer = setTimeout(open, Math.max(least, pause * (0.5 + Math.random())));
    pause = Math.min(pause * 2, MAX_PAUSE);
  }

  function stop() {
    stopped = true;
    clearTimeout(timer);
    clearInterval(polling);
    if (socket) socket.close();
  }

  function end() {
    stop();
    onState("ended");
  }

  open();
  return stop;
}
