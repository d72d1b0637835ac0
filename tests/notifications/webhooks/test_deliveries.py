"""Events reach receivers once each, under ids that stay; a dead receiver delays nobody and loses nothing."""

import base64
import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from unittest import mock
from uuid import UUID, uuid4

import psycopg
import pytest
from django.db import connections
from standardwebhooks.webhooks import Webhook as Verifier
from standardwebhooks.webhooks import WebhookVerificationError

from cases.events import CaseOpened, OpinionSigned
from config.kernel import clock
from config.kernel.db import ContextDatabase
from config.kernel.db.identifiers import instant_of
from config.kernel.due_work import drain
from config.kernel.errors import Conflict
from config.kernel.outbox import publish
from config.kernel.outbox.dispatch import relay_once
from notifications.adapters import hooks
from notifications.adapters.hooks import Answer
from notifications.domain.hooks import OFF_AFTER, PAUSES, HookState, next_try, rest
from notifications.models import AuditEntry, HookDelivery, Job, Notice, Webhook
from notifications.services import create_webhook, replay_hook_deliveries, rotate_webhook_secret, send_webhook_test
from notifications.services.webhooks import update_webhook
from tests.factories import make_person
from tests.notifications.webhooks.receivers import Receivers

pytestmark = pytest.mark.django_db
GOOD, DEAD = "https://good.example.org/", "https://dead.example.org/"
cases_db = ContextDatabase("cases")


@pytest.fixture
def receivers() -> Iterator[Receivers]:
    found = Receivers()
    with mock.patch.object(hooks, "post", found.post):
        yield found


@pytest.fixture
def admin() -> Any:
    return make_person("administrator")


def opened(*cases: UUID) -> None:
    with cases_db.atomic():
        for case in cases:
            publish(CaseOpened(aggregate_id=case, patient_id=uuid4()))


def relayed() -> None:
    while relay_once("cases"):
        pass


def work() -> None:
    drain("cases", "notifications")


def due_again() -> None:
    """The pauses are over."""
    with connections["notifications"].cursor() as cursor:
        cursor.execute("UPDATE notifications_job SET run_after = now() WHERE state = 'QUEUED'")
        cursor.execute("UPDATE notifications_hookdelivery SET due_at = now() - interval '1 second'")
        cursor.execute("UPDATE notifications_webhook SET rests_until = NULL")


def test_an_event_reaches_who_is_told_of_it_signed_and_with_ids_alone(receivers: Receivers, admin: Any) -> None:
    made = create_webhook(principal=admin, url=GOOD, name="x", events=["cases.opinion.signed.v1"])
    create_webhook(principal=admin, url=DEAD, name="y", events=["cases.report.ready.v1"])
    signed = OpinionSigned(
        aggregate_id=uuid4(),
        opinion_id=uuid4(),
        patient_id=uuid4(),
        author_id=uuid4(),
        diagnosis_agreement="disagree",
        treatment_agreement="agree",
        confidence=40,
    )
    with cases_db.atomic():
        publish(signed)
    opened(uuid4())
    work()
    ((sent,), nobody) = receivers.got[GOOD], receivers.got.get(DEAD)
    assert nobody is None
    document = Verifier(made.secret).verify(sent["body"], sent["headers"])
    assert document["data"] == {
        "aggregate_id": str(signed.aggregate_id),
        "opinion_id": str(signed.opinion_id),
        "patient_id": str(signed.patient_id),
        "author_id": str(signed.author_id),
    }
    assert (document["specversion"], document["type"]) == ("1.0", "cases.opinion.signed.v1")
    assert document["id"] == sent["headers"]["webhook-id"]
    assert document["time"] == instant_of(UUID(document["id"])).isoformat().replace("+00:00", "Z")
    delivery = HookDelivery.objects.get()
    assert (delivery.state, delivery.tries, delivery.answer) == (HookState.DELIVERED, 1, "http_204")


