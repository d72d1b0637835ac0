"""A mailbox for development and demonstration: takes every mail by SMTP and keeps it as a file.

``python -m config.runtime.embedded.mail_sink --port 2525 --folder .local/mail``. Nothing is ever sent on.
"""

import argparse
import asyncio
import contextlib
import os
import signal
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

from aiosmtpd.smtp import SMTP, Envelope, Session

MAX_BYTES = 30 * 1024 * 1024


class Mailbox:
    """Writes each mail as ``<time>-<number>.eml``, readable by its owner alone, whole or not at all."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._numbers = count(1)
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """Keep the mail; the answer is the SMTP reply."""
        content = envelope.content or b""
        recipients = ", ".join(envelope.rcpt_tos)
        head = f"X-Envelope-From: {envelope.mail_from}\r\nX-Envelope-To: {recipients}\r\n".encode()
        body = content if isinstance(content, bytes) else content.encode()
        await asyncio.to_thread(self._keep, head + body)
        return "250 Kept"

    def _keep(self, data: bytes) -> None:
        name = f"{datetime.now(UTC):%Y%m%dT%H%M%S.%fZ}-{os.getpid()}-{next(self._numbers):05}.eml"
        # Not ``.eml`` yet: whoever looks for mails must not meet a half one.
        temporary = self.folder / f"{name}.part"
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
        temporary.rename(self.folder / name)


async def serve(folder: Path, port: int) -> None:
    """Take mail on the loopback until SIGTERM."""
    loop = asyncio.get_running_loop()
    mailbox = Mailbox(folder)
    ended = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, ended.set)
    server = await loop.create_server(
        lambda: SMTP(mailbox, data_size_limit=MAX_BYTES, enable_SMTPUTF8=True, loop=loop), "127.0.0.1", port
    )
    async with server:
        await ended.wait()


def main() -> None:
    """Read the arguments and serve."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--folder", type=Path, required=True)
    options = parser.parse_args()
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(serve(options.folder, options.port))


if __name__ == "__main__":
    main()
