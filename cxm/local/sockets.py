"""Listening sockets, opened by the supervisor so that they outlive the programs that serve them."""

from __future__ import annotations

import errno
import socket

from cxm.local.errors import LocalError

_BACKLOG = 1024
_WILDCARDS = {"": "127.0.0.1", "0.0.0.0": "127.0.0.1", "*": "127.0.0.1", "::": "::1"}  # noqa: S104


def listen(host: str, port: int) -> socket.socket:
    """Take `host:port`; raise LocalError with one line when that is not possible."""
    try:
        family, kind, protocol, _name, address = socket.getaddrinfo(
            host or None, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
    except (socket.gaierror, OverflowError, UnicodeError):
        raise LocalError(f"{host}:{port} is no address of this machine.") from None
    listener = socket.socket(family, kind, protocol)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(address)
        listener.listen(_BACKLOG)
    except OSError as error:
        listener.close()
        if error.errno == errno.EADDRINUSE:
            message = (
                f"Port {port} on {host} is taken by another program: choose another with --port."
            )
        elif error.errno == errno.EACCES:
            message = f"This user may not listen on port {port}: choose one above 1023 with --port."
        else:
            message = f"{host}:{port} cannot be used: {error.strerror}."
        raise LocalError(message) from None
    return listener


def visible_host(host: str) -> str:
    """Return the name under which a browser on this machine reaches `host`, ready for a URL."""
    if host in _WILDCARDS:
        return "localhost"
    return f"[{host}]" if ":" in host else host


def loopback_for(host: str) -> str:
    """Return the address at which the supervisor itself reaches what listens on `host`."""
    return _WILDCARDS.get(host, host)
