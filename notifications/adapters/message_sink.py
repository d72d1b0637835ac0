"""Text messages and push as lines of a file: development, trial and demonstration send nothing."""

from __future__ import annotations

import fcntl
import os
from dataclasses import dataclass
from pathlib import Path

import orjson

from config.kernel import clock
from config.kernel.conf import setting
from notifications.adapters.protocol import Accepted, Outward

FILE = "file"


@dataclass(frozen=True)
class SinkSession:
    """One line for each message, in ``<channel>.jsonl``."""

    channel: str

    def send(self, outward: Outward) -> Accepted:
        """Written down whole before it counts as accepted."""
        line = orjson.dumps(
            {
                "at": clock.now(),
                "delivery": str(outward.delivery_id),
                "to": outward.address,
                "subject": outward.subject,
                "text": outward.text,
                "link": outward.link,
            }
        )
        folder = Path(setting("MESSAGE_SINK_DIR"))
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor = os.open(folder / f"{self.channel}.jsonl", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(descriptor, "ab") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            file.write(line + b"\n")
        return Accepted(provider_id=outward.message_id)
