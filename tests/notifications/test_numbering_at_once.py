"""Writers at the same instant: no number is skipped, given twice, or seen before a smaller one."""

from __future__ import annotations

import threading
from uuid import uuid4

import pytest
from django.db import connections

from notifications import services
from notifications.models import Counter, Delivery, Job, Notice

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


def test_eight_twins_of_one_event_make_one_notice_one_mail_and_one_number():
    user = uuid4()
    _in_threads(lambda _: services.notify(user_id=user, kind="case_received", event_key="one event"))
    assert Notice.objects.count() == Delivery.objects.count() == Job.objects.count() == 1
    assert Counter.objects.get(user_id=user).last == 1
