// The admin's own script looks for a text field beside each file field; a plain one has none.
document.addEventListener(
  "change",
  (event) => {
    if (event.target instanceof HTMLInputElement && event.target.matches("input[type=file][data-plain]")) event.stopPropagation();
  },
  true,
);

// Entering contacts: Ctrl + Enter saves and begins another; the first field that needs something has the focus.

document.body.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
  const form = event.target instanceof Element ? event.target.closest("form[data-contact]") : null;
  if (!form) return;
  event.preventDefault();
  form.requestSubmit(form.querySelector("button[name=another]"));
});

const form = document.querySelector("form[data-contact]");
const wanted = form?.querySelector(".field:has(.field-error) :is(input, select, textarea)") ?? [...(form?.querySelectorAll("select, input[type=search]") ?? [])].find((field) => !field.value);
wanted?.focus();
