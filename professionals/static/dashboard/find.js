// A search in the documents: asked by POST, so that no address holds what somebody looks for.
const form = document.getElementById("find");
const hits = document.getElementById("hits");

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  hits.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(form.action, { method: "POST", body: new FormData(form), mode: "cors" });
    hits.innerHTML = await answer.text();
  } catch {
    hits.textContent = form.dataset.offline;
  }
  hits.removeAttribute("aria-busy");
});
