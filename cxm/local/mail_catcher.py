"""A mail server for one machine: `python -m cxm.local.mail_catcher FILE_DESCRIPTOR FOLDER`.

Speaks SMTP on a loopback socket that is open already and delivers every mail into a folder, one
.eml file each. A mail is acknowledged when it is safely on the disk.
"""

from __future__ import annotations

import asyncio
import logging
import os
import secrets
import signal
import socket
import sys
from datetime import UTC, datetime
from email.utils import format_datetime
from pathlib import Path

from aiosmtpd.smtp import SMTP, Envelope, Session

_LARGEST_MAIL_BYTES = 32 * 1024 * 1024
logger = logging.getLogger(__name__)


class OutboxHandler:
    """Delivers into `folder`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    async def handle_DATA(  # noqa: N802 - aiosmtpd names it
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        """Store the mail before it is acknowledged."""
        content = envelope.original_content or b""
        try:
            await asyncio.to_thread(
                deliver,
                self.folder,
                envelope.mail_from or "",
                envelope.rcpt_tos,
                content,
            )
        except OSError as error:
            logger.warning("A mail could not be stored: %s", error)
            return "452 4.3.1 The mail could not be stored"
        return "250 2.0.0 Stored"


def deliver(folder: Path, sender: str, recipients: list[str], content: bytes) -> Path:
    """Store one mail durably under a name that sorts by time; readers never see half of it."""
    now = datetime.now(UTC)
    envelope = "".join(
        [
            f"Return-Path: <{sender}>\r\n",
            *(f"Delivered-To: {recipient}\r\n" for recipient in recipients),
            f"Received: by cxm local mail; {format_datetime(now)}\r\n",
        ]
    )
    name = f"{now:%Y%m%dT%H%M%S.%fZ}-{secrets.token_hex(4)}"
    unfinished, finished = folder / f".{name}.part", folder / f"{name}.eml"
    try:
        with unfinished.open("xb") as file:
            file.write(envelope.encode("utf-8", "surrogateescape") + content)
            file.flush()
            os.fsync(file.fileno())
        unfinished.rename(finished)
    except OSError:
        unfinished.unlink(missing_ok=True)
        raise
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    return finished


async def serve(listener: socket.socket, folder: Path) -> None:
    """Answer until SIGTERM."""
    loop = asyncio.get_running_loop()
    ended = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, ended.set)
    handler = OutboxHandler(folder)
    server = await loop.create_server(
        lambda: SMTP(
            handler,
            hostname="localhost",
            data_size_limit=_LARGEST_MAIL_BYTES,
            enable_SMTPUTF8=True,
        ),
        sock=listener,
    )
    await ended.wait()
    server.close()


def main() -> None:
    """Serve until told to stop."""
    logging.basicConfig(format="%(asctime)s %(levelname)s %(message)s")
    folder = Path(sys.argv[2])
    for unfinished in folder.glob(".*.part"):
        unfinished.unlink(missing_ok=True)
    asyncio.run(serve(socket.socket(fileno=int(sys.argv[1])), folder))


if __name__ == "__main__":
    main()
