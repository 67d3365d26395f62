"""Ask the running site how it is."""

from __future__ import annotations

import http.client
import json
from dataclasses import dataclass

_TIMEOUT_SECONDS = 5.0


@dataclass(frozen=True)
class Health:
    """What /health/live and /health/ready said; `unwell` names the parts that are not."""

    live: bool
    ready: bool = False
    unwell: tuple[str, ...] = ()


def health(address: str, port: int, host_name: str) -> Health:
    """Ask the site at `address:port` under its visible name."""
    live, _body = _get(address, port, host_name, "/health/live")
    if live != 200:
        return Health(live=False)
    ready, body = _get(address, port, host_name, "/health/ready")
    if ready == 200:
        return Health(live=True, ready=True)
    return Health(live=True, unwell=_unwell_parts(body))


def _get(address: str, port: int, host_name: str, path: str) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection(address, port, timeout=_TIMEOUT_SECONDS)
    try:
        connection.request(
            "GET",
            path,
            headers={"Host": f"{host_name}:{port}", "Accept": "application/json"},
        )
        answer = connection.getresponse()
        return answer.status, answer.read()
    except (OSError, http.client.HTTPException):
        return 0, b""
    finally:
        connection.close()


def _unwell_parts(body: bytes) -> tuple[str, ...]:
    """Name the checks of a readiness answer that failed."""
    try:
        checks = json.loads(body)["checks"]
        return tuple(str(name) for name, check in checks.items() if check["status"] != "ok")
    except (ValueError, KeyError, TypeError, AttributeError):
        return ()
