// Small manners of menus: one open at a time, closed by Escape or a click elsewhere.

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
