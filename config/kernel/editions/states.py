"""The states of a version. The database holds them too (``guard``)."""

from enum import StrEnum
from typing import Final

from config.kernel.state_machine import StateMachine


class EditionState(StrEnum):
    """DISCARDED: a draft that was given up; RETIRED: published once, and in force no more."""

    DRAFT = "DRAFT"
    PUBLISHED = "PUBLISHED"
    RETIRED = "RETIRED"
    DISCARDED = "DISCARDED"


EDITION: Final = StateMachine(
    EditionState.DRAFT,
    {
        EditionState.DRAFT: {EditionState.PUBLISHED, EditionState.DISCARDED},
        EditionState.PUBLISHED: {EditionState.RETIRED},
    },
)
