// The map as a list to read: fetched when the window is narrow, and not before.

const NARROW = "(max-width: 820px)";

function start() {
  const place = document.getElementById("jm-read");
  if (!place) return;
  const narrow = window.matchMedia(place.dataset.narrow || NARROW);
  let asked = false;

  async function fetchList() {
    if (asked || !narrow.matches) return;
    asked = true;
    try {
      const answer = await fetch(place.dataset.url, { credentials: "same-origin" });
      if (!answer.ok) throw new Error(String(answer.status));
      place.innerHTML = await answer.text();
      // A link to a step or stage led here before there was one.
      const aim = window.location.hash && document.getElementById(window.location.hash.slice(1));
      aim?.scrollIntoView();
    } catch {
      asked = false;
    }
  }

  narrow.addEventListener("change", fetchList);
  window.addEventListener("online", fetchList);
  fetchList();
}

start();
