// A touchpoint's rule, made beside the map: tried on the newest interactions while one types, and
// saved without leaving. Without script the form is an ordinary one of the catalogue.

const WAIT = 300;
const KEPT = ".cat-verdict, .cat-facts, .faint";
let waiting = 0;
let trying = null;

const formOf = (target) => target.closest?.("[data-connecting] form") ?? null;

function settle(form) {
  const field = form.querySelector("[data-operators]");
  const operators = Object.fromEntries(field.dataset.operators.split(" ").map((pair) => pair.split("=")));
  form.elements["conditions-0-operator"].value = operators[field.value];
}

async function send(address, form, options = {}) {
  return fetch(address, {
    method: "POST",
    body: new FormData(form),
    credentials: "same-origin",
    headers: { "X-CSRFToken": form.elements.csrfmiddlewaretoken.value },
    ...options,
  });
}

async function attempt(form) {
  const place = form.querySelector(".jm-trial");
  settle(form);
  trying?.abort();
  if (!form.elements["conditions-0-value"].value.trim()) return place.replaceChildren();
  trying = new AbortController();
  try {
    const answer = await send(form.dataset.try, form, { signal: trying.signal });
    if (!answer.ok) return place.replaceChildren();
    const template = document.createElement("template");
    template.innerHTML = await answer.text();
    place.replaceChildren(...template.content.querySelectorAll(KEPT));
  } catch (problem) {
    if (problem.name !== "AbortError") place.replaceChildren();
  }
}

document.addEventListener("input", (event) => {
  const form = formOf(event.target);
  if (!form) return;
  window.clearTimeout(waiting);
  waiting = window.setTimeout(() => attempt(form), WAIT);
});

document.addEventListener("submit", async (event) => {
  const form = formOf(event.target);
  if (!form) return;
  event.preventDefault();
  settle(form);
  window.clearTimeout(waiting);
  const place = form.querySelector(".jm-trial");
  const go = form.querySelector("button");
  go.disabled = true;
  try {
    const answer = await send(form.action, form);
    // Saved, the catalogue leads to its list; refused, it shows its own form again.
    const saved = answer.ok && answer.redirected;
    place.textContent = saved ? form.dataset.saved : form.dataset.failed;
    if (saved) form.elements["conditions-0-value"].value = "";
  } catch {
    place.textContent = form.dataset.failed;
  } finally {
    go.disabled = false;
  }
});

// "Connect an event" of a touchpoint that nobody measures opens the form in place.
document.addEventListener("click", (event) => {
  const link = event.target.closest?.("[data-connect]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  const box = link.closest("#jm-inspector")?.querySelector("[data-connecting]");
  if (!box) return;
  event.preventDefault();
  box.open = true;
  box.querySelector('[name="conditions-0-value"]').focus();
});
