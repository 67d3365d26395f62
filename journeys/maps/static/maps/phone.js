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
      markTabs(place);
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

// The tab of the stage in view is the current one: the one that was asked for, as long as it is
// in view, else the topmost.
function markTabs(place) {
  const stages = [...place.querySelectorAll("section[id]")];
  const inView = new Set();

  function mark() {
    const asked = stages.find((stage) => `#${stage.id}` === window.location.hash);
    const current = inView.has(asked) ? asked : (stages.find((stage) => inView.has(stage)) ?? stages[0]);
    for (const tab of place.querySelectorAll(".jm-tabs a")) {
      if (tab.hash === `#${current.id}`) tab.setAttribute("aria-current", "true");
      else tab.removeAttribute("aria-current");
    }
  }

  if (!stages.length) return;
  const observer = new IntersectionObserver(
    (entries) => {
      for (const entry of entries) inView[entry.isIntersecting ? "add" : "delete"](entry.target);
      mark();
    },
    { rootMargin: "-130px 0px -20% 0px" },
  );
  for (const stage of stages) observer.observe(stage);
  window.addEventListener("hashchange", mark);
}