def test_a_changed_message_an_old_one_and_one_under_another_id_are_not_verified(
    receivers: Receivers, admin: Any
) -> None:
    made = create_webhook(principal=admin, url=GOOD, name="x", events=["*"])
    opened(uuid4())
    work()
    (sent,) = receivers.got[GOOD]
    headers, verifier = sent["headers"], Verifier(made.secret)
    old = {**headers, "webhook-timestamp": str(int(headers["webhook-timestamp"]) - 600)}
    other = {**headers, "webhook-id": "2"}
    for body, given in ((sent["body"] + b" ", headers), (sent["body"], old), (sent["body"], other)):
        with pytest.raises(WebhookVerificationError):
            verifier.verify(body, given)


def test_while_a_secret_is_rotated_both_sign_and_afterwards_the_new_one_alone(receivers: Receivers, admin: Any) -> None:
    made = create_webhook(principal=admin, url=GOOD, name="x", events=["*"])
    newer = rotate_webhook_secret(principal=admin, webhook_id=made.webhook.id)
    opened(uuid4())
    work()
    Webhook.objects.update(former_until=clock.now())
    opened(uuid4())
    work()
    first, second = receivers.got[GOOD]
    assert made.secret != newer.secret
    for key in (made.secret, newer.secret):
        Verifier(key).verify(first["body"], first["headers"])
    Verifier(newer.secret).verify(second["body"], second["headers"])
    with pytest.raises(WebhookVerificationError):
        Verifier(made.secret).verify(second["body"], second["headers"])
    assert len(base64.b64decode(newer.secret.removeprefix("whsec_"))) == 32


def test_an_event_that_arrives_twice_is_sent_once(receivers: Receivers, admin: Any) -> None:
    create_webhook(principal=admin, url=GOOD, name="x", events=["*"])
    opened(uuid4())
    relayed()
    with connections["cases"].cursor() as cursor:
        cursor.execute("UPDATE cases_outboxentry SET status = 'PENDING'")
    work()
    assert len(receivers.got[GOOD]) == 1


def test_a_dead_receiver_delays_no_other_and_gets_everything_when_it_is_back(receivers: Receivers, admin: Any) -> None:
    """99 events for one that answers go through while the other hangs: it is let go only when they have come."""
    create_webhook(principal=admin, url=DEAD, name="dead", events=["*"])
    create_webhook(principal=admin, url=GOOD, name="good", events=["*"])
    arrived = threading.Event()

    def hang() -> Answer:
        assert arrived.wait(600)
        return Answer(fault="timeout")

    def take() -> Answer:
        if len(receivers.got[GOOD]) >= 25:
            arrived.set()
        return Answer(status=200)

    receivers.answers = {DEAD: hang, GOOD: take}
    cases = [uuid4() for _ in range(25)]
    opened(*cases)
    work()
    assert len(set(receivers.ids(GOOD))) == 25
    assert len(receivers.got[DEAD]) == 1, "the others wait, and nobody asks for each of them"
    assert HookDelivery.objects.filter(webhook__url=DEAD, state=HookState.QUEUED).count() == 25
    receivers.answers = {}
    due_again()
    work()
    assert sorted(receivers.ids(DEAD)[1:]) == sorted(receivers.ids(GOOD))
    assert Webhook.objects.get(url=DEAD).failing_since is None
    assert not HookDelivery.objects.exclude(state=HookState.DELIVERED).exists()


def test_a_failure_is_tried_again_under_the_same_id_until_the_tries_are_used_up(
    receivers: Receivers, admin: Any
) -> None:
    create_webhook(principal=admin, url=DEAD, name="dead", events=["*"])
    receivers.answers[DEAD] = lambda: Answer(status=500)
    opened(uuid4())
    work()
    waited = []
    for _ in PAUSES:
        row = HookDelivery.objects.get()
        waited.append((row.due_at - row.updated_at).total_seconds())
        due_again()
        work()
    assert len(receivers.got[DEAD]) == len(PAUSES) + 1
    assert len(set(receivers.ids(DEAD))) == 1
    for pause, took in zip((one.total_seconds() for one in PAUSES), waited, strict=True):
        assert pause - 1 <= took <= pause * 1.1 + 1
    row = HookDelivery.objects.get()
    assert (row.state, row.tries, row.answer) == (HookState.FAILED, 10, "http_500")
    assert not Job.objects.exclude(state="DONE").exists()


