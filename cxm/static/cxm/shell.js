// Small manners of the shell: one menu open at a time, closed by Escape or a click elsewhere; search fields of forms keep their label.

const MENUS = "details.drop-menu, details.brand, details.me";

function close(menu) {
  if (!menu.open) return;
  menu.open = false;
  if (menu.contains(document.activeElement)) menu.querySelector("summary")?.focus();
}

document.body.addEventListener("click", (event) => {
  const inside = event.target instanceof Element ? event.target.closest(MENUS) : null;
  for (const menu of document.querySelectorAll(MENUS)) {
    if (menu !== inside) close(menu);
  }
});

document.body.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of document.querySelectorAll(MENUS)) close(menu);
});

// The search field that replaces a select names itself after its value only; its label belongs to the name.
function nameSearchFields() {
  for (const field of document.querySelectorAll(".select2-selection[role=combobox]")) {
    const select = field.closest(".select2")?.parentElement?.querySelector("select[id]");
    const label = select && document.querySelector(`label[for="${CSS.escape(select.id)}"]`);
    if (!label) continue;
    label.id ||= `${select.id}_label`;
    field.querySelector("[role=textbox]")?.setAttribute("aria-label", label.textContent.trim());
    const own = field.getAttribute("aria-labelledby") ?? "";
    if (!own.startsWith(label.id)) field.setAttribute("aria-labelledby", `${label.id} ${own}`.trim());
  }
}

window.addEventListener("load", () => setTimeout(nameSearchFields));
document.addEventListener("formset:added", () => setTimeout(nameSearchFields));
