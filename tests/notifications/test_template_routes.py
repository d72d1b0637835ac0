"""Templates over HTTP: drafts with ETags, two people, keys that read, tests that reach the caller alone."""

from __future__ import annotations

from typing import Any
from unittest import mock

import pytest
from django.core import mail

from config.kernel.auth import Principal
from config.kernel.due_work import drain
from notifications.models import AuditEntry, Edition, Notice
from tests.client import ApiClient
from tests.factories import make_person

pytestmark = pytest.mark.django_db
CONTENT: dict[str, Any] = {
    "category": "reminders",
    "variables": {"count": "count", "visits[].date": "date"},
    "texts": {
        "in_app": {"en": {"text": "{{count}} visits"}, "es": {"text": "{{count}} citas"}},
        "email": {"en": {"subject": "Visits", "text": "{{count}} visits:\n{{#each visits}}\n- {{date}}\n{{/each}}"}},
    },
}


@pytest.fixture
def author() -> ApiClient:
    return ApiClient(make_person("medical_director"))


@pytest.fixture
def publisher() -> ApiClient:
    return ApiClient(make_person("administrator"))


def key(*scopes: str) -> Any:
    """A service key with these scopes."""
    holder = Principal(kind="service", scopes=frozenset(scopes))
    return mock.patch("config.kernel.api.authentication.decode_access", return_value=holder)


def as_key(path: str, *scopes: str) -> Any:
    with key(*scopes):
        return ApiClient().get(path, headers={"Authorization": "Bearer key"})


def created(author: ApiClient, **changes: Any) -> Any:
    answer = author.post("/templates", {"code": "visits", **CONTENT, **changes})
    assert answer.status_code == 201, answer.content
    return answer


class TestWriting:
    def test_what_was_sent_is_read_again_with_its_etag(self, author: ApiClient) -> None:
        made = created(author, note="first")
        assert made["ETag"] == '"2"'
        read = author.get("/templates/visits").json()
        assert read["version"] is None
        draft = read["draft"]
        assert {name: draft[name] for name in CONTENT} == CONTENT
        assert (draft["number"], draft["note"], draft["faults"]) == (1, "first", [])

    def test_a_second_draft_beside_the_first_is_refused(self, author: ApiClient) -> None:
        created(author)
        assert author.post("/templates", {"code": "visits", **CONTENT}).status_code == 409

    def test_where_another_wrote_the_version_read_is_asked_for(self, author: ApiClient) -> None:
        created(author)
        other = ApiClient(make_person("administrator"))
        assert author.put("/templates/visits", CONTENT).status_code == 200
        assert other.send("PUT", "/templates/visits", CONTENT).status_code == 428
        assert other.put("/templates/visits", CONTENT, headers={"If-Match": '"2"'}).status_code == 412
        assert other.put("/templates/visits", CONTENT, headers={"If-Match": '"3"'}).status_code == 200

    @pytest.mark.parametrize(
        ("changes", "where"),
        [
            ({"texts": {"fax": {"en": {"text": "x"}}}}, "#/texts/fax/en/text"),
            ({"texts": {"sms": {"fr": {"text": "x"}}}}, "#/texts/sms/fr/text"),
            ({"texts": {"sms": {"en": {"subject": "x"}}}}, "#/texts/sms/en/subject"),
            ({"texts": {"sms": {"en": {"text": 7}}}}, "#/texts/sms/en/text"),
            ({"helpers": {}}, "#/helpers"),
            ({"variables": {"a\nb": "count"}}, "#/variables"),
        ],
    )
    def test_nothing_that_could_not_be_kept_is_dropped_silently(
        self, author: ApiClient, changes: Any, where: str
    ) -> None:
        answer = author.post("/templates", {"code": "visits", **CONTENT, **changes})
        assert answer.status_code == 400
        assert [error["pointer"] for error in answer.json()["errors"]] == [where]
        assert not Edition.objects.filter(kind="template").exists()

    def test_faults_of_a_draft_stand_where_they_are_to_be_mended(self, author: ApiClient) -> None:
        texts = {"in_app": {"en": {"text": "{{name}}"}}, "sms": {"en": {"text": "Your biopsy"}}}
        draft = created(author, texts=texts).json()["draft"]
        assert [fault["pointer"] for fault in draft["faults"]] == ["#/texts/in_app/en/text", "#/texts/sms/en/text"]


