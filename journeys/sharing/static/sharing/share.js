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

// In the editor the page of links opens over the map; a link with a modifier, or without script,
// leads to the page.
document.body.addEventListener("click", async (event) => {
  const link = event.target.closest?.("[data-share-open]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  event.preventDefault();
  try {
    const answer = await fetch(`${link.href}?part=1`, { credentials: "same-origin" });
    if (!answer.ok) throw answer;
    show(link, await answer.text());
  } catch {
    window.location.assign(link.href);
  }
});

function show(link, html) {
  const dialog = document.createElement("dialog");
  dialog.className = "sh-dialog";
  dialog.setAttribute("aria-label", link.dataset.title);
  const close = document.createElement("button");
  close.type = "button";
  close.className = "btn sm sh-close";
  close.textContent = link.dataset.close;
  close.addEventListener("click", () => dialog.close());
  const head = document.createElement("div");
  head.className = "sh-head";
  const title = document.createElement("h2");
  title.textContent = link.dataset.title;
  head.append(title, close);
  const body = document.createElement("div");
  body.innerHTML = html;
  dialog.append(head, body);
  dialog.addEventListener("close", () => {
    dialog.remove();
    link.focus();
  });
  document.body.append(dialog);
  window.htmx?.process(body);
  dialog.showModal();
}
