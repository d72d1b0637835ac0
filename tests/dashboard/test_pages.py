"""The specialists' pages as a browser asks for them: who gets in, what they carry, what they cost."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connections
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cases.models import AuditEntry
from config.kernel import clock
from config.kernel.auth import Principal
from identity import services as identity
from tests.cases.support import CLEAR, Story, make_specialist
from tests.factories import PASSWORD, TOTP_SECRET, make_account, totp_code

pytestmark = pytest.mark.django_db
ALIASES = ("default", "professionals", "cases", "analysis", "notifications")


def sign_in(client: Client, email: str) -> Any:
    form = {"email": email, "password": PASSWORD, "code": totp_code()}
    return client.post("/dashboard/sign-in", form)


def as_specialist(who: Principal, **options: Any) -> Client:
    user_id = who.require_user_id()
    identity.seed_totp(user_id=user_id, secret=TOTP_SECRET)
    client = Client(**options)
    client.get("/dashboard/sign-in")
    answer = sign_in(client, identity.get_account(user_id=user_id).email)
    assert answer.status_code == 302, answer.content
    return client


@pytest.fixture
def story() -> Story:
    return Story().in_review()


def workspace(story: Story, then: str = "") -> str:
    return f"/dashboard/cases/{story.id}{then}"


@pytest.mark.parametrize("path", ["", "news", "offers/{case}", "cases/{case}", "cases/{case}/sign"])
def test_a_page_sends_strangers_to_the_sign_in_and_back(story, client, path):
    address = "/dashboard/" + path.format(case=story.id)
    answer = client.get(address)
    assert answer.status_code == 302
    assert answer["Location"].startswith("/dashboard/sign-in?next=%2Fdashboard%2F")


@pytest.mark.parametrize("path", ["ticket", "cases/{case}/draft"])
def test_an_address_for_scripts_answers_strangers_with_a_problem(story, client, path):
    address = "/dashboard/" + path.format(case=story.id)
    answer = client.put(address) if path.endswith("draft") else client.post(address)
    assert answer.status_code == 401
    assert answer["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("role", ["patient", "coordinator", "administrator"])
def test_only_specialists_get_in(client, role):
    account = make_account(role)
    identity.seed_totp(user_id=account.id, secret=TOTP_SECRET)
    answer = sign_in(client, account.email)
    assert answer.status_code == 401
    assert client.get("/dashboard/").status_code == 302


def test_wrong_address_wrong_password_and_wrong_code_look_the_same(client):
    who = make_specialist()
    identity.seed_totp(user_id=who.require_user_id(), secret=TOTP_SECRET)
    email = identity.get_account(user_id=who.require_user_id()).email
    wrong = [
        {"email": "nobody@example.org", "password": PASSWORD, "code": totp_code()},
        {"email": email, "password": "not the password at all", "code": totp_code()},
    ]
    told = {client.post("/dashboard/sign-in", form).context["error"] for form in wrong}
    assert len(told) == 1


def test_the_way_back_stays_inside_the_dashboard(client):
    who = make_specialist()
    identity.seed_totp(user_id=who.require_user_id(), secret=TOTP_SECRET)
    email = identity.get_account(user_id=who.require_user_id()).email
    form = {"email": email, "password": PASSWORD, "code": totp_code(), "next": "https://evil.example/dashboard/"}
    assert client.post("/dashboard/sign-in", form)["Location"] == "/dashboard/"


def test_a_session_left_for_half_an_hour_is_asked_to_sign_in_again(story):
    client = as_specialist(story.author)
    assert client.get("/dashboard/").status_code == 200
    with clock.frozen(clock.now() + timedelta(minutes=31)):
        answer = client.get(workspace(story))
    assert answer.status_code == 302
    assert "sign-in" in answer["Location"]


def test_a_session_ended_elsewhere_is_out_at_the_next_click(story):
    client = as_specialist(story.author)
    identity.end_all_sessions(user_id=story.author.require_user_id(), reason="logout")
    assert client.get("/dashboard/").status_code == 302


def test_signing_out_ends_the_session(story):
    client = as_specialist(story.author)
    client.post("/dashboard/sign-out")
    assert client.get("/dashboard/").status_code == 302


@pytest.mark.parametrize("then", ["", "/sign", "/first-read", "/ask", "/finish"])
def test_another_specialists_case_is_absent(story, then):
    client = as_specialist(make_specialist())
    ask = client.get if then in ("", "/sign") else client.post
    answer = ask(workspace(story, then), {"question": "?", "impression": "?", "confidence": "1"})
    assert answer.status_code in (403, 404)
    assert "valve" not in answer.content.decode()


def test_a_form_without_its_token_is_refused(story):
    client = as_specialist(story.author, enforce_csrf_checks=False)
    client.handler.enforce_csrf_checks = True
    assert client.post("/dashboard/sign-out").status_code == 403
    assert client.put(workspace(story, "/draft"), "{}", content_type="application/json").status_code == 403


def test_pages_are_not_cached_not_framed_and_run_no_inline_script(story):
    client = as_specialist(story.author)
    for path in ("/dashboard/", "/dashboard/news", workspace(story)):
        answer = client.get(path)
        assert answer.status_code == 200
        assert answer["Cache-Control"] == "no-store"
        policy = answer["Content-Security-Policy"]
        assert "unsafe-inline" not in policy
        assert "frame-ancestors 'none'" in policy
        page = answer.content.decode()
        assert "<script>" not in page
        assert " style=" not in page
        assert " onclick=" not in page


def test_the_first_page_is_small(story):
    import gzip

    client = as_specialist(story.author)
    sent = gzip.compress(client.get(workspace(story)).content)
    assert len(sent) < 20_000


def test_a_workspace_is_read_with_an_audit_row(story):
    client = as_specialist(story.author)
    client.get(workspace(story))
    row = AuditEntry.objects.filter(action="case.read", object_id=story.id).latest("at")
    assert row.actor_id == story.author.user_id


def test_findings_are_not_in_the_page_before_the_first_read_is_sealed(story):
    client = as_specialist(story.author)
    page = client.get(workspace(story)).content.decode()
    assert f'action="/dashboard/cases/{story.id}/first-read"' in page
    client.post(workspace(story, "/first-read"), {"impression": "Severe.", "confidence": "70"})
    assert "first-read" not in client.get(workspace(story)).content.decode()


def test_a_first_read_without_its_confidence_keeps_what_was_written(story):
    client = as_specialist(story.author)
    answer = client.post(workspace(story, "/first-read"), {"impression": "A long careful thought", "confidence": ""})
    assert 400 <= answer.status_code < 500
    assert "A long careful thought" in answer.content.decode()


def test_two_windows_conflict_is_a_412_and_the_first_text_stays(story):
    client = as_specialist(story.author)
    client.post(workspace(story, "/first-read"), {"impression": "Severe.", "confidence": "70"})

    def put(version: int, summary: str) -> Any:
        body = {"version": version, "fields": {"summary": summary}}
        return client.put(workspace(story, "/draft"), body, content_type="application/json")

    first = put(0, "from window one").json()["version"]
    assert put(first, "window one goes on").status_code == 200
    stale = put(first, "window two")
    assert stale.status_code == 412
    assert "window one goes on" in client.get(workspace(story)).content.decode()


@pytest.mark.parametrize(
    "body",
    [
        "",
        "[]",
        '{"version": "x"}',
        '{"version": 1}',
        '{"version": 1, "fields": 3}',
        '{"version": 1, "fields": {"summary": "\\u0000"}}',
        "[" * 5_000,
    ],
)
def test_a_broken_autosave_is_a_problem_document(story, body):
    client = as_specialist(story.author)
    answer = client.put(workspace(story, "/draft"), body, content_type="application/json")
    assert answer.status_code == 400
    assert answer.json()["code"] == "form_invalid"


def test_an_offer_names_no_patient_and_wants_every_conflict_question_answered():
    story = Story().offered()
    client = as_specialist(story.author)
    address = f"/dashboard/offers/{story.id}"
    page = client.get(address).content.decode()
    assert identity.get_account(user_id=story.row.patient_id).full_name not in page
    few = dict.fromkeys(list(CLEAR)[1:], "no")
    assert 400 <= client.post(address, {**few, "answer": "accept"}).status_code < 500
    accepted = client.post(address, {**dict.fromkeys(CLEAR, "no"), "answer": "accept"})
    assert accepted["Location"] == workspace(story)


def test_signing_asks_for_a_fresh_code(story):
    client = as_specialist(story.author)
    client.post(workspace(story, "/first-read"), {"impression": "Severe.", "confidence": "70"})
    from cases.services import opinion
    from tests.cases.support import OPINION, by

    with by(story.author):
        opinion.save_draft(principal=story.author, case_id=story.id, content=OPINION)
        finished = opinion.submit_opinion(principal=story.author, case_id=story.id)
    with clock.frozen(clock.now() + timedelta(minutes=6)):
        answer = client.post(workspace(story, "/sign"), {"content_hash": finished.content_hash, "code": "000000"})
        assert answer.status_code == 401
        assert story.state == "READY_TO_SIGN"


def _queries(client: Client, path: str) -> int:
    counted = [CaptureQueriesContext(connections[alias]) for alias in ALIASES]
    for one in counted:
        one.__enter__()
    try:
        assert client.get(path).status_code == 200
    finally:
        for one in counted:
            one.__exit__(None, None, None)
    return sum(len([q for q in one if "SAVEPOINT" not in q["sql"]]) for one in counted)


def test_the_worklist_costs_the_same_with_one_case_and_with_six():
    specialist = make_specialist()
    Story().in_review(specialist)
    client = as_specialist(specialist)
    _queries(client, "/dashboard/")
    one = _queries(client, "/dashboard/")
    for _ in range(4):
        Story().in_review(specialist)
    assert _queries(client, "/dashboard/") == one
    assert one <= 12


def test_the_workspace_costs_the_same_with_one_document_and_with_six(story):
    story.put_document()
    client = as_specialist(story.author)
    _queries(client, workspace(story))
    one = _queries(client, workspace(story))
    for _ in range(5):
        story.put_document()
    assert _queries(client, workspace(story)) == one
    assert one <= 12