class TestPublishing:
    def test_another_person_publishes_what_they_read(self, author: ApiClient, publisher: ApiClient) -> None:
        created(author)
        assert author.post("/templates/visits/publish", headers={"If-Match": '"2"'}).status_code == 403
        assert publisher.post("/templates/visits/publish").status_code == 428
        assert publisher.post("/templates/visits/publish", headers={"If-Match": '"1"'}).status_code == 412
        done = publisher.post("/templates/visits/publish", headers={"If-Match": '"2"'})
        assert (done.status_code, done.json()["version"], done.json()["draft"]) == (200, 1, None)
        steps = AuditEntry.objects.filter(action__startswith="edition.").order_by("at", "id")
        assert list(steps.values_list("action", flat=True)) == ["edition.draft", "edition.write", "edition.publish"]

    def test_a_draft_with_faults_is_not_published(self, author: ApiClient, publisher: ApiClient) -> None:
        created(author, texts={"sms": {"en": {"text": "x"}}})
        answer = publisher.post("/templates/visits/publish", headers={"If-Match": '"2"'})
        assert answer.status_code == 400
        assert answer.json()["errors"]

    def test_what_is_retired_is_gone_for_those_who_send(self, author: ApiClient, publisher: ApiClient) -> None:
        created(author)
        publisher.post("/templates/visits/publish", headers={"If-Match": '"2"'})
        assert as_key("/templates/visits", "notify").status_code == 200
        assert publisher.post("/templates/visits/retire", {"reason": "Old."}).status_code == 204
        assert as_key("/templates/visits", "notify").status_code == 404
        assert publisher.post("/templates/visits/retire", {"reason": "Old."}).status_code == 409

    def test_what_concerns_an_account_is_said_in_the_house_s_own_words(self, author: ApiClient) -> None:
        draft = created(author, category="security").json()["draft"]
        assert "#/category" in [one["pointer"] for one in draft["faults"]]
        publisher = ApiClient(make_person("administrator"))
        assert publisher.post("/templates/visits/publish", headers={"If-Match": '"2"'}).status_code == 400

    def test_what_nobody_can_switch_off_is_put_in_force_by_the_medical_director(self, publisher: ApiClient) -> None:
        created(publisher, category="legal")
        told = ApiClient(make_person("administrator")).post("/templates/visits/publish", headers={"If-Match": '"2"'})
        assert (told.status_code, told.json()["code"]) == (403, "publisher_forbidden")
        director = ApiClient(make_person("medical_director"))
        assert director.post("/templates/visits/publish", headers={"If-Match": '"2"'}).status_code == 200


class TestReading:
    def test_a_coordinator_reads_what_they_may_send_and_writes_nothing(
        self, author: ApiClient, publisher: ApiClient
    ) -> None:
        coordinator = ApiClient(make_person("coordinator"))
        created(author)
        assert coordinator.get("/templates/visits").status_code == 404
        publisher.post("/templates/visits/publish", headers={"If-Match": '"2"'})
        assert [one["code"] for one in coordinator.get("/templates").json()["results"]] == ["visits"]
        assert coordinator.get("/templates/visits").json()["draft"] is None
        assert coordinator.put("/templates/visits", CONTENT).status_code == 403

    def test_a_key_that_notifies_reads_what_is_in_force_and_no_draft(
        self, author: ApiClient, publisher: ApiClient
    ) -> None:
        created(author)
        assert as_key("/templates", "notify").json() == {"results": []}
        publisher.post("/templates/visits/publish", headers={"If-Match": '"2"'})
        author.post("/templates", {"code": "visits", **CONTENT, "note": "secret"})
        (one,) = as_key("/templates", "notify").json()["results"]
        assert (one["version"], one["draft"], one["texts"]) == (1, None, CONTENT["texts"])
        assert as_key("/templates", "schema:read").status_code == 403

    def test_a_preview_fills_every_text_in(self, author: ApiClient) -> None:
        created(author)
        values = {"count": 1, "visits": [{"date": "2026-12-24"}]}
        shown = author.post("/templates/visits/preview", {"values": values}).json()["results"]
        assert [(one["channel"], one["language"], one["text"]) for one in shown] == [
            ("in_app", "en", "1 visits"),
            ("in_app", "es", "1 citas"),
            ("email", "en", "1 visits:\n- 24 December 2026\n"),
        ]
        wrong = author.post("/templates/visits/preview", {"values": {"count": "Maria"}}).json()["results"]
        assert all(one["faults"] and not one["text"] for one in wrong)
        assert author.post("/templates/visits/preview", {}).json()["results"][0]["text"] == "3 visits"


class TestTrying:
    def test_it_goes_to_the_caller_alone(self, author: ApiClient) -> None:
        created(author)
        answer = author.post("/templates/visits/test", {"channels": ["in_app"]})
        assert answer.status_code == 201
        assert author.principal is not None
        (notice,) = Notice.objects.filter(template="visits")
        assert (notice.user_id, notice.template_version) == (author.principal.user_id, 1)
        (read,) = author.get("/notifications").json()["results"]
        assert read["text"] == "3 visits"

    def test_its_mail_arrives_before_anybody_published_it(self, author: ApiClient) -> None:
        created(author)
        assert author.post("/templates/visits/test", {"channels": ["email"]}).status_code == 201
        drain()
        (letter,) = mail.outbox
        assert letter.subject == "Visits"
        assert "3 visits:" in letter.body

    def test_nobody_tries_what_may_not_be_sent(self, author: ApiClient) -> None:
        created(author, texts={**CONTENT["texts"], "sms": {"en": {"text": "Your biopsy"}}})
        answer = author.post("/templates/visits/test", {})
        assert answer.status_code == 400
        assert not Notice.objects.filter(template="visits").exists()

    @pytest.mark.parametrize("text", ["a {{7*7}}", "{{ n", "{{# n }}", "{{#if n}}x", "{{> n}}", "{{{ n }}}"])
    def test_what_cannot_be_read_is_told_to_whoever_looks_at_it_or_tries_it(self, author: ApiClient, text: str) -> None:
        created(author, texts={"in_app": {"en": {"text": text}}}, variables={})
        shown = author.post("/templates/visits/preview", {})
        assert shown.status_code == 200
        assert all(one["faults"] and not one["text"] for one in shown.json()["results"])
        assert author.post("/templates/visits/test", {}).status_code == 400
