"""Somebody's website on an origin of its own, with a strict policy and the snippet in its pages."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import urlsplit

PAGE = """<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>{title}</title>
<meta name="viewport" content="width=device-width">
<link rel="icon" href="data:,">{before}
<script async src="{site}/t.js" data-key="{key}"></script></head>
<body>{body}</body>
</html>
"""
FILES: Mapping[str, tuple[str, str]] = {
    "/early.js": (
        "text/javascript",
        "window.cxm = window.cxm || [];"
        'cxm.push(["consent", true]); cxm.push(["track", "Read Early", {part: 1}]);',
    ),
    "/layout.css": (
        "text/css",
        "body{margin:0} #tall{height:3000px} #box{height:40px;width:200px}",
    ),
    "/prices.pdf": ("application/pdf", "%PDF-1.4"),
}


class Website:
    """Pages by path; any other path gives an empty page whose title is the path."""

    def __init__(self, url: str, site: str) -> None:
        self.url = url
        self.site = site
        self.key = ""
        self.pages: dict[str, str] = {}
        self.before = ""

    @property
    def policy(self) -> str:
        """Return what the pages allow: nothing inline, and of other origins the snippet alone."""
        return (
            f"default-src 'none'; script-src 'self' {self.site}; connect-src {self.site}; "
            "style-src 'self'; img-src data:; form-action 'self'; base-uri 'none'; "
            "require-trusted-types-for 'script'"
        )

    def answer(self, path: str) -> tuple[str, str]:
        """Return the type and the text at a path."""
        if path in FILES:
            return FILES[path]
        text = PAGE.format(
            title=path,
            site=self.site,
            key=self.key,
            before=self.before,
            body=self.pages.get(path, ""),
        )
        return "text/html; charset=utf-8", text


@contextmanager
def serving_pages(site: str) -> Iterator[Website]:
    """Serve a website until the block ends. `site` is where the snippet comes from."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            kind, text = website.answer(urlsplit(self.path).path)
            body = text.encode()
            self.send_response(200)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.send_header("Content-Security-Policy", website.policy)
            self.end_headers()
            self.wfile.write(body)

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            self.do_GET()

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    # By another name than the collector's, so that the two are different sites too.
    website = Website(f"http://localhost:{server.server_port}", site)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield website
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
