"""Writing down what was decided and what was answered: row, timeline, job and limits hold together, or not at all."""

import random
from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from django.db import IntegrityError

from config.kernel.db.states import advance_all, sql_step
from config.kernel.jobs import JobRun, LeaseLost, complete_all
from config.kernel.limits import give_back
from config.kernel.outbox import publish
from notifications.db import atomic, database, now
from notifications.domain.categories import Category, ChannelName
from notifications.domain.deciding import Hold, Skip, SuppressionReason
from notifications.domain.delivery_reports import Happening
from notifications.domain.state_machines import DELIVERY, DeliveryState
from notifications.events import DeliveryFailed
from notifications.models import Delivery
from notifications.services.addresses.suppressions import suppress
from notifications.services.deciding import category_of
from notifications.services.delivery_events import record_all
from notifications.services.sending.letters import Answers, Later, Letter, Lost, NotAsked, Rejected, Taken
from notifications.services.sending.queue import queue_delivery

# Until then a slow server has delivered what it took, if it took it.
ONCE_MORE: Final = timedelta(minutes=30)
# Providers are down for minutes or hours, not for the seconds after which a job is tried again.
PAUSES: Final = (timedelta(seconds=30), timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2))
# So long a provider may ask us to come back later before that counts as a try.
PATIENCE: Final = timedelta(days=1)
_BEGIN = sql_step(DELIVERY, DeliveryState.QUEUED, DeliveryState.SENDING)
_SENT = sql_step(DELIVERY, DeliveryState.SENDING, DeliveryState.SENT)
_SOURCES: Final = [state.value for state in DELIVERY.sources(DeliveryState.SENDING)]
# With the step, its line of the timeline.
_TOLD = """told AS (
INSERT INTO notifications_deliveryevent (delivery_id, at, what, reason, provider, source_key)
SELECT id, %(at)s, '{what}', '', provider, '' FROM {rows}
)"""
_BEGINNING = f"""
WITH begun AS (
UPDATE notifications_delivery AS d
   SET state = {_BEGIN.target}, sending_at = %(at)s, updated_at = %(at)s, tries = d.tries + 1, provider = %(provider)s,
       address_hash = mine.address_hash
  FROM unnest(%(ids)s::uuid[], %(hashes)s::bytea[]) AS mine (id, address_hash)
 WHERE d.id = mine.id AND d.state = ANY(%(sources)s)
RETURNING d.id, d.provider
), {_TOLD.format(what=Happening.SENDING, rows="begun")}
SELECT id FROM begun
"""
# A provider's report may have been quicker than we are: then only what it does not tell is added.
_TAKING = f"""
WITH told_of AS (
UPDATE notifications_delivery AS d
   SET state = CASE WHEN d.state = {_SENT.source} THEN {_SENT.target} ELSE d.state END,
       last_error = CASE WHEN d.state = {_SENT.source} THEN '' ELSE d.last_error END,
       provider_id = taken.provider_id, text_code = taken.text_code, text_version = taken.text_version,
       sent_at = %(at)s, updated_at = %(at)s
  FROM unnest(%(ids)s::uuid[], %(provider_ids)s::text[], %(codes)s::text[], %(versions)s::int[])
       AS taken (id, provider_id, text_code, text_version)
 WHERE d.id = taken.id
RETURNING d.id, d.provider
), {_TOLD.format(what=Happening.SENT, rows="told_of")}
SELECT count(*) FROM told_of
"""


def settle(answers: Answers) -> None:
    """Write down all that was answered in one transaction. What another worker holds by now is left to it."""
    settle_and_begin(answers, (), "")


def settle_and_begin(answers: Answers, letters: Sequence[Letter], provider: str) -> list[Letter]:
    """The same, and in the same transaction that ``letters`` are SENDING; those that are, by this process.

    What another one took meanwhile is looked at again later.
    """
    asked: Answers = [(letter, answer) for letter, answer in answers if not isinstance(answer, NotAsked)]
    try:
        mine = _in_one(asked, letters, provider, named=True)
    except IntegrityError:
        # A provider that gives two messages one name has taken both: reports can name neither.
        mine = _in_one(asked, letters, provider, named=False)
    for letter, answer in answers:
        if not isinstance(answer, Taken | Lost):
            give_back(*letter.spent)
        with letter.run.on_its_own():
            if isinstance(answer, NotAsked):
                _put_back(letter, answer)
            elif not letter.run.completed:
                raise LeaseLost(f"{letter.run.kind} {letter.run.job_id}")
    return _begun(letters, mine, provider)


