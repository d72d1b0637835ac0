"""Which packets a client may send: of Engine.IO 4 and Socket.IO 5 what our clients need, and nothing else.

No other namespace than ``/``, nothing binary (the library keeps the parts of a message for as long as it likes), no
event but ours (the library takes an event called ``connect`` for a connection), no list deeper than JSON allows.
"""

import re
from enum import Enum

import orjson

from notifications.realtime.presence_requests import EVENTS

SEPARATOR = "\x1e"
# In one request; as the library has it.
MAX_PACKETS = 16
_EVENT = re.compile(r"42\d{0,9}(\[.*)", re.DOTALL)
_CONNECT = re.compile(r"40(\{.*\})?", re.DOTALL)


class Kind(Enum):
    """What a packet is for."""

    CONTROL = "keeps the line"
    UPGRADE = "moves from polling to a WebSocket"
    CONNECT = "says who is there"
    LEAVE = "ends"
    EVENT = "says something"


_FIXED = {"1": Kind.LEAVE, "3": Kind.CONTROL, "41": Kind.LEAVE, "2probe": Kind.UPGRADE, "5": Kind.UPGRADE}


def kind_of(packet: str) -> Kind | None:
    """What the packet is for; ``None`` for one that we do not take."""
    if packet in _FIXED:
        return _FIXED[packet]
    if found := _CONNECT.fullmatch(packet):
        return Kind.CONNECT if found[1] is None or isinstance(_parsed(found[1]), dict) else None
    if found := _EVENT.fullmatch(packet):
        event = _parsed(found[1])
        known = isinstance(event, list) and event and isinstance(event[0], str) and event[0] in EVENTS
        return Kind.EVENT if known else None
    return None


def _parsed(text: str) -> object:
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        return None
