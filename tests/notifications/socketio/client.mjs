// The official client, told by one JSON argument: {url, transports, token | ticket | tickets, until, last, epoch, say}.
// Says one JSON object a line: what it hears, and at the end everything it has seen.
import { io } from "socket.io-client";

const given = JSON.parse(process.argv[2]);
const seen = [];
let last = given.last ?? 0;
let epoch = given.epoch;
let connects = 0;

function say(line) {
  process.stdout.write(JSON.stringify(line) + "\n");
}

// A ticket is good once, so each connection fetches its own; a token is good for as long as its session.
async function credentials() {
  if (given.token !== undefined) return { token: given.token };
  if (given.ticket !== undefined) return { ticket: given.ticket };
  const answer = await fetch(given.tickets);
  return { ticket: (await answer.json()).ticket };
}

const socket = io(given.url, {
  transports: given.transports,
  reconnectionDelay: 20,
  reconnectionDelayMax: 200,
  auth: (answer) => {
    credentials().then(
      (found) => answer({ ...found, last_sequence: last, epoch }),
      () => answer({}),
    );
  },
});

function finish(why) {
  say({ end: why, seen, connects, transport: socket.io.engine?.transport?.name });
  socket.disconnect();
  setTimeout(() => process.exit(0), 50);
}

socket.on("connect", () => {
  connects += 1;
  say({ connected: socket.io.engine.transport.name });
  for (const [event, about] of given.say ?? []) socket.emit(event, about, (answer) => say({ answer, event, about }));
});
socket.io.on("open", () => socket.io.engine.once("upgrade", (transport) => say({ upgraded: transport.name })));
socket.on("epoch", (own) => {
  if (epoch !== undefined && epoch !== own) last = 0;
  epoch = own;
  say({ epoch: own });
});
socket.on("notice", (notice) => {
  seen.push(notice.sequence);
  last = notice.sequence;
  if (last >= (given.until ?? Infinity)) finish("seen");
});
for (const event of ["progress", "presence", "refused"]) socket.on(event, (about) => say({ [event]: about }));
socket.on("closed", (about) => say({ closed: about.code }));
socket.on("disconnect", (reason) => {
  say({ disconnected: reason });
  if (reason === "io server disconnect") finish("let go");
});
socket.on("connect_error", (error) => {
  if (error.data?.code === undefined) return; // the line, not the server: it tries again by itself
  say({ refused_with: error.data.code, message: error.message });
  if (error.data.code === 1013) setTimeout(() => socket.connect(), 100);
  else finish("refused");
});
