"""Showing figures to everybody: the specialist agrees, enough cases stand behind each, and a second person decides."""

from uuid import UUID

from config.kernel.audit import record
from config.kernel.auth import Principal
from config.kernel.auth.second_person import require_second_person
from config.kernel.conf import setting
from config.kernel.db.states import advance
from config.kernel.errors import Conflict, Forbidden, NotFound
from professionals.db import atomic, now
from professionals.domain.publication_machines import PublicationState
from professionals.models import Publication
from professionals.services.published_figures import PublicationDTO, get_publication, own_profile, shown_now

_MODERATORS = ("medical_director", "administrator")


def propose_figures(*, principal: Principal) -> PublicationDTO:
    """Agree to show one's own figures as they are now. What was shown before is hidden until they are decided on."""
    with atomic():
        row = own_profile(principal)
        shown = shown_now(row)
        if len(shown) < 2:
            least = setting("STATISTICS_MIN_CASES")
            raise Conflict(
                f"A figure is shown when at least {least} cases stand behind it; none of yours has so many yet.",
                code="too_few_cases",
            )
        fresh = {"figures": shown, "proposed_at": now()}
        held, begun = Publication.objects.get_or_create(professional=row, defaults=fresh)
        if not begun:
            advance(held, PublicationState.PROPOSED, **fresh, decided_by=None, decided_at=None)
        _note("figures.propose", row.id)
    return get_publication(principal=principal)


def withdraw_figures(*, principal: Principal) -> PublicationDTO:
    """Show them no more, from now on; nobody else is asked."""
    with atomic():
        row = own_profile(principal)
        held = Publication.objects.select_for_update().filter(professional=row).first()
        if held is None or held.state not in (PublicationState.PROPOSED, PublicationState.PUBLISHED):
            raise Conflict("Nothing of yours is shown or waits to be.", code="figures_not_shown")
        advance(held, PublicationState.WITHDRAWN)
        _note("figures.withdraw", row.id)
    return get_publication(principal=principal)


def decide_figures(*, principal: Principal, professional_id: UUID, publish: bool) -> None:
    """Show what the specialist agreed to, or not; they are another person than the one who decides."""
    if not principal.has(*_MODERATORS):
        raise Forbidden("The medical director decides on figures.", code="role_forbidden")
    with atomic():
        rows = Publication.objects.select_for_update(of=("self",)).select_related("professional")
        held = rows.filter(professional_id=professional_id).first()
        if held is None:
            raise NotFound("This specialist has proposed no figures.")
        require_second_person(
            principal.user_id, not_one_of=(held.professional.user_id,), why="Another person decides on your figures."
        )
        if held.state != PublicationState.PROPOSED:
            raise Conflict(f"These figures are {held.state.lower()}, and wait for no decision.", code="figures_decided")
        decided = PublicationState.PUBLISHED if publish else PublicationState.REJECTED
        advance(held, decided, decided_by=principal.require_user_id(), decided_at=now())
        _note("figures.decide", professional_id)


def _note(action: str, professional_id: UUID) -> None:
    record(context="professionals", action=action, object_type="professional", object_id=professional_id)
