// The live stream: tells the server what is on the page, keeps the list in order and short, pauses.

const list = () => document.getElementById("live-rows");
let paused = false;

function show() {
  const button = document.querySelector("[data-live-pause]");
  const word = document.querySelector("[data-live-word]");
  if (button) {
    button.hidden = false;
    button.setAttribute("aria-pressed", String(paused));
    button.textContent = paused ? button.dataset.go : button.dataset.stop;
  }
  if (word) word.textContent = paused ? word.dataset.off : word.dataset.on;
  document.querySelector("[data-live-dot]")?.classList.toggle("off", paused);
}

document.body.addEventListener("click", (event) => {
  if (event.target instanceof Element && event.target.closest("[data-live-pause]")) {
    paused = !paused;
    show();
  }
});

document.body.addEventListener("change", (event) => {
  event.target.closest?.("form[data-submit-on-change]")?.requestSubmit();
});

document.body.addEventListener("htmx:configRequest", (event) => {
  if (event.detail.elt !== list()) return;
  if (paused || document.hidden) {
    event.preventDefault();
    return;
  }
  event.detail.parameters.seen = [...list().children].map((row) => row.dataset.tag).join("");
});

// What came late stands where it happened, not on top; the oldest rows make room.
document.body.addEventListener("htmx:afterSwap", (event) => {
  const rows = list();
  if (event.detail.target !== rows) return;
  show();
  const fresh = [...rows.querySelectorAll(":scope > .news:not([data-there])")];
  for (const row of fresh.reverse()) {
    row.dataset.there = "";
    const older = [...rows.children].find((one) => one !== row && !(one.matches(".news:not([data-there])")) && Number(one.dataset.at) <= Number(row.dataset.at));
    rows.insertBefore(row, older ?? null);
    setTimeout(() => row.classList.remove("news"), 4000);
  }
  while (rows.children.length > Number(rows.dataset.most)) {
    if (rows.lastElementChild.contains(document.activeElement)) break;
    rows.lastElementChild.remove();
  }
  document.querySelector(".live-none")?.toggleAttribute("hidden", rows.children.length > 0);
});

for (const name of ["htmx:sendError", "htmx:responseError"]) {
  document.body.addEventListener(name, (event) => {
    const word = document.querySelector("[data-live-word]");
    if (event.detail.elt !== list() || !word) return;
    word.textContent = word.dataset.lost;
    document.querySelector("[data-live-dot]")?.classList.add("off");
  });
}

show();
