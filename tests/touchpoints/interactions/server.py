"""A real server of the site, on a free port, as a process of its own."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from base64 import b64encode
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import quote

from django.db import connection


@dataclass(frozen=True)
class Answer:
    """What the server said."""

    status: int
    headers: Mapping[str, str]
    body: dict[str, object]


@dataclass(frozen=True)
class Server:
    """Where it listens."""

    url: str

    def post(
        self,
        path: str,
        body: bytes | object,
        *,
        key: str = "",
        method: str = "POST",
        **headers: str,
    ) -> Answer:
        """Send a body, JSON unless it is bytes; header names with _ for -."""
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if key:
            sent["Authorization"] = "Basic " + b64encode(f"{key}:".encode()).decode()
        request = urllib.request.Request(self.url + path, data=data, headers=sent, method=method)
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                text = answer.read()
                return Answer(answer.status, dict(answer.headers), json.loads(text or b"{}"))
        except urllib.error.HTTPError as error:
            with error:
                return Answer(error.code, dict(error.headers), json.loads(error.read() or b"{}"))


def database_address() -> str:
    """Return the address of the database that this test uses."""
    settings = connection.settings_dict
    where = quote(str(settings["HOST"]), safe="/.")
    return f"postgresql://{settings['USER']}@/{settings['NAME']}?host={where}"


def environment(database_url: str, site_url: str) -> dict[str, str]:
    """Return the environment of a web process."""
    return {
        **os.environ,
        "DATABASE_URL": database_url,
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "SITE_URL": site_url,
        "CXM_LOCAL": "1",
    }


@contextmanager
def serving(database_url: str) -> Iterator[Server]:
    """Run the site against a database until the block ends."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-m", "uvicorn", "cxm.asgi:application", "--port", str(port)]
    process = subprocess.Popen(
        [*command, "--log-level", "error"], env=environment(database_url, url)
    )
    try:
        _wait(port, process)
        yield Server(url)
    finally:
        process.terminate()
        process.wait(timeout=20)


def _wait(port: int, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        assert process.poll() is None, "the server ended"
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError("the server did not start")
