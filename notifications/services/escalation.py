"""What must be read goes from channel to channel until it is, and after a day somebody is asked to call."""

from datetime import timedelta
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from config.kernel.audit import record
from config.kernel.auth import Principal
from config.kernel.db.states import advance, advance_all
from config.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from config.kernel.jobs import JobRun
from config.kernel.outbox import publish
from identity import services as identity
from notifications.adapters.protocol import channels_on
from notifications.db import atomic, now
from notifications.domain.categories import ChannelName
from notifications.domain.state_machines import OPEN_ESCALATIONS, DeliveryState, EscalationState
from notifications.events import PersonUnreachable
from notifications.models import Delivery, Escalation
from notifications.services.must_reach import ORDER, UNREAD_AFTER
from notifications.services.outgoing import add_deliveries

KIND = "notifications.escalate"
UNREACHED_AFTER = timedelta(hours=24)
AT_ONCE = 500
# A delivery that ended so brought the news to nobody.
LOST = (DeliveryState.FAILED, DeliveryState.BOUNCED, DeliveryState.SKIPPED, DeliveryState.CANCELLED)
REACHERS = frozenset({"coordinator", "nurse", "administrator"})
OUTCOMES = ("told_by_phone", "contact_data_corrected", "not_reached", "no_longer_needed")


def escalate(run: JobRun) -> None:
    """The job, once a minute: what was read ends, what was not goes on."""
    with atomic():
        advance_all(_open().filter(notice__read_at__isnull=False), EscalationState.READ, closed_at=now())
    for escalation_id in _due():
        _go_on(escalation_id)
    run.complete()


def acted(*, user_id: UUID, subject_id: UUID) -> None:
    """The person did something in the case: what was to be read about it has reached them. Inside ``atomic()``."""
    about = _open().filter(user_id=user_id, notice__subject_id=subject_id)
    advance_all(about, EscalationState.READ, closed_at=now())


def claim(*, principal: Principal, escalation_id: UUID) -> None:
    """Take it on oneself to call; ``Conflict`` when somebody else has, or when it was read meanwhile."""
    with atomic():
        row = _row(principal, escalation_id)
        advance(row, EscalationState.CLAIMED, claimed_by=principal.require_user_id(), claimed_at=now())
        _note("unreached.claim", row)


def give_back(*, principal: Principal, escalation_id: UUID) -> None:
    """Let somebody else call."""
    with atomic():
        row = _own(principal, escalation_id)
        advance(row, EscalationState.UNREACHED, claimed_by=None, claimed_at=None)
        _note("unreached.give_back", row)


def close(*, principal: Principal, escalation_id: UUID, outcome: str) -> None:
    """Say how it ended."""
    if outcome not in OUTCOMES:
        raise Invalid(f"The outcome is one of: {', '.join(OUTCOMES)}.", code="outcome_unknown")
    with atomic():
        row = _own(principal, escalation_id)
        advance(row, EscalationState.CLOSED, closed_at=now(), outcome=outcome)
        _note("unreached.close", row, outcome=outcome)


def _open() -> QuerySet[Escalation]:
    return Escalation.objects.filter(state__in=OPEN_ESCALATIONS)


def _due() -> list[UUID]:
    """Those whose time has come, and those whose last channel turned out to lead nowhere."""
    lost = Delivery.objects.filter(notice_id=OuterRef("notice_id"), channel=OuterRef("channel"), state__in=LOST)
    watched = Escalation.objects.filter(state=EscalationState.WATCHED)
    due = watched.filter(Q(next_at__lte=now()) | Exists(lost))
    return list(due.order_by("next_at").values_list("id", flat=True)[:AT_ONCE])


def _go_on(escalation_id: UUID) -> None:
    with atomic():
        rows = Escalation.objects.select_for_update(of=("self",), skip_locked=True).select_related("notice")
        row = rows.filter(id=escalation_id, state=EscalationState.WATCHED).first()
        if row is None:
            return
        ends_at = row.notice.created_at + UNREACHED_AFTER
        if row.notice.read_at is not None:
            advance(row, EscalationState.READ, closed_at=now())
        elif now() >= ends_at:
            _hand_over(row)
        else:
            following = _next_channel(row)
            if following:
                add_deliveries(notice=row.notice, channels=(ChannelName(following),), urgent=True)
            row.channel = following
            row.next_at = min(now() + UNREAD_AFTER, ends_at) if following else ends_at
            row.save(update_fields=["channel", "next_at", "updated_at"])


def _next_channel(row: Escalation) -> str:
    """The next channel that this installation has and that was not tried; empty when there is none."""
    place = ORDER.index(ChannelName(row.channel)) + 1 if row.channel else len(ORDER)
    tried = set(Delivery.objects.filter(notice_id=row.notice_id).values_list("channel", flat=True))
    on = channels_on()
    return next((str(one) for one in ORDER[place:] if one in on and one not in tried), "")


def _hand_over(row: Escalation) -> None:
    """To staff; nobody calls for an account that is closed."""
    try:
        active = identity.get_account(user_id=row.user_id).active
    except NotFound:
        active = False
    if not active:
        advance(row, EscalationState.CLOSED, closed_at=now(), outcome="account_closed")
        return
    advance(row, EscalationState.UNREACHED, unreached_at=now())
    publish(PersonUnreachable(aggregate_id=row.user_id, notice_id=row.notice_id))


def _row(principal: Principal, escalation_id: UUID) -> Escalation:
    if not principal.has(*REACHERS):
        raise Forbidden("Coordinators, nurses and administrators call people.", code="role_forbidden")
    row = Escalation.objects.filter(id=escalation_id).first()
    if row is None:
        raise NotFound("There is no such entry.")
    return row


def _own(principal: Principal, escalation_id: UUID) -> Escalation:
    row = _row(principal, escalation_id)
    if row.state == EscalationState.CLAIMED and row.claimed_by != principal.user_id:
        raise Conflict("Somebody else has taken it.", code="claimed_by_another")
    return row


def _note(action: str, row: Escalation, **detail: str) -> None:
    record(
        context="notifications",
        action=action,
        patient_id=row.user_id,
        object_type="escalation",
        object_id=row.id,
        detail=detail,
    )
