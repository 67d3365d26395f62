// Copies a new link. Listens on the body, so that it works in the editor's dialog too.

document.body.addEventListener("click", async (event) => {
  const button = event.target.closest?.("[data-copy]");
  if (!button) return;
  const field = document.getElementById(button.dataset.copy);
  field.select();
  try {
    await navigator.clipboard.writeText(field.value);
  } catch {
    // Without a secure connection there is no clipboard: the text is selected, ready for Ctrl+C.
    return;
  }
  button.textContent = button.dataset.done;
});

document.body.addEventListener("focusin", (event) => {
  if (event.target.matches?.("[data-select]")) event.target.select();
});
