// A file is hashed here and stays here; the manifest of a QR code stands behind the # and leaves the address bar at once.
const verdict = document.getElementById("verdict");
const standing = document.getElementById("standing");
const meaning = document.getElementById("meaning");
const facts = document.getElementById("facts");
const words = verdict.dataset;

const manifest = location.hash.slice(1);
history.replaceState(null, "", location.pathname);

function show(title, text, kind = "") {
  verdict.hidden = false;
  verdict.className = `notice ${kind}`;
  standing.textContent = title;
  meaning.textContent = text;
  facts.replaceChildren();
}

function fact(label, value) {
  if (value === null || value === undefined) return;
  const term = facts.appendChild(document.createElement("dt"));
  const given = facts.appendChild(document.createElement("dd"));
  term.textContent = label;
  given.textContent = value;
}

function tell(answer, byCode) {
  const template = document.getElementById(answer.standing);
  const [title, text] = template.content.children;
  show(title.textContent, text.textContent, template.dataset.class);
  if (byCode && answer.standing === "valid") {
    meaning.textContent = document.getElementById("code-only").content.textContent;
  }
  fact(words.version, answer.version);
  fact(words.newest, answer.newest_version);
  fact(words.signed, answer.signed_at && new Date(answer.signed_at).toLocaleString(document.documentElement.lang));
  fact(words.signer, answer.signer);
  fact(words.licence, answer.licence_place);
  standing.focus();
}

async function ask(proof) {
  show(words.busy, "");
  try {
    const response = await fetch("/api/v1/report-verifications", {
      method: "POST",
      headers: { "Content-Type": "application/json", Accept: "application/json" },
      body: JSON.stringify(proof),
    });
    if (response.status === 429) return show(words.refused, "", "wrong");
    const answer = await response.json();
    if (response.ok) return tell(answer, "manifest" in proof);
    return show(String(response.status), answer.detail ?? "", "wrong");
  } catch {
    return show(words.failed, "", "wrong");
  }
}

document.getElementById("check").addEventListener("submit", async (event) => {
  event.preventDefault();
  const [file] = document.getElementById("file").files;
  if (!file) return;
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", await file.arrayBuffer()));
  await ask({ sha256: [...hash].map((byte) => byte.toString(16).padStart(2, "0")).join("") });
});

if (manifest) await ask({ manifest });
