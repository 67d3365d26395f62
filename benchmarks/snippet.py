"""What the web snippet costs the page that carries it: main-thread time, in Chromium.

    python -m benchmarks.snippet [--loads 30]

Each load is a fresh context without a cache. A trace of the page's main thread gives everything
that belongs to /t.js (compiling, evaluating, its listeners and timers), intervals joined so that
nothing counts twice: up to the load event and a quarter of a second after it ("at load"), and in
the seconds after, when the layout is measured and the first messages leave. Processor time is
what the page pays; passed time also holds what else this machine does. As a check from outside,
the browser's own sum of all its tasks is compared between the page with the tag and without.

It fails when the median of the processor time at load reaches 5 ms on this machine.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from statistics import median, quantiles
from threading import Thread
from typing import Any

from playwright.sync_api import Browser, sync_playwright

from touchpoints.tracking.script import script

MOST_MS = 5.0
WATCHED_MS = 3000
SETTLED_US = 250_000
CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# Some text, links and buttons: an ordinary page of a shop.
BODY = "".join(
    f"<section><h2>Product {n}</h2><p>{'Words about it. ' * 20}</p>"
    f'<a href="/p/{n}">More</a> <button>Buy</button></section>'
    for n in range(60)
)
TAG = '<script async src="/t.js" data-key="key"></script>'
OBSERVER = (
    "<script>window.long = []; new PerformanceObserver(list => "
    "window.long.push(...list.getEntries().map(entry => entry.duration)))"
    '.observe({type: "longtask", buffered: true})</script>'
)


@dataclass(frozen=True)
class Load:
    """One load of a page, in milliseconds of its main thread."""

    at_load: float
    at_load_passed: float
    after: float
    tasks: float
    long_tasks: int


class Handler(BaseHTTPRequestHandler):
    """Serves both pages and the script, and thanks for events."""

    def do_GET(self) -> None:
        """Answer a page or the script."""
        if self.path == "/t.js":
            self._send("text/javascript", script().bodies["gzip"], encoding="gzip")
        else:
            tag = TAG if self.path == "/with" else ""
            page = f"<!doctype html><title>Shop</title>{OBSERVER}{tag}<body>{BODY}"
            self._send("text/html; charset=utf-8", page.encode())

    def do_POST(self) -> None:
        """Take events."""
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self._send("application/json", b'{"success":true}')

    def _send(self, kind: str, body: bytes, encoding: str = "") -> None:
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        if encoding:
            self.send_header("Content-Encoding", encoding)
        self.end_headers()
        # The last request of a page may be gone before its answer.
        with suppress(BrokenPipeError):
            self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@contextmanager
def serving() -> Iterator[str]:
    """Serve the pages until the block ends."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def load(browser: Browser, url: str, slower: int) -> Load:
    """Load a page once and return what its main thread did."""
    context = browser.new_context()
    page = context.new_page()
    session = context.new_cdp_session(page)
    session.send("Emulation.setCPUThrottlingRate", {"rate": slower})
    session.send("Performance.enable", {"timeDomain": "threadTicks"})
    events: list[dict[str, Any]] = []
    session.on("Tracing.dataCollected", lambda message: events.extend(message["value"]))
    done: list[object] = []
    session.on("Tracing.tracingComplete", lambda message: done.append(message))  # noqa: PLW0108
    session.send(
        "Tracing.start",
        {
            "transferMode": "ReportEvents",
            "traceConfig": {"includedCategories": ["devtools.timeline", "v8.compile"]},
        },
    )
    page.goto(url)
    page.wait_for_timeout(WATCHED_MS)
    metrics = {m["name"]: m["value"] for m in session.send("Performance.getMetrics")["metrics"]}
    long_tasks = page.evaluate("window.long.length")
    session.send("Tracing.end")
    while not done:
        page.wait_for_timeout(20)
    context.close()
    loaded = max((e["ts"] for e in events if e.get("name") == "MarkLoad"), default=0) + SETTLED_US
    return Load(
        at_load=work(events, "tdur", 0, loaded),
        at_load_passed=work(events, "dur", 0, loaded),
        after=work(events, "tdur", loaded, float("inf")),
        tasks=1000 * metrics["TaskDuration"],
        long_tasks=long_tasks,
    )


def work(events: Sequence[dict[str, Any]], clock: str, since: float, until: float) -> float:
    """Return the milliseconds of main-thread work of the script that began within a time.

    `clock` is "tdur", the thread's processor time, or "dur", the time that passed.
    """
    # Streamed compilation runs on another thread; the one that evaluates is the main one.
    main = {event["tid"] for event in events if event.get("name") == "EvaluateScript"}
    spans = [
        (event["ts"], event["ts"] + event.get("dur", 0), event.get(clock, event.get("dur", 0)))
        for event in events
        if event.get("ph") == "X"
        and event["tid"] in main
        and since <= event["ts"] < until
        and _address(event).endswith("/t.js")
    ]
    total, reached = 0.0, 0.0
    for start, end, cost in sorted(spans, key=lambda span: (span[0], -span[1])):
        # What lies inside of another span is in its cost already.
        if start >= reached:
            total += cost
            reached = end
    return total / 1000


def _address(event: dict[str, Any]) -> str:
    data = (event.get("args") or {}).get("data") or {}
    return str(data.get("url") or data.get("fileName") or data.get("scriptName") or "")


def report(name: str, values: Sequence[float]) -> float:
    """Print the median and the 95th percentile, and return the median."""
    high = quantiles(values, n=20)[-1]
    print(f"{name:<44} median {median(values):6.2f} ms   p95 {high:6.2f} ms")
    return median(values)


def main() -> int:
    """Measure, print and judge."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--loads", type=int, default=30)
    number = parser.parse_args().loads
    failed = False
    sizes = {name or "plain": len(body) for name, body in script().bodies.items()}
    print(f"/t.js: {sizes['gzip']:,} bytes gzip, {sizes['br']:,} br, {sizes['plain']:,} plain")
    with serving() as site, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        print(f"Chromium {browser.version}, {number} loads each\n")
        load(browser, f"{site}/with", 1)
        for slower in (1, 4):
            title = "this machine" if slower == 1 else f"{slower} times slower"
            # In turns, so that whatever else the machine does falls on both alike.
            pairs = [
                (load(browser, f"{site}/with", slower), load(browser, f"{site}/without", slower))
                for _ in range(number)
            ]
            seen, bare = [one for one, _ in pairs], [other for _, other in pairs]
            cost = report(f"{title}: at load", [one.at_load for one in seen])
            report(f"{title}: at load, time passed", [one.at_load_passed for one in seen])
            report(f"{title}: in the seconds after", [one.after for one in seen])
            report(f"{title}: all tasks, with less without", [w.tasks - o.tasks for w, o in pairs])
            counts = [sum(one.long_tasks for one in loads) for loads in (seen, bare)]
            print(f"{title}: long tasks {counts[0]} with, {counts[1]} without\n")
            failed |= slower == 1 and cost >= MOST_MS
        browser.close()
    print("The snippet costs too much." if failed else f"Under {MOST_MS:.0f} ms.")
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
