"""A worker that is killed -9 again and again loses no message, and repeats none that it does not know to be in doubt.

``make check W=notifications`` kills twenty times among 500 mails and 200 text messages; the suite takes a sample.
"""

from __future__ import annotations

import json
import os
import random
import signal
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from unittest import mock
from uuid import UUID

import pytest
from django.db import connections

from config.kernel.db.identifiers import uuid7
from config.kernel.jobs.execution import run_dispatched
from notifications.domain.categories import Category
from notifications.domain.delivery_reports import Happening
from notifications.models import Delivery, DeliveryEvent, Job
from notifications.services import deciding
from notifications.services.outgoing import create_notice
from notifications.services.sending import windows
from notifications.services.sending.windows import WINDOW
from tests.notifications.support import MailServer, leases_end, reached
from tests.system.crashing import killed_at

pytestmark = pytest.mark.django_db(transaction=True)
KILLS = int(os.environ.get("SOP_KILLS", "3"))
MAILS, TEXTS = 25 * KILLS, 10 * KILLS
# As many places as a worker passes for some windows: statements, commits.
MANY_PLACES = 60


@pytest.fixture
def sink(smtp: MailServer, settings: Any, tmp_path: Path) -> Iterator[Path]:
    """A mail server, a file that takes text messages, and people who are reached by both."""
    settings.MESSAGE_SINK_DIR, settings.SMS_PER_COUNTRY_AND_DAY = str(tmp_path), 10**6
    settings.MAILS_PER_DAY = 10**6

    with mock.patch.object(deciding.identity, "contacts", reached):
        yield tmp_path / "sms.jsonl"


def _work() -> None:
    """What a worker does for as long as anything is due."""
    while due := Job.objects.filter(state="QUEUED", run_after__lte=_now()).order_by("run_after").first():
        run_dispatched("notifications", due.id, due.queue)


def _now() -> Any:
    with connections["notifications"].cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        return cursor.fetchone()[0]


def _dying_at(message: int, told: Path, *, answered: bool) -> Callable[[], None]:
    """A worker that is gone when it asks about the n-th message: just before it, or with the answer unwritten."""
    real = windows._Post.ask

    def work() -> None:
        asked = 0

        def ask(self: Any, letter: Any) -> Any:
            nonlocal asked
            asked += 1
            fatal = asked == message
            said = real(self, letter) if answered or not fatal else None
            if fatal:
                told.write_text(f"message {message}")
                os.kill(os.getpid(), signal.SIGKILL)
            return said

        with mock.patch.object(windows._Post, "ask", ask):
            _work()

    return work


def _killed(chance: random.Random, folder: Path) -> bool:
    """Whether a worker was killed: at a statement or a commit, or between two messages."""
    if chance.random() < 0.5:
        return killed_at(chance.randint(1, MANY_PLACES), _work, folder) is not None
    work = _dying_at(chance.randint(1, WINDOW), folder / "place", answered=chance.random() < 0.5)
    return killed_at(10**9, work, folder) is not None


def test_no_message_is_lost_and_none_repeated_that_is_not_in_doubt(
    smtp: MailServer, sink: Path, tmp_path: Path
) -> None:
    chance = random.Random(14)
    for channel, count in (("email", MAILS), ("sms", TEXTS)):
        for number in range(count):
            create_notice(
                user_id=uuid7(),
                category=Category.CASE,
                kind="report_ready",
                event_key=f"{channel}:{number}",
                channels=(channel,),
            )
    killed = 0
    for _ in range(KILLS):
        killed += _killed(chance, tmp_path)
        leases_end()
    assert killed == KILLS, "the work was over before every worker had been killed"
    while Job.objects.filter(state__in=("QUEUED", "RUNNING")).exists():
        _work()
        leases_end()

    doubted = set(DeliveryEvent.objects.filter(what=Happening.UNCERTAIN).values_list("delivery_id", flat=True))
    mails = Counter(message["Message-ID"].strip("<>").partition("@")[0] for message in smtp.taken)
    lines = sink.read_text().splitlines()
    texts = Counter(json.loads(line)["delivery"] for line in lines)
    by_mail = {str(row.id): row for row in Delivery.objects.filter(channel="email")}
    by_text = {str(row.id): row for row in Delivery.objects.filter(channel="sms")}
    assert mails.keys() == by_mail.keys(), "every mail arrived"
    twice = {UUID(one) for one, copies in mails.items() if copies > 1}
    assert max(mails.values()) <= 2
    assert twice <= doubted
    assert {row.state for row in by_mail.values()} == {"SENT"}
    assert max(texts.values()) == 1, "nobody gets a text message twice"
    assert {row.state for row in by_text.values()} <= {"SENT", "UNCERTAIN"}
    unseen = by_text.keys() - texts.keys()
    assert all(by_text[one].state == "UNCERTAIN" for one in unseen)
    assert len(doubted) <= WINDOW * killed
    print(f"{killed} kills: {len(doubted)} in doubt, {len(twice)} mails twice, {len(unseen)} text messages not sent")
