// The media plan's table: sums that follow as one types, and rows that are added.
//
// Works on whatever [data-plan] is on the page; without it the form is a plain form.

const form = () => document.querySelector("[data-plan]");

// The same reading as the server's, but lenient: what it cannot read counts as nothing.
export function readAmount(text) {
  let cleaned = text.replace(/[\s\u00a0\u202f'’]/g, "");
  const last = Math.max(cleaned.lastIndexOf(","), cleaned.lastIndexOf("."));
  if (last >= 0) {
    const mark = cleaned[last];
    const before = cleaned.slice(0, last);
    cleaned = before.includes(mark)
      ? cleaned.replace(/[.,]/g, "")
      : `${before.replace(/[.,]/g, "")}.${cleaned.slice(last + 1)}`;
  }
  const amount = Number(cleaned);
  return Number.isFinite(amount) && amount > 0 ? amount : 0;
}

function written(amount) {
  const cents = Math.round(amount * 100) / 100;
  return new Intl.NumberFormat(document.documentElement.lang || "en", {
    minimumFractionDigits: Number.isInteger(cents) ? 0 : 2,
    maximumFractionDigits: 2,
  }).format(cents);
}

function sum() {
  const plan = form();
  if (!plan) return;
  const columns = [];
  let total = 0;
  let reach = 0;
  for (const row of plan.querySelectorAll("[data-plan-row]")) {
    let there = 0;
    row.querySelectorAll("[data-plan-budget]").forEach((input, place) => {
      const amount = readAmount(input.value);
      columns[place] = (columns[place] ?? 0) + amount;
      there += amount;
    });
    total += there;
    reach += Number.parseInt(row.querySelector("[data-plan-reach]")?.value ?? "", 10) || 0;
    row.querySelector("[data-plan-sum]").textContent = there ? written(there) : "";
  }
  plan.querySelectorAll("[data-plan-column]").forEach((cell, place) => {
    cell.textContent = columns[place] ? written(columns[place]) : "–";
  });
  plan.querySelector("[data-plan-total]").textContent = written(total);
  plan.querySelector("[data-plan-reach-total]").textContent = reach ? written(reach) : "–";
}

function add() {
  const plan = form();
  const count = plan?.querySelector("[name$='-TOTAL_FORMS']");
  const template = plan?.querySelector("[data-plan-template]");
  if (!count || !template) return;
  const place = Number(count.value);
  const body = plan.querySelector("[data-plan-rows]");
  body.insertAdjacentHTML("beforeend", template.innerHTML.replaceAll("__prefix__", String(place)));
  count.value = String(place + 1);
  body.lastElementChild.querySelector("select, input")?.focus();
}

document.body.addEventListener("input", (event) => {
  if (event.target.closest?.("[data-plan]")) sum();
});
document.body.addEventListener("click", (event) => {
  if (event.target.closest?.("[data-plan-add]")) add();
});
for (const button of document.querySelectorAll("[data-plan-add]")) button.hidden = false;
sum();
