// Forms with data-passkey open the browser's passkey dialog and send its answer as an ordinary form.
// data-passkey is "get" or "create", data-options the address that gives the challenge.

const said = (form, text) => {
  const place = form.querySelector("[role=status]");
  if (place) place.textContent = text;
};

async function ask(form) {
  const headers = { Accept: "application/json", "Content-Type": "application/json" };
  const token = form.querySelector("[name=csrfmiddlewaretoken]");
  if (token) headers["X-CSRFToken"] = token.value;
  const response = await fetch(form.dataset.options, { method: "POST", headers, body: "{}", credentials: "same-origin" });
  const body = await response.json();
  if (!response.ok) throw new Error(body.detail || form.dataset.failed);
  return body;
}

async function answered(form) {
  const { challenge_id: challenge, options } = await ask(form);
  const publicKey = options.publicKey || options;
  const credential = form.dataset.passkey === "create"
    ? await navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(publicKey) })
    : await navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(publicKey) });
  form.querySelector("[name=challenge_id]").value = challenge;
  form.querySelector("[name=credential]").value = JSON.stringify(credential);
}

const able = window.PublicKeyCredential && PublicKeyCredential.parseRequestOptionsFromJSON;

for (const form of document.querySelectorAll("form[data-passkey]")) {
  // Without the dialog the form would only fail: a browser that has none never sees it.
  if (!able) continue;
  form.hidden = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    said(form, form.dataset.waiting);
    try {
      await answered(form);
      form.submit();
    } catch (error) {
      said(form, error.name === "NotAllowedError" ? form.dataset.failed : error.message);
    }
  });
}
