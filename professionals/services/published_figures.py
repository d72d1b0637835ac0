"""Where the publication of a specialist's figures stands, and what everybody may read of them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from config.kernel.auth import Principal
from config.kernel.conf import setting
from config.kernel.errors import Forbidden, NotFound
from professionals.domain.credentials import PRACTISING
from professionals.domain.figures import publishable
from professionals.domain.publication_machines import PublicationState
from professionals.models import Professional, Publication, Statistics

# What an answer says where nobody ever proposed a publication; no row has it.
NO_PUBLICATION = "NONE"


@dataclass(frozen=True, kw_only=True)
class PublicationDTO:
    """``state`` is NONE, PROPOSED, PUBLISHED, REJECTED or WITHDRAWN; ``figures`` are those that were agreed to."""

    state: str
    figures: dict[str, Any]
    proposed_at: datetime | None = None
    decided_at: datetime | None = None
    least: int = 0
    could_show: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class PublicFigures:
    """What everybody may read; no figures, and ``None``, while nothing is published."""

    published_at: datetime | None
    figures: dict[str, Any]


def get_publication(*, principal: Principal) -> PublicationDTO:
    """Where one's own publication stands, and which figures could be shown now."""
    row = own_profile(principal)
    held = Publication.objects.filter(professional=row).first()
    least, could = setting("STATISTICS_MIN_CASES"), tuple(sorted(shown_now(row).keys() - {"signed"}))
    if held is None:
        return PublicationDTO(state=NO_PUBLICATION, figures={}, least=least, could_show=could)
    return PublicationDTO(
        state=held.state,
        figures=held.figures,
        proposed_at=held.proposed_at,
        decided_at=held.decided_at,
        least=least,
        could_show=could,
    )


def public_figures(*, professional_id: UUID) -> PublicFigures:
    """What a practising specialist agreed to show and a second person let through."""
    row = Professional.objects.filter(id=professional_id, state__in=PRACTISING).first()
    if row is None:
        raise NotFound("There is no such specialist.")
    held = Publication.objects.filter(professional=row, state=PublicationState.PUBLISHED).first()
    return (
        PublicFigures(published_at=held.decided_at, figures=held.figures)
        if held
        else PublicFigures(published_at=None, figures={})
    )


def shown_now(row: Professional) -> dict[str, Any]:
    """What of the newest figures has enough cases behind it."""
    held = Statistics.objects.filter(professional=row).first()
    return publishable(held.figures if held else {}, setting("STATISTICS_MIN_CASES"))


def own_profile(principal: Principal) -> Professional:
    """The caller's profile row."""
    row = Professional.objects.filter(user_id=principal.require_user_id()).first()
    if row is None:
        raise Forbidden("Only a specialist has figures.", code="role_forbidden")
    return row
