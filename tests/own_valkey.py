"""A Valkey of a test's own, which may be frozen, killed and started again; the channel layer goes through it."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from config.runtime.embedded import EmbeddedValkey


@contextmanager
def own_valkey(settings: Any, folder: Path, **connection: Any) -> Iterator[EmbeddedValkey]:
    """Served until the end of the block; ``connection`` are options of the layer's connections."""
    valkey = EmbeddedValkey(folder / "valkey").start()
    layer = settings.CHANNEL_LAYERS["default"]
    host = settings.CHANNEL_LAYER_HOST | {"address": valkey.url()} | connection
    settings.CHANNEL_LAYERS = {"default": layer | {"CONFIG": {"hosts": [host]}}}
    try:
        yield valkey
    finally:
        valkey.stop()


@contextmanager
def frozen(valkey: EmbeddedValkey) -> Iterator[None]:
    """It takes connections and bytes, and answers nothing, until the end of the block."""
    os.kill(valkey.pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(valkey.pid, signal.SIGCONT)
