"""Notices are numbered without gaps, written once for each event and person, and paged by number."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from unittest import mock
from uuid import uuid4

import pytest
from django.db import connections
from django.test.utils import CaptureQueriesContext

from config.kernel import clock
from config.kernel.errors import NotFound
from notifications import services
from notifications.db import atomic
from notifications.models import Counter, Delivery, Job, Notice
from notifications.queries import _PAGE
from tests.client import make_principal
from tests.factories.notifications import NoticeFactory

pytestmark = pytest.mark.django_db


def _tell(user_id, count, kind="case_received"):
    return [services.notify(user_id=user_id, kind=kind, event_key=str(uuid4())) for _ in range(count)]


def _jobs():
    """Those of the deliveries: others may be queued by the clock."""
    return Job.objects.filter(subject_id__in=Delivery.objects.values("id"))


def test_notices_count_from_one_for_each_user():
    one, other = uuid4(), uuid4()
    assert [n.sequence for n in _tell(one, 3)] == [1, 2, 3]
    assert [n.sequence for n in _tell(other, 2)] == [1, 2]


def test_one_event_tells_one_person_once_and_takes_one_number():
    user = uuid4()
    told = [services.notify(user_id=user, kind="report_ready", event_key="the same") for _ in range(3)]
    assert [bool(t) for t in told] == [True, False, False]
    assert services.notify(user_id=user, kind="report_ready", event_key="another").sequence == 2
    assert Delivery.objects.count() == _jobs().count() == 2


def test_one_event_may_tell_two_people():
    first, second = (services.notify(user_id=uuid4(), kind="report_ready", event_key="k") for _ in range(2))
    assert first.sequence == second.sequence == 1


def test_a_notice_that_is_rolled_back_leaves_no_gap():
    user = uuid4()
    _tell(user, 1)
    with pytest.raises(RuntimeError), atomic():
        _tell(user, 1)
        raise RuntimeError
    assert [n.sequence for n in _tell(user, 1)] == [2]
    assert Counter.objects.get(user_id=user).last == 2


def test_a_kind_without_mail_makes_no_delivery():
    _tell(uuid4(), 1, kind="analysis_ready")
    assert not Delivery.objects.exists()


def test_security_mails_go_before_news():
    _tell(uuid4(), 1, kind="report_ready")
    _tell(uuid4(), 1, kind="reset_password")
    assert list(_jobs().order_by("created_at").values_list("queue", flat=True)) == ["bulk", "interactive"]


def test_an_unknown_kind_is_an_error_of_ours():
    with pytest.raises(KeyError):
        services.notify(user_id=uuid4(), kind="no_such_kind", event_key="k")
    assert not Notice.objects.exists()


def test_pages_follow_each_other_newest_first_without_hole_or_twin():
    user = uuid4()
    _tell(user, 23)
    _tell(uuid4(), 5)
    seen, after = [], None
    for _ in range(3):
        page = services.notice_page(user_id=user, limit=10, after=after)
        seen += [row["sequence"] for row in page.results]
        after = page.next_after
    assert seen == list(range(23, 0, -1))
    assert after is None


def test_pages_go_by_number_whatever_the_ids_say():
    user = uuid4()
    _tell(user, 6, kind="analysis_ready")
    for notice in Notice.objects.filter(user_id=user):
        # An id drawn on a host whose clock is late sorts anywhere.
        Notice.objects.filter(pk=notice.pk).update(id=uuid4())
    first = services.notice_page(user_id=user, limit=3)
    second = services.notice_page(user_id=user, limit=3, after=first.next_after)
    assert [row["sequence"] for page in (first, second) for row in page.results] == [6, 5, 4, 3, 2, 1]


def test_a_cursor_of_another_user_opens_nothing():
    user, other = uuid4(), uuid4()
    _tell(user, 3)
    foreign = _tell(other, 3)[2]
    assert services.notice_page(user_id=user, limit=10, after=foreign.id).results == ()


def test_unread_ones_are_counted_on_every_page_and_listed_on_demand():
    user = uuid4()
    notices = _tell(user, 4)
    me = make_principal("patient", user_id=user)
    assert services.mark_read(principal=me, notice_id=notices[1].id) == 1
    page = services.notice_page(user_id=user, limit=2, unread_only=True)
    assert [row["sequence"] for row in page.results] == [4, 3]
    assert page.unread == services.unread_count(user_id=user) == 3
    assert services.notice_page(user_id=uuid4(), limit=2).unread == 0


def test_reading_again_changes_nothing():
    user = uuid4()
    me, notice = make_principal("patient", user_id=user), _tell(user, 1)[0]
    services.mark_read(principal=me, notice_id=notice.id)
    at = services.get_notice(principal=me, notice_id=notice.id).read_at
    assert services.mark_read(principal=me, notice_id=notice.id) == 0
    assert services.mark_read(principal=me) == 0
    assert services.get_notice(principal=me, notice_id=notice.id).read_at == at is not None


def test_nobody_reads_or_marks_a_notice_of_another():
    notice, stranger = _tell(uuid4(), 1)[0], make_principal("patient")
    for act in (services.get_notice, services.mark_read):
        with pytest.raises(NotFound):
            act(principal=stranger, notice_id=notice.id)
    assert services.mark_read(principal=stranger) == 0
    assert Notice.objects.get(id=notice.id).read_at is None


def test_what_a_socket_missed_comes_oldest_first():
    user = uuid4()
    _tell(user, 5)
    assert [n.sequence for n in services.notices_after(seen=[(user, 2)])[user, 2]] == [3, 4, 5]
    assert services.latest_sequences(user_ids=[user, uuid4()]) == {user: 5}


def test_rows_of_the_list_have_the_fields_of_a_notice():
    user = uuid4()
    notice = _tell(user, 1)[0]
    assert services.list_notices(user_id=user, limit=5) == ((asdict(notice),), None)


def test_a_page_is_one_statement():
    user = uuid4()
    _tell(user, 30)
    with CaptureQueriesContext(connections["notifications"]) as queries:
        services.notice_page(user_id=user, limit=25)
    assert len(queries) == 1


def test_a_page_reads_its_rows_in_order_from_the_index_and_sorts_no_others():
    user = uuid4()
    Notice.objects.bulk_create(
        NoticeFactory.build(user_id=user, sequence=n, read_at=None if n % 50 else clock.now()) for n in range(1, 3001)
    )
    with connections["notifications"].cursor() as cursor:
        cursor.execute("ANALYZE notifications_notice")
        cursor.execute(f"EXPLAIN {_PAGE.format(conditions='')}", {"me": user, "limit": 26})
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "Index Scan Backward using notifications_sequence" in plan


def test_a_kind_that_a_later_release_wrote_is_plain_news():
    user = uuid4()
    NoticeFactory(user_id=user, sequence=1, kind="from_the_future")
    (row,) = services.list_notices(user_id=user, limit=5)[0]
    assert (row["text"], row["category"]) == ("There is news for you.", "case")


def test_the_time_of_a_notice_is_the_platforms():
    user, at = uuid4(), datetime(2026, 5, 4, 3, 2, 1, tzinfo=UTC)
    with clock.frozen(at):
        _tell(user, 1)
    assert services.list_notices(user_id=user, limit=1)[0][0]["created_at"] == at


def test_sockets_are_rung_after_the_commit_and_not_for_what_is_rolled_back(django_capture_on_commit_callbacks):
    user = uuid4()
    with mock.patch("notifications.services.outgoing.wake") as wake:
        with django_capture_on_commit_callbacks(using="notifications", execute=True):
            _tell(user, 1)
            wake.assert_not_called()
        wake.assert_called_once_with(user)
        rolled_back = pytest.raises(RuntimeError)
        with django_capture_on_commit_callbacks(using="notifications", execute=True), rolled_back, atomic():
            _tell(user, 1)
            raise RuntimeError
        wake.assert_called_once()
