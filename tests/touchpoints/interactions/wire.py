"""HTTP by hand: sends what no client library would, and reads what comes back."""

from __future__ import annotations

import socket
import time
from collections.abc import Mapping
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

IDLE = 2.0


class Wire:
    """A connection that is kept open, and opened again when the server has closed it."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._address = (parts.hostname or "", parts.port or 80)
        self._socket: socket.socket | None = None
        self._left = b""
        self._used = 0.0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Hang up."""
        if self._socket is not None:
            self._socket.close()
        self._socket, self._left = None, b""

    def send(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> int:
        """Send a request and return the status of its answer.

        Raises:
            OSError: the server went away before it answered.
        """
        lines = [f"{method} {path} HTTP/1.1", "Host: collector", f"Content-Length: {len(body)}"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        request = "\r\n".join([*lines, "", ""]).encode() + body
        # The server closes what nothing comes through for five seconds.
        if time.monotonic() - self._used > IDLE:
            self.close()
        try:
            if self._socket is None:
                self._socket = socket.create_connection(self._address, timeout=30)
                self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._socket.sendall(request)
            status = self._status()
        except OSError:
            self.close()
            raise
        self._used = time.monotonic()
        return status

    def raw(self, request: bytes, *, patience: float = 0.1) -> list[int]:
        """Send bytes on a connection of their own and return the statuses of all answers.

        Waits for an answer, then hangs up our side, which ends what the server still waits for.
        """
        answers = b""
        with socket.create_connection(self._address, timeout=patience) as connection:
            try:
                connection.sendall(request)
                try:
                    answers = connection.recv(65536)
                except TimeoutError:
                    connection.shutdown(socket.SHUT_WR)
                connection.settimeout(30)
                while part := connection.recv(65536):
                    answers += part
            except ConnectionError:
                # The server had heard enough.
                pass
        return [int(part[:3]) for part in answers.split(b"HTTP/1.1 ")[1:]]

    def _status(self) -> int:
        while b"\r\n\r\n" not in self._left:
            self._more()
        head, _, self._left = self._left.partition(b"\r\n\r\n")
        first, *lines = head.decode("latin-1").split("\r\n")
        headers = {
            name.lower(): value.strip()
            for name, _, value in (line.partition(":") for line in lines)
        }
        length = int(headers.get("content-length", "0"))
        while len(self._left) < length:
            self._more()
        self._left = self._left[length:]
        if headers.get("connection") == "close":
            self.close()
        return int(first.split()[1])

    def _more(self) -> None:
        assert self._socket is not None
        part = self._socket.recv(65536)
        if not part:
            raise ConnectionError("The server hung up.")
        self._left += part
