// The PDF is fetched, so that a refusal can be said in words, and then shown.
const frame = document.getElementById("preview");
const progress = document.getElementById("progress");

try {
  const answer = await fetch(frame.dataset.source);
  if (!answer.ok) {
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    throw new Error(page.querySelector("main [role=alert]")?.textContent.trim() || String(answer.status));
  }
  await answer.arrayBuffer();
  frame.src = frame.dataset.source;
  frame.hidden = false;
  progress.textContent = progress.dataset.ready;
} catch (error) {
  progress.textContent = `${progress.dataset.failed} ${error.message}`;
  progress.classList.add("late");
}