def _in_one(asked: Answers, letters: Sequence[Letter], provider: str, *, named: bool) -> set[UUID]:
    if not asked and not letters:
        return set()
    try:
        with atomic():
            if asked:
                _write_all(asked, named=named)
            return _begin(letters, provider) if letters else set()
    except BaseException:  # an end of the process too
        # What was rolled back is nobody's success.
        for letter, _ in asked:
            letter.run.completed = False
        raise


def _begin(letters: Sequence[Letter], provider: str) -> set[UUID]:
    values = {
        "at": now(),
        "provider": provider,
        "ids": [letter.delivery.id for letter in letters],
        "hashes": [letter.considered.hashed for letter in letters],
        "sources": _SOURCES,
    }
    with database.prepared() as cursor:
        cursor.execute(_BEGINNING, values, prepare=True)
        return {row[0] for row in cursor.fetchall()}


def _begun(letters: Sequence[Letter], mine: set[UUID], provider: str) -> list[Letter]:
    begun = []
    for letter in letters:
        if letter.delivery.id in mine:
            # Two jobs of one delivery send it once.
            mine.remove(letter.delivery.id)
            letter.delivery.tries += 1
            letter.delivery.provider = provider
            begun.append(letter)
        else:
            with letter.run.on_its_own():
                give_back(*letter.spent)
                letter.run.wait()
    return begun


def _write_all(asked: Answers, *, named: bool) -> None:
    mine = complete_all([letter.run for letter, _ in asked])
    held = [(letter, answer) for letter, answer in asked if letter.run.job_id in mine]
    _take([(letter, answer) for letter, answer in held if isinstance(answer, Taken)], named=named)
    for letter, answer in held:
        if isinstance(answer, Rejected | Later | Lost):
            _write_down(letter, answer)


def decided(run: JobRun, delivery: Delivery, decision: Hold | Skip) -> None:
    """It does not leave now, or not at all."""
    with atomic():
        if isinstance(decision, Skip):
            _ended(delivery, DeliveryState.SKIPPED, Happening.SKIPPED, decision.why)
        elif delivery.uncertain_at is not None:
            # It may have left: its second copy waits, and it is not called HELD meanwhile.
            _told(delivery, Happening.HELD, decision.why)
            queue_delivery(delivery, key=f"held:{run.job_id}", pause=decision.until - now())
        else:
            if delivery.state == DeliveryState.FAILED:
                _write(delivery, DeliveryState.QUEUED, "")
            if _write(delivery, DeliveryState.HELD, decision.why, not_before=decision.until):
                _told(delivery, Happening.HELD, decision.why)
        run.complete()


def delayed(run: JobRun, delivery: Delivery, later: Later) -> None:
    """Nobody was asked, because something of ours was not there."""
    delivery.tries += 1
    with atomic():
        _later(run.job_id, delivery, later)
        run.complete()


def lost(run: JobRun, delivery: Delivery, code: str) -> None:
    """Nobody knows whether it left, because whoever sent it died on the way."""
    with atomic():
        _uncertain(delivery, code)
        run.complete()


def give_up(delivery: Delivery) -> None:
    """After the last try of a job that broke: visible to staff, and told. Inside ``atomic()``."""
    if delivery.state == DeliveryState.SENDING or delivery.uncertain_at is not None:
        # Whatever becomes of a further try, this one may have arrived.
        at = delivery.uncertain_at or now()
        if _write(delivery, DeliveryState.UNCERTAIN, "job_dead", uncertain_at=at):
            _told(delivery, Happening.UNCERTAIN, "job_dead")
    else:
        _fail(delivery, "job_dead")


def is_final(delivery: Delivery) -> bool:
    """Whether nothing of it is ever sent again: nobody gets a text message twice, at any price."""
    return delivery.channel == ChannelName.SMS and delivery.uncertain_at is not None


def put_back_failed(delivery_ids: Sequence[UUID]) -> list[Delivery]:
    """Those of them that are FAILED, QUEUED with all their tries. Inside ``atomic()``."""
    failed = Delivery.objects.select_related("notice").filter(id__in=delivery_ids, state=DeliveryState.FAILED)
    rows = list(failed.select_for_update(of=("self",)))
    for delivery in rows:
        if _write(delivery, DeliveryState.QUEUED, "", tries=0):
            _told(delivery, Happening.QUEUED, "")
    return rows


