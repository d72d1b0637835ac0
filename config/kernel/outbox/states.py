"""The states of an event on its way, and its steps as the relay's statements take them."""

from enum import StrEnum
from typing import Final

from config.kernel.db.states import sql_step
from config.kernel.state_machine import StateMachine


class OutboxState(StrEnum):
    """DEAD: its tries are used up, and somebody must look."""

    PENDING = "PENDING"
    SENT = "SENT"
    DEAD = "DEAD"


OUTBOX_ENTRY: Final = StateMachine(
    OutboxState.PENDING,
    {OutboxState.PENDING: {OutboxState.SENT, OutboxState.DEAD}, OutboxState.DEAD: {OutboxState.PENDING}},
)
SEND: Final = sql_step(OUTBOX_ENTRY, OutboxState.PENDING, OutboxState.SENT)
GIVE_UP: Final = sql_step(OUTBOX_ENTRY, OutboxState.PENDING, OutboxState.DEAD)
