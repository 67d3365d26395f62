"""Serve the site on a socket that is open already: `python -m cxm.local.web FILE_DESCRIPTOR`."""

from __future__ import annotations

import socket
import sys

import uvicorn


def main() -> None:
    """Serve until told to stop."""
    listener = socket.socket(fileno=int(sys.argv[1]))
    config = uvicorn.Config(
        "cxm.asgi:application",
        http="httptools",
        loop="uvloop",
        ws="none",
        log_level="warning",
        access_log=False,
        proxy_headers=False,
        timeout_graceful_shutdown=4,
    )
    uvicorn.Server(config).run(sockets=[listener])


if __name__ == "__main__":
    main()
