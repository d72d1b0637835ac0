"""The states of what is shown to everybody: figures of a specialist, and reviews of the service."""

from enum import StrEnum
from typing import Final

from config.kernel.state_machine import StateMachine


class PublicationState(StrEnum):
    """Of figures that a specialist agreed to show."""

    PROPOSED = "PROPOSED"
    PUBLISHED = "PUBLISHED"
    REJECTED = "REJECTED"
    WITHDRAWN = "WITHDRAWN"


class ReviewState(StrEnum):
    """Of a patient's word on the service."""

    PENDING = "PENDING"
    PUBLISHED = "PUBLISHED"
    REJECTED = "REJECTED"


# New figures are proposed from wherever the old ones stand, and are decided on anew.
PUBLICATION: Final = StateMachine(
    PublicationState.PROPOSED,
    {
        PublicationState.PROPOSED: set(PublicationState),
        PublicationState.PUBLISHED: {PublicationState.PROPOSED, PublicationState.WITHDRAWN},
        PublicationState.REJECTED: {PublicationState.PROPOSED},
        PublicationState.WITHDRAWN: {PublicationState.PROPOSED},
    },
)
# The medical director may think better of it, either way.
REVIEW: Final = StateMachine(
    ReviewState.PENDING,
    {
        ReviewState.PENDING: {ReviewState.PUBLISHED, ReviewState.REJECTED},
        ReviewState.PUBLISHED: {ReviewState.REJECTED},
        ReviewState.REJECTED: {ReviewState.PUBLISHED},
    },
)
