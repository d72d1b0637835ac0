"""Sending by one channel, many at once, in windows: a process that is killed leaves no more than one UNCERTAIN."""

import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final
from uuid import UUID

from config.kernel.jobs import JobRun
from config.kernel.limits import give_back
from config.kernel.providers import CircuitOpen, circuit
from notifications.adapters.protocol import Delayed, FollowedSession, Outward, Refused, Session, Unanswered, channel
from notifications.domain.categories import ChannelName
from notifications.domain.deciding import Send, decide
from notifications.domain.state_machines import DeliveryState
from notifications.models import Delivery
from notifications.services.addresses.devices import device_gone
from notifications.services.deciding import Considered, facts_for
from notifications.services.rendering import write
from notifications.services.sending import settlement
from notifications.services.sending.letters import Answer, Answers, Later, Letter, Lost, NotAsked, Rejected, Taken
from notifications.services.sending.mail_limits import Counted, Leaving, count_messages
from notifications.services.templates import TemplateVersions

BATCH, WINDOW = 250, 20
# What is known of the messages of a batch is looked at anew when it is older than that.
FRESH_SECONDS = 1.0
# A window begun just before that may still wait for one answer, and must end before Celery ends the task.
AT_A_STRETCH_SECONDS = 60.0
# What a provider that takes its time has answered is written down while it goes on.
UNWRITTEN_SECONDS = 0.25
# So long a provider that failed again and again is left alone.
CIRCUIT_PAUSE: Final = timedelta(seconds=15)
# So long at most nobody asks a provider that named a time, for messages that it has not seen.
MAX_PAUSE: Final = timedelta(minutes=5)
# What a channel says of a number, or of a country's numbers, is nothing that the provider said.
_OF_ONE_ADDRESS: Final = frozenset({"recipient_limit", "country_limit"})
_Known = dict[UUID, Considered]
_WAITING: Final = (DeliveryState.QUEUED, DeliveryState.UNCERTAIN, DeliveryState.FAILED)


@dataclass(kw_only=True)
class _Post:
    """A provider while a batch is sent. ``pause``: it is asked no more now, and after so long again."""

    name: ChannelName
    provider: str
    session: Session
    pause: timedelta | None = None
    code: str = ""
    silent: bool = field(default=False)

    def follow(self, letters: Sequence[Letter]) -> None:
        """Say what is asked about next, where that makes it quicker."""
        if isinstance(self.session, FollowedSession):
            self.session.follow([outward for letter in letters for outward in letter.outwards])

    def ask(self, letter: Letter) -> Answer:
        """What it says to a message; of a push, what was best among the devices."""
        if self.pause is not None:
            return NotAsked(code=self.code, after=self.pause)
        return min((self._ask(outward) for outward in letter.outwards), key=_rank)

    def _ask(self, outward: Outward) -> Answer:
        try:
            accepted = circuit(f"{self.name}:{self.provider}", lambda: self.session.send(outward), counts=_is_down)
        except Refused as error:
            if self.name is ChannelName.PUSH and error.suppress == "gone":
                device_gone(address=outward.address)
            return Rejected(code=error.code, suppress=error.suppress)
        except Unanswered:
            self.silent = True
            return Lost(code="no_answer")
        except Delayed as error:
            if error.retry_after is not None and error.code not in _OF_ONE_ADDRESS:
                self.pause, self.code = min(error.retry_after, MAX_PAUSE), error.code
            return Later(code=error.code, retry_after=error.retry_after)
        except CircuitOpen:
            self.pause, self.code = CIRCUIT_PAUSE, "circuit_open"
            return NotAsked(code=self.code, after=self.pause)
        return Taken(provider_id=accepted.provider_id)


def send_batch(name: ChannelName, runs: Sequence[JobRun]) -> None:
    """The job of a channel. What there is no time for, or nobody to ask, waits without its try being counted."""
    waiting, ends = list(runs), time.monotonic() + AT_A_STRETCH_SECONDS
    way, versions = channel(name), TemplateVersions()
    with ExitStack() as stack:
        try:
            post = _Post(name=name, provider=way.provider(), session=stack.enter_context(way.session()))
        except Delayed as error:
            _send_nothing(runs, Later(code=error.code, retry_after=error.retry_after))
            return
        known, asked, answers = _Known(), 0.0, Answers()
        try:
            while waiting and time.monotonic() < ends and post.pause is None and not post.silent:
                window, waiting = waiting[:WINDOW], waiting[WINDOW:]
                if not known or time.monotonic() - asked > FRESH_SECONDS:
                    asked = time.monotonic()
                    known = _known([*window, *waiting])
                letters = _letters([(run, known.pop(run.job_id)) for run in window if run.job_id in known], versions)
                told, answers = answers, []
                answers = _converse(settlement.settle_and_begin(told, letters, post.provider), post)
        finally:
            settlement.settle(answers)
    for run in waiting:
        with run.on_its_own():
            run.wait(after_seconds=post.pause.total_seconds() if post.pause else 0)


