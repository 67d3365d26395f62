// Puts the reader's choice of light, dark or system on <html> before the first paint.
// A plain script on purpose: a module would run too late and flash. The key is the one the admin's own scripts keep.
(() => {
  const root = document.documentElement;
  const device = window.matchMedia("(prefers-color-scheme: dark)");

  function choice() {
    try {
      return JSON.parse(localStorage.getItem("adminTheme") ?? '"auto"');
    } catch {
      return "auto";
    }
  }

  function apply() {
    const chosen = choice();
    const dark = chosen === "dark" || (chosen === "auto" && device.matches);
    root.classList.toggle("dark", dark);
    root.classList.toggle("light", !dark);
    for (const button of document.querySelectorAll("[data-theme-choice]")) {
      button.setAttribute("aria-pressed", String(button.dataset.themeChoice === chosen));
    }
  }

  device.addEventListener("change", apply);
  window.addEventListener("storage", apply);
  document.addEventListener("DOMContentLoaded", apply);
  document.addEventListener("click", (event) => {
    const button = event.target instanceof Element && event.target.closest("[data-theme-choice]");
    if (!button) return;
    localStorage.setItem("adminTheme", JSON.stringify(button.dataset.themeChoice));
    apply();
  });
  // Parts of the admin that only its scripts can hide stay hidden until these run.
  document.addEventListener("alpine:initialized", () => root.classList.remove("starting"));
  apply();
})();
