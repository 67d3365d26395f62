"""The map's editor in Chromium: how long until it is drawn, a keystroke, one step of a drag.

A part of `benchmarks.map_editor`, which fills the map and starts the database.
"""

# Django may be imported only once the server of the run has an address.
# ruff: noqa: PLC0415
from __future__ import annotations

import shutil
import threading
from typing import TYPE_CHECKING, Any, Final
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

if TYPE_CHECKING:
    from django.test import Client
    from playwright.sync_api import Page

# Milliseconds.
LIMITS: Final = {"drawn": 1500.0, "keystroke": 50.0, "drag step": 50.0}


class QuietHandler(WSGIRequestHandler):
    """Says nothing about each request."""

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


class Threaded(WSGIServer):
    """A server with a thread for each connection."""

    daemon_threads = True

    def process_request(self, request: Any, client_address: Any) -> None:
        """Answer in a thread of its own."""
        threading.Thread(target=self._answer, args=(request, client_address), daemon=True).start()

    def _answer(self, request: Any, client_address: Any) -> None:
        try:
            self.finish_request(request, client_address)
        except OSError:
            pass
        finally:
            self.shutdown_request(request)


def browse(client: Client, address: str, rounds: int) -> dict[str, list[float]]:
    """Open the page in Chromium and work on it; return the seconds of each of `LIMITS`."""
    from django.contrib.staticfiles.handlers import StaticFilesHandler
    from django.core.wsgi import get_wsgi_application
    from playwright.sync_api import sync_playwright

    server = Threaded(("127.0.0.1", 0), QuietHandler)
    server.set_app(StaticFilesHandler(get_wsgi_application()))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    base = f"http://127.0.0.1:{server.server_port}"
    chromium = shutil.which("chromium") or "/usr/bin/chromium"
    found: dict[str, list[float]] = {name: [] for name in LIMITS}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", "--disable-gpu"]
        )
        for number in range(5):
            context = browser.new_context(viewport={"width": 1600, "height": 1000})
            context.add_cookies(
                [{"name": c.key, "value": c.value, "url": base} for c in client.cookies.values()]
            )
            page = context.new_page()
            page.on("pageerror", lambda error: print(f"  page: {error}", flush=True))
            page.on("requestfailed", lambda asked: print(f"  failed: {asked.url}", flush=True))
            page.goto(base + address, wait_until="load")
            found["drawn"].append(drawn(page) / 1000)
            if number == 4:
                work(page, rounds, found)
            context.close()
        browser.close()
    server.shutdown()
    # The first opening fills the caches of the server's process.
    return {**found, "drawn": found["drawn"][1:]}


def drawn(page: Page) -> float:
    """Return how long after the navigation the map was drawn, in milliseconds."""
    page.wait_for_function("performance.getEntriesByName('jm-drawn').length > 0", timeout=30_000)
    return float(page.evaluate("performance.getEntriesByName('jm-drawn')[0].startTime"))


# A turn of the event loop with its drawing: from the event to the frame after it.
FRAME = """async (dispatch) => {
  const started = performance.now();
  dispatch();
  await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
  return performance.now() - started;
}"""


def work(page: Page, rounds: int, found: dict[str, list[float]]) -> None:
    """Type into a card and drag it."""
    page.evaluate("() => { window.benchFrame = " + FRAME + "; }")
    card = page.locator("[id^='k-']").first
    card.scroll_into_view_if_needed()
    card.dblclick()
    page.wait_for_timeout(300)
    for _ in range(rounds):
        taken = page.evaluate(
            """() => window.benchFrame(() => {
              const field = document.activeElement;
              if (field.isContentEditable) document.execCommand("insertText", false, "x");
              else {
                field.value += "x";
                field.dispatchEvent(new InputEvent("input", { bubbles: true, data: "x" }));
              }
            })"""
        )
        found["keystroke"].append(taken / 1000)
    page.keyboard.press("Escape")
    box = card.bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 8, y + 8)
    page.wait_for_timeout(100)
    for number in range(rounds):
        taken = page.evaluate(
            """([x, y]) => window.benchFrame(() => {
              const at = { clientX: x, clientY: y, bubbles: true, pointerId: 1, buttons: 1 };
              const under = document.elementFromPoint(x, y) ?? document.body;
              under.dispatchEvent(new PointerEvent("pointermove", at));
            })""",
            [x + 8 + 12 * (number % 30), y + 4 * (number % 10)],
        )
        found["drag step"].append(taken / 1000)
    page.keyboard.press("Escape")
    page.mouse.up()
