// Rows of the quarantine: choose all on the page; a button may speak for all rows.

document.body.addEventListener("change", (event) => {
  if (!(event.target instanceof HTMLInputElement) || !event.target.matches("[data-all]")) return;
  for (const box of document.querySelectorAll("input[name=row]")) box.checked = event.target.checked;
});

document.body.addEventListener("click", (event) => {
  const button = event.target instanceof Element ? event.target.closest("button[name=action]") : null;
  const scope = button?.form?.elements.namedItem("scope");
  if (scope) scope.value = button.dataset.scope ?? "";
});
