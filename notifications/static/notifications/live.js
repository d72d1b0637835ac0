// Live notices: ticket → socket → replay; where no socket can be had, polling.
export function follow({ ticketUrl, listUrl, csrfToken, onNotice, onState = () => {} }) {
  let last = Number(sessionStorage.getItem("sop.last") || 0);
  let pause = 1000;

  const take = (notice) => {
    if (notice.sequence <= last) return;
    last = notice.sequence;
    sessionStorage.setItem("sop.last", String(last));
    onNotice(notice);
  };

  async function poll() {
    const answer = await fetch(listUrl, { headers: { Accept: "application/json" } });
    if (!answer.ok) return;
    const page = await answer.json();
    page.results.reverse().forEach(take);
  }

  async function open() {
    try {
      const answer = await fetch(ticketUrl, { method: "POST", headers: { "X-CSRFToken": csrfToken } });
      if (!answer.ok) throw new Error(String(answer.status));
      const { ticket } = await answer.json();
      const scheme = location.protocol === "https:" ? "wss" : "ws";
      const socket = new WebSocket(`${scheme}://${location.host}/ws/notifications`, ["sop.v1", `sop.ticket.${ticket}`]);
      socket.onopen = () => {
        pause = 1000;
        onState("live");
        socket.send(JSON.stringify({ type: "hello", last_sequence: last }));
      };
      socket.onmessage = (event) => {
        const message = JSON.parse(event.data);
        if (message.type === "notice") take(message.notice);
      };
      socket.onclose = (event) => {
        onState("polling");
        if (event.code !== 4401) retry();
      };
    } catch {
      onState("polling");
      retry();
    }
  }

  function retry() {
    poll().catch(() => onState("offline"));
    setTimeout(open, pause);
    pause = Math.min(pause * 2, 30000);
  }

  open();
}
