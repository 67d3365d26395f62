// Copies what a button names, says so, and takes a choice of a list at once.

const said = () => document.querySelector("[data-copied]");

async function copy(text, element) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    // Over plain http there is no clipboard for scripts; the text is selected instead.
    const range = document.createRange();
    range.selectNodeContents(element);
    const selection = getSelection();
    selection.removeAllRanges();
    selection.addRange(range);
    return document.execCommand("copy");
  }
}

document.body.addEventListener("click", async (event) => {
  const button = event.target instanceof Element ? event.target.closest("[data-copy]") : null;
  const element = button && document.getElementById(button.dataset.copy);
  if (!element) return;
  const done = await copy(element.textContent, element);
  const status = said();
  const word = done ? status.dataset.word : status.dataset.failed;
  status.textContent = word;
  if (!button.dataset.before) button.dataset.before = button.textContent;
  button.textContent = word;
  button.classList.add("done");
  setTimeout(() => {
    button.textContent = button.dataset.before;
    button.classList.remove("done");
    status.textContent = "";
  }, 2000);
});

document.body.addEventListener("change", (event) => {
  if (event.target instanceof HTMLSelectElement && event.target.matches("[data-submit]")) event.target.form.requestSubmit();
});
