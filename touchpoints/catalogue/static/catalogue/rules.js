// Rules: rows of conditions that come and go, an order that can be dragged. Without scripts the
// form and the buttons for up and down do the same.

const tell = (form) => form?.dispatchEvent(new Event("tried"));

// Only a property has a name of its own.
function fit(row) {
  const field = row.querySelector("select");
  row.classList.toggle("plain", field.value !== "property");
}

function settle(root = document) {
  for (const row of root.querySelectorAll("[data-row]")) fit(row);
}

function add(form) {
  const total = form.querySelector('[name="conditions-TOTAL_FORMS"]');
  const most = Number(form.querySelector('[name="conditions-MAX_NUM_FORMS"]').value);
  const number = Number(total.value);
  if (number >= most) return;
  const template = form.querySelector("template[data-condition]");
  const holder = document.createElement("div");
  holder.innerHTML = template.innerHTML.replaceAll("__prefix__", number);
  const row = holder.firstElementChild;
  form.querySelector("[data-conditions]").append(row);
  total.value = number + 1;
  fit(row);
  row.querySelector("select").focus();
}

document.body.addEventListener("click", (event) => {
  const adding = event.target.closest("[data-add]");
  if (adding) add(adding.closest("form"));
  const asking = event.target.closest("[data-confirm]");
  if (asking && !window.confirm(asking.dataset.confirm)) event.preventDefault();
});

document.body.addEventListener("change", (event) => {
  const row = event.target.closest("[data-row]");
  if (!row) return;
  if (event.target.type === "checkbox") {
    row.classList.toggle("gone", event.target.checked);
    row.closest("form").querySelector("[data-add]").focus();
    tell(row.closest("form"));
  }
  fit(row);
});

// --- dragging ---------------------------------------------------------------------------

let dragged = null;

const clear = () => {
  for (const row of document.querySelectorAll("tr.before, tr.after, tr.dragged")) {
    row.classList.remove("before", "after", "dragged");
  }
};

function place(row, event) {
  const box = row.getBoundingClientRect();
  return event.clientY > box.top + box.height / 2 ? "after" : "before";
}

document.body.addEventListener("dragstart", (event) => {
  const grip = event.target.closest?.(".cat-grip");
  if (!grip) return;
  dragged = grip.closest("tr");
  event.dataTransfer.effectAllowed = "move";
  event.dataTransfer.setData("text/plain", dragged.dataset.rule);
  event.dataTransfer.setDragImage(dragged, 12, 20);
  dragged.classList.add("dragged");
});

document.body.addEventListener("dragover", (event) => {
  const row = event.target.closest?.("tr[data-rule]");
  if (!dragged || !row) return;
  event.preventDefault();
  for (const other of document.querySelectorAll("tr.before, tr.after")) {
    other.classList.remove("before", "after");
  }
  if (row !== dragged) row.classList.add(place(row, event));
});

document.body.addEventListener("drop", (event) => {
  const row = event.target.closest?.("tr[data-rule]");
  if (!dragged || !row) return;
  event.preventDefault();
  if (row !== dragged) {
    row[place(row, event)](dragged);
    const body = row.closest("tbody");
    const order = [...body.querySelectorAll("tr[data-rule]")].map((one) => one.dataset.rule);
    window.htmx.ajax("POST", body.dataset.order, { target: "#rules", source: "#rules", values: { rule: order } });
  }
  clear();
  dragged = null;
});

document.body.addEventListener("dragend", () => {
  clear();
  dragged = null;
});

// After a move the button that was pressed may be switched off: its neighbour keeps the focus.
document.body.addEventListener("htmx:afterSettle", (event) => {
  const asked = event.detail.requestConfig?.triggeringEvent?.submitter?.id;
  const button = asked && document.getElementById(asked);
  if (!button) return;
  const usable = button.disabled ? button.parentElement.querySelector("button:not([disabled])") : button;
  usable?.focus();
});

settle();
