"""Writers at the same instant: no number is skipped, given twice, or seen before a smaller one."""

from __future__ import annotations

import threading
from unittest import mock
from uuid import uuid4

import pytest
from django.db import connections

from config.kernel import clock
from config.kernel.due_work import drain
from config.kernel.jobs import JobRun
from notifications import services
from notifications.models import Counter, Delivery, Job, Notice
from notifications.services.folding import WINDOW
from notifications.services.waiting.held_deliveries import release_held
from tests.factories import make_account

pytestmark = pytest.mark.django_db(transaction=True)
THREADS, EACH = 8, 25


def _in_threads(act):
    barrier, errors = threading.Barrier(THREADS), []

    def run(number):
        try:
            connections["notifications"].ensure_connection()
            barrier.wait(timeout=300)
            act(number)
        except Exception as error:
            errors.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not errors


def test_eight_writers_leave_no_gap_and_no_reader_ever_sees_one():
    user, gaps, done = uuid4(), [], threading.Event()

    def watch():
        while not done.is_set():
            seen = set(Notice.objects.filter(user_id=user).values_list("sequence", flat=True))
            if seen != set(range(1, len(seen) + 1)):
                gaps.append(seen)
        connections.close_all()

    watcher = threading.Thread(target=watch)
    watcher.start()
    _in_threads(
        lambda number: [
            services.notify(user_id=user, kind="case_received", event_key=f"{number}-{i}") for i in range(EACH)
        ]
    )
    done.set()
    watcher.join()
    assert gaps == []
    sequences = Notice.objects.filter(user_id=user).order_by("sequence").values_list("sequence", flat=True)
    assert list(sequences) == list(range(1, THREADS * EACH + 1))


def _released_an_hour_later():
    with clock.shifted(WINDOW):
        release_held(mock.create_autospec(JobRun, instance=True))


@pytest.mark.parametrize(("kind", "waits"), [("case_received", True), ("offer_made", False)])
def test_eight_twins_of_one_event_make_one_notice_one_mail_and_one_number(kind, waits, smtp):
    account = make_account("professional")
    _in_threads(lambda _: services.notify(user_id=account.id, kind=kind, event_key="one event"))
    assert Notice.objects.count() == Delivery.objects.count() == 1
    assert Counter.objects.get(user_id=account.id).last == 1
    # What is not urgent waits for others to go with it, and is queued at the end of its hour.
    assert (Delivery.objects.get().state, Job.objects.count()) == (("HELD", 0) if waits else ("QUEUED", 1))
    _in_threads(lambda _: _released_an_hour_later())
    assert Job.objects.count() == 1
    with clock.shifted(WINDOW):
        drain("notifications")
    assert len(smtp.to(account.email)) == 1
    assert Delivery.objects.get().state == "SENT"
