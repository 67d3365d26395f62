"""The real supervisor with programs that start at once, run as a script by the tests."""

from __future__ import annotations

import socket
import sys

from cxm.local import supervisor
from cxm.local.programs import Program

# Answers every request, so both health addresses are well.
SITE = """
import http.server, socket, sys
class Answer(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()
    def log_message(self, *arguments):
        pass
server = http.server.HTTPServer(("", 0), Answer, bind_and_activate=False)
server.socket.close()
server.socket = socket.socket(fileno=int(sys.argv[1]))
server.serve_forever()
"""
# Ignores SIGTERM and has a child that does so too, like a worker with a pool that hangs.
STUBBORN = """
import os, signal, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
os.fork()
time.sleep(600)
"""


class CheapSupervisor(supervisor.Supervisor):
    def prepare(self) -> None:
        """There is no Django here."""

    def is_empty(self) -> bool:
        return False

    def programs(self, web: socket.socket, mail: socket.socket) -> list[Program]:
        descriptor = web.fileno()
        python = (sys.executable, "-I", "-S", "-c")
        return [
            Program("web", (*python, SITE, str(descriptor)), (descriptor,)),
            Program("worker", (*python, STUBBORN)),
        ]


if __name__ == "__main__":
    supervisor.Supervisor = CheapSupervisor  # type: ignore[misc]
    supervisor.STOP_SECONDS = 1.5
    sys.exit(supervisor.main())
