"""Which packets of a client are taken."""

import pytest

from notifications.realtime.socketio.packets import Kind, kind_of

TAKEN = {
    "3": Kind.CONTROL,
    "1": Kind.LEAVE,
    "41": Kind.LEAVE,
    "2probe": Kind.UPGRADE,
    "5": Kind.UPGRADE,
    "40": Kind.CONNECT,
    '40{"token":"a"}': Kind.CONNECT,
    '42["watch",{"case_id":"x"}]': Kind.EVENT,
    '4217["typing",{"case_id":"x"}]': Kind.EVENT,
}
REFUSED = {
    "nothing": "",
    "not a number": "x",
    "an event of the library's own": '42["connect",{"asgi.scope":{}},{"token":"a"}]',
    "its other one": '42["disconnect","x"]',
    "an event that nobody knows": '42["anything"]',
    "an event without a name": "42[]",
    "an event whose name is none": "42[1]",
    "no list": '42{"watch":1}',
    "cut JSON": '42["watch"',
    "deep JSON": '42["watch",' + "[" * 5000 + "]" * 5000 + "]",
    "NaN": '42["watch",NaN]',
    "another namespace": '42/admin,["watch"]',
    "a connection to another namespace": '40/admin,{"token":"a"}',
    "a connection with a list": "40[1]",
    "a connection with cut JSON": '40{"token":',
    "a binary event": '451-["watch",{"_placeholder":true,"num":0}]',
    "a binary event of a million parts": '451000000-["watch"]',
    "binary": "bAAAA",
    "an answer that nobody waits for": '431["x"]',
    "an error of the client": '44{"message":"x"}',
    "an opening": '0{"sid":"x"}',
    "a ping that is none": "2",
    "a number that is too long": "42" + "1" * 11 + '["watch"]',
}


@pytest.mark.parametrize("packet", TAKEN)
def test_what_our_clients_send_is_taken(packet: str) -> None:
    assert kind_of(packet) is TAKEN[packet]


@pytest.mark.parametrize("what", REFUSED)
def test_everything_else_is_refused(what: str) -> None:
    assert kind_of(REFUSED[what]) is None