def _take(answers: Sequence[tuple[Letter, Taken]], *, named: bool) -> None:
    if not answers:
        return
    values = {
        "at": now(),
        "ids": [letter.delivery.id for letter, _ in answers],
        "provider_ids": [answer.provider_id if named else "" for _, answer in answers],
        "codes": [letter.text_code for letter, _ in answers],
        "versions": [letter.text_version for letter, _ in answers],
    }
    with database.prepared() as cursor:
        cursor.execute(_TAKING, values, prepare=True)


def _write_down(letter: Letter, answer: Rejected | Later | Lost) -> None:
    delivery = letter.delivery
    if isinstance(answer, Lost):
        _uncertain(delivery, answer.code)
        return
    if isinstance(answer, Later):
        _later(letter.run.job_id, delivery, answer)
        return
    _fail(delivery, answer.code)
    if answer.suppress and letter.considered.hashed is not None:
        suppress(
            channel=delivery.channel,
            reason=SuppressionReason(answer.suppress),
            hashed=letter.considered.hashed,
            user_id=delivery.user_id,
            delivery_id=delivery.id,
        )


def _uncertain(delivery: Delivery, code: str) -> None:
    """Once more, under the same Message-ID, and then never again; a text message not even once."""
    first = delivery.uncertain_at is None
    if not _write(delivery, DeliveryState.UNCERTAIN, code, uncertain_at=delivery.uncertain_at or now()):
        return
    _told(delivery, Happening.UNCERTAIN, code)
    if first and delivery.channel != ChannelName.SMS:
        urgent = category_of(delivery) is Category.SECURITY
        queue_delivery(delivery, urgent=urgent, pause=timedelta() if urgent else spread(ONCE_MORE))


def _later(job_id: UUID, delivery: Delivery, later: Later) -> None:
    waited = now() - delivery.created_at
    if later.retry_after is not None and waited < PATIENCE:
        # A provider that names a time is busy with us, and nothing speaks against this message.
        delivery.tries -= 1
        pause = later.retry_after + spread(later.retry_after / 10)
    elif delivery.tries > len(PAUSES):
        _fail(delivery, later.code)
        return
    else:
        pause = spread(PAUSES[delivery.tries - 1])
    to = DeliveryState.QUEUED if delivery.uncertain_at is None else DeliveryState.UNCERTAIN
    if _write(delivery, to, later.code, tries=delivery.tries):
        _told(delivery, Happening.DELAYED, later.code)
        # The key gives every try one successor, however often its worker dies here.
        urgent = category_of(delivery) is Category.SECURITY
        queue_delivery(delivery, urgent=urgent, key=f"{delivery.channel}:after:{job_id}", pause=pause)


def _put_back(letter: Letter, answer: NotAsked) -> None:
    delivery = letter.delivery
    to = DeliveryState.QUEUED if delivery.uncertain_at is None else DeliveryState.UNCERTAIN
    with atomic():
        if _write(delivery, to, answer.code, tries=delivery.tries - 1):
            _told(delivery, Happening.DELAYED, answer.code)
        letter.run.wait(after_seconds=answer.after.total_seconds())


def _ended(delivery: Delivery, to: DeliveryState, what: Happening, code: str) -> None:
    """An earlier copy may have arrived: to call it skipped or failed would then be an invention."""
    state = to if delivery.uncertain_at is None else DeliveryState.UNCERTAIN
    if _write(delivery, state, code):
        _told(delivery, what, code)
        if state == DeliveryState.FAILED and delivery.user_id is not None:
            publish(DeliveryFailed(aggregate_id=delivery.user_id, delivery_id=delivery.id))


def _fail(delivery: Delivery, code: str) -> None:
    _ended(delivery, DeliveryState.FAILED, Happening.FAILED, code)


def _told(delivery: Delivery, what: Happening, code: str) -> None:
    record_all([(delivery, what, code)])


def _write(delivery: Delivery, to: DeliveryState, reason: str, **more: Any) -> bool:
    """Whether the row took the step, from wherever it stands by now: it was read before the message was sent."""
    return advance_all(Delivery.objects.filter(id=delivery.id), to, reason=reason, **more) == 1


def spread(pause: timedelta) -> timedelta:
    """About so long, so that what waits together does not come back together."""
    return pause * random.uniform(0.8, 1.2)  # noqa: S311  spreads, keeps no secret
