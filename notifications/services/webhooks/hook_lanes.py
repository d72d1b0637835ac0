"""Sending to webhooks: a thread for each receiver, so that one that does not answer delays nobody else.

Threads speak HTTP and nothing else; rows are read before and settled after, by the job's own thread, with no
transaction open meanwhile.
"""

import queue
import random
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import orjson

from config.kernel.crypto import UnreadableSecret
from config.kernel.db.states import advance
from config.kernel.jobs import JobRun
from config.kernel.outbox import publish
from notifications.adapters import hooks
from notifications.adapters.hooks import Answer
from notifications.db import atomic, now
from notifications.domain.hooks import OFF_AFTER, HookState, next_try, rest
from notifications.events import WebhookSwitchedOff
from notifications.models import HookDelivery, Webhook
from notifications.services.webhooks.hook_queue import requeue
from notifications.services.webhooks.webhooks import audit, signing_keys

BATCH = 50
# A lane that has sent for so long gives the rest back, however willing its receiver is.
LANE_SECONDS = 15.0
# A look-up of a name knows no limit; whoever is not back by then is counted as silent.
ANSWER_SECONDS = LANE_SECONDS + hooks.TOTAL_SECONDS + 5.0


@dataclass(frozen=True, kw_only=True)
class Message:
    """One signed message, and the job that brings it."""

    run: JobRun
    delivery_id: UUID
    url: str
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True, kw_only=True)
class Sent:
    """What came of a message; without an answer it was not sent, because its lane had ended."""

    message: Message
    answer: Answer | None


def send_hooks(runs: Sequence[JobRun]) -> None:
    """Bring the due deliveries of ``runs`` to their receivers, each receiver's one after the other."""
    lanes = _lanes(runs)
    results: queue.SimpleQueue[Sent] = queue.SimpleQueue()
    for lane in lanes.values():
        threading.Thread(target=_drive, args=(lane, results), name="hook-lane", daemon=True).start()
    waiting = {message.run.job_id: message for lane in lanes.values() for message in lane}
    ends = time.monotonic() + ANSWER_SECONDS
    while waiting:
        try:
            sent = results.get(timeout=max(0.0, ends - time.monotonic()))
        except queue.Empty:
            break
        del waiting[sent.message.run.job_id]
        with sent.message.run.on_its_own():
            _settle(sent.message, sent.answer)
    for message in waiting.values():
        with message.run.on_its_own():
            _settle(message, Answer(fault="timeout"))


def _lanes(runs: Sequence[JobRun]) -> dict[UUID, list[Message]]:
    """The messages that may be sent now, by webhook; whatever may not is settled here."""
    rows = HookDelivery.objects.select_related("webhook").in_bulk([run.subject_id for run in runs])
    lanes: dict[UUID, list[Message]] = {}
    at = now()
    for run in runs:
        with run.on_its_own():
            row = rows.get(run.subject_id)
            if (message := _message(run, row, at)) is not None:
                lanes.setdefault(message[0], []).append(message[1])
    return lanes


def _message(run: JobRun, row: HookDelivery | None, at: datetime) -> tuple[UUID, Message] | None:
    if row is None or row.state != HookState.QUEUED or row.due_at > at:
        # Its webhook is gone, or another job has it.
        run.complete()
        return None
    webhook = row.webhook
    if webhook.off_at is not None:
        _end(run, row, "off")
        return None
    if webhook.rests_until is not None and webhook.rests_until > at:
        with atomic():
            requeue(row, due_at=webhook.rests_until)
            run.complete()
        return None
    body = orjson.dumps(row.document)
    try:
        keys = signing_keys(webhook)
    except UnreadableSecret:
        _end(run, row, "secret_unreadable")
        return None
    headers = hooks.signed_headers(keys, message_id=str(row.event_id), at=at, body=body)
    return webhook.id, Message(run=run, delivery_id=row.id, url=webhook.url, headers=headers, body=body)


def _drive(lane: Sequence[Message], results: "queue.SimpleQueue[Sent]") -> None:
    """Send one after the other until the receiver fails, or the lane's time is over."""
    ends, open_ = time.monotonic() + LANE_SECONDS, True
    for message in lane:
        answer = hooks.post(message.url, headers=message.headers, body=message.body) if open_ else None
        open_ = open_ and answer is not None and answer.taken and time.monotonic() < ends
        results.put(Sent(message=message, answer=answer))


def _settle(message: Message, answer: Answer | None) -> None:
    """Write down what came of it, with the job's end, in one transaction."""
    with atomic():
        webhook = Webhook.objects.select_for_update().filter(deliveries=message.delivery_id).first()
        row = HookDelivery.objects.select_for_update().filter(id=message.delivery_id).first()
        if webhook is not None and row is not None and row.state == HookState.QUEUED:
            if answer is None and webhook.off_at is not None:
                advance(row, HookState.FAILED, answer="off")
            elif answer is None:
                requeue(row, due_at=max(now(), webhook.rests_until or now()))
            elif answer.taken:
                advance(row, HookState.DELIVERED, tries=row.tries + 1, answer=answer.code, delivered_at=now())
                _healthy(webhook)
            else:
                _failed(webhook, row, answer)
        message.run.complete()


def _healthy(webhook: Webhook) -> None:
    if webhook.failing_since is not None:
        webhook.failing_since, webhook.failures, webhook.rests_until = None, 0, None
        webhook.save(update_fields=["failing_since", "failures", "rests_until", "updated_at"])


def _failed(webhook: Webhook, row: HookDelivery, answer: Answer) -> None:
    at = now()
    webhook.failing_since = webhook.failing_since or at
    webhook.failures += 1
    webhook.rests_until = at + rest(webhook.failures)
    if webhook.off_at is None and (answer.gone or at - webhook.failing_since >= OFF_AFTER):
        webhook.off_at, webhook.off_reason = at, "gone" if answer.gone else "failing"
        audit("webhook.switch_off", webhook, reason=webhook.off_reason)
        publish(WebhookSwitchedOff(aggregate_id=webhook.id))
    webhook.save(update_fields=["failing_since", "failures", "rests_until", "off_at", "off_reason", "updated_at"])
    tries = row.tries + 1
    again = None if webhook.off_at else next_try(tries, at, random.random())  # noqa: S311  spreads retries
    if again is None:
        advance(row, HookState.FAILED, tries=tries, answer=answer.code)
    else:
        requeue(row, due_at=again, tries=tries, answer=answer.code)


def _end(run: JobRun, row: HookDelivery, answer: str) -> None:
    with atomic():
        advance(row, HookState.FAILED, answer=answer)
        run.complete()