def test_the_tries_span_75_hours_and_a_receiver_is_left_alone_for_half_an_hour_at_most() -> None:
    now = datetime(2026, 11, 30, tzinfo=UTC)
    assert timedelta(hours=75) < sum(PAUSES, timedelta()) < timedelta(hours=76)
    assert [next_try(number, now, 0.0) for number in (1, 10)] == [now + timedelta(seconds=5), None]
    assert [rest(number).total_seconds() for number in (1, 3, 500)] == [5, 1800, 1800]


def test_after_five_days_of_failures_it_is_switched_off_and_the_administrators_are_told(
    receivers: Receivers, admin: Any
) -> None:
    made = create_webhook(principal=admin, url=DEAD, name="dead", events=["*"])
    receivers.answers[DEAD] = lambda: Answer(fault="timeout")
    opened(uuid4())
    work()
    Webhook.objects.update(failing_since=clock.now() - OFF_AFTER)
    due_again()
    work()
    row = Webhook.objects.get()
    assert (row.off_reason, row.off_at is None) == ("failing", False)
    assert Notice.objects.get(kind="webhook_off").user_id == admin.user_id
    assert AuditEntry.objects.filter(action="webhook.switch_off", object_id=row.id).exists()
    asked = len(receivers.got[DEAD])
    opened(uuid4())
    work()
    assert len(receivers.got[DEAD]) == asked
    with pytest.raises(Conflict):
        send_webhook_test(principal=admin, webhook_id=made.webhook.id)
    update_webhook(principal=admin, webhook_id=made.webhook.id, version=None, on=True)
    receivers.answers.clear()
    assert replay_hook_deliveries(principal=admin, webhook_id=made.webhook.id, failed_since=row.created_at) == 1
    work()
    first, *_, last = receivers.ids(DEAD)
    assert first == last


def test_a_receiver_that_says_it_is_gone_is_switched_off_at_once(receivers: Receivers, admin: Any) -> None:
    create_webhook(principal=admin, url=DEAD, name="dead", events=["*"])
    receivers.answers[DEAD] = lambda: Answer(status=410)
    opened(uuid4(), uuid4())
    work()
    assert Webhook.objects.get().off_reason == "gone"
    assert len(receivers.got[DEAD]) == 1
    assert set(HookDelivery.objects.values_list("state", flat=True)) == {HookState.FAILED}


def test_a_test_is_sent_as_any_other_and_a_delivery_that_arrived_can_be_sent_again(
    receivers: Receivers, admin: Any
) -> None:
    made = create_webhook(principal=admin, url=GOOD, name="x", events=["cases.report.ready.v1"])
    queued = send_webhook_test(principal=admin, webhook_id=made.webhook.id)
    work()
    assert replay_hook_deliveries(principal=admin, webhook_id=made.webhook.id, delivery_ids=[queued.id]) == 1
    work()
    assert receivers.ids(GOOD) == [queued.event_id] * 2
    assert json.loads(receivers.got[GOOD][0]["body"])["type"] == "notifications.webhook.tested.v1"


@pytest.mark.django_db(transaction=True)
def test_no_transaction_is_open_while_a_receiver_is_asked(receivers: Receivers, admin: Any) -> None:
    create_webhook(principal=admin, url=GOOD, name="x", events=["*"])
    given = connections["notifications"].get_connection_params()
    wanted = {key: given[key] for key in ("host", "port", "dbname", "user", "password") if key in given}
    seen = []

    def look() -> Answer:
        with psycopg.connect(**wanted, autocommit=True) as other:
            row = other.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                " AND state LIKE 'idle in transaction%'"
            ).fetchone()
        seen.append(row and row[0])
        return Answer(status=200)

    receivers.answers[GOOD] = look
    opened(uuid4())
    work()
    assert seen == [0]


def test_secrets_are_sealed_and_never_shown_again(admin: Any) -> None:
    made = create_webhook(principal=admin, url=GOOD, name="x", events=["*"])
    row = Webhook.objects.get()
    assert made.secret.encode() not in bytes(row.secret_sealed)
    assert not hasattr(made.webhook, "secret")
    assert made.secret not in json.dumps(list(AuditEntry.objects.values_list("detail", flat=True)))