def _known(runs: Sequence[JobRun]) -> _Known:
    """What is known of those that are still to be sent, by their jobs."""
    open_ones = _open([run for run in runs if not run.completed])
    facts = facts_for([delivery for _, delivery in open_ones])
    return {run.job_id: facts[delivery.id] for run, delivery in open_ones}


def _letters(window: Sequence[tuple[JobRun, Considered]], versions: TemplateVersions) -> list[Letter]:
    """What there is to send of a window."""
    leaving = [(run, considered) for run, considered in window if _leaves(run, considered)]
    counts = count_messages([_to_be_counted(considered) for _, considered in leaving])
    letters = []
    for (run, considered), counted in zip(leaving, counts, strict=True):
        with run.on_its_own():
            letter = _letter(run, considered, counted, versions)
            if letter is not None:
                letters.append(letter)
    return letters


def _open(runs: Sequence[JobRun]) -> list[tuple[JobRun, Delivery]]:
    """Those that are still to be sent; the job of any other is at its end."""
    rows = Delivery.objects.select_related("notice").in_bulk([run.subject_id for run in runs])
    found = []
    for run in runs:
        delivery = rows.get(run.subject_id)
        if delivery is None:
            continue
        if delivery.user_id is None and delivery.notice is not None:
            # Written by the former release.
            delivery.user_id = delivery.notice.user_id
        if delivery.state == DeliveryState.SENDING:
            with run.on_its_own():
                settlement.lost(run, delivery, "worker_lost")
        elif delivery.state in _WAITING and not settlement.is_final(delivery):
            found.append((run, delivery))
    return found


def _leaves(run: JobRun, considered: Considered) -> bool:
    """Whether nothing speaks against it but what is counted; else the job is at its end."""
    decision = decide(considered.facts)
    if isinstance(decision, Send):
        return True
    with run.on_its_own():
        settlement.decided(run, considered.delivery, decision)
    return False


def _to_be_counted(considered: Considered) -> Leaving:
    delivery = considered.delivery
    return Leaving(
        facts=considered.facts,
        address=considered.address,
        counted=delivery.counted,
        campaign=delivery.campaign_id is not None,
    )


def _letter(
    run: JobRun, considered: Considered, counted: Counted | Delayed, versions: TemplateVersions
) -> Letter | None:
    """What there is to send; ``None`` when the job is at its end with that."""
    if isinstance(counted, Delayed):
        settlement.delayed(run, considered.delivery, Later(code=counted.code))
        return None
    facts, spent = counted
    decision = decide(facts)
    if not isinstance(decision, Send):
        settlement.decided(run, considered.delivery, decision)
        return None
    try:
        written = write(considered, versions)
    except Exception:  # whatever stopped it: what was counted did not leave
        give_back(*spent)
        raise
    return Letter(
        run=run,
        considered=considered,
        outwards=written.outwards,
        text_code=written.code,
        text_version=written.version,
        spent=spent,
    )


def _converse(letters: Sequence[Letter], post: _Post) -> Answers:
    """What was answered and is not written down yet. No transaction is open while the provider is asked."""
    answers: Answers = []
    since = time.monotonic()
    post.follow(letters)
    try:
        for letter in letters:
            answers.append((letter, post.ask(letter)))
            if time.monotonic() - since > UNWRITTEN_SECONDS:
                answers, told, since = [], answers, time.monotonic()
                settlement.settle(told)
    except BaseException:  # an end of the process too
        settlement.settle(answers)
        raise
    return answers


def _send_nothing(runs: Sequence[JobRun], later: Later) -> None:
    for run, delivery in _open(runs):
        with run.on_its_own():
            settlement.delayed(run, delivery, later)


def _rank(answer: Answer) -> int:
    return (Taken, Lost, Later, NotAsked, Rejected).index(type(answer))


def _is_down(error: BaseException) -> bool:
    """A mail that a server wants to see again later says nothing about the server."""
    if isinstance(error, Delayed):
        return error.retry_after is None and not error.code.startswith(("smtp_", "limits_"))
    return isinstance(error, Unanswered)
