// What the form says appears on the card beside it; the printed page has its button.

const letters = (name) => {
  const words = name.trim().split(/\s+/).filter(Boolean);
  const chosen = words.length > 1 ? [words[0], words.at(-1)] : words;
  return chosen.map((word) => [...word][0]).join("").toUpperCase();
};

function show(form) {
  const preview = document.querySelector("[data-preview]");
  if (!preview) return;
  const value = (name) => form.elements[name]?.value ?? "";
  for (const place of preview.querySelectorAll("[data-shows]")) {
    const text = value(place.dataset.shows).trim();
    place.textContent = text || place.dataset.empty || "";
    place.hidden = !place.textContent;
  }
  const face = preview.querySelector("[data-face]");
  face.className = `pp-face pp-${value("color") || "petrol"}`;
  if (!face.querySelector("img")) {
    face.textContent = (value("initials").toUpperCase() || letters(value("name"))).slice(0, 2);
  }
  const tags = preview.querySelector("[data-tags]");
  const words = value("tags").split(",").map((word) => word.trim()).filter(Boolean);
  tags.replaceChildren(
    ...[...new Set(words)].map((word) => {
      const tag = document.createElement("span");
      tag.className = "tag";
      tag.textContent = word;
      return tag;
    }),
  );
}

function showPicture(input) {
  const face = document.querySelector("[data-preview] [data-face]");
  const [file] = input.files;
  if (!face || !file || !file.type.startsWith("image/")) return;
  const reader = new FileReader();
  reader.addEventListener("load", () => {
    const image = document.createElement("img");
    image.alt = "";
    image.src = reader.result;
    face.replaceChildren(image);
  });
  reader.readAsDataURL(file);
}

document.body.addEventListener("input", (event) => {
  const form = event.target.closest("form[data-persona]");
  if (!form) return;
  if (event.target.type === "file") showPicture(event.target);
  else show(form);
});

document.body.addEventListener("change", (event) => {
  const choosing = event.target.closest("form[data-choose]");
  if (choosing) choosing.requestSubmit();
});

document.body.addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) window.print();
});
