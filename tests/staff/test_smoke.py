"""Every page of the admin, by every role of the staff: who sees it, what it costs, and that it tells nothing sealed."""

from __future__ import annotations

from hashlib import md5
from typing import Any
from uuid import UUID

import pytest
from django.contrib import admin
from django.test import RequestFactory

from cases.services import opinion
from config.kernel.auth import STAFF_ROLES, acting_as
from tests.benchmarks.filling import fill
from tests.cases.support import OPINION, Story, by
from tests.factories import make_person
from tests.staff.support import Counted, signed_in

pytestmark = pytest.mark.django_db
MAX_STATEMENTS = 15
ALL = "administrator coordinator medical_director nurse privacy_officer support"
STEERING = "administrator coordinator medical_director nurse privacy_officer"
DESK = "administrator coordinator medical_director"
CHECKERS = "administrator medical_director"
OFFICE = "administrator privacy_officer"
OPERATIONS = "administrator support"
PLUMBING = {"AuditEntry": OFFICE, "OutboxEntry": OPERATIONS, "Job": OPERATIONS}
# Who opens which page; read beside the matrix of authorization.md. Support sees states and ids, nurses and medical
# directors no accounts, privacy officers no engines, and nobody what is sealed.
PAGES: dict[str, dict[str, str]] = {
    "analysis": {
        "AnalysisRun": "administrator medical_director support",
        "Edition": ALL,
        "Finding": "administrator medical_director support",
        "FindingChange": "administrator medical_director support",
        "ModelRecord": "administrator medical_director support",
        "ProviderCall": "administrator privacy_officer support",
    },
    "cases": {
        "Archive": "administrator coordinator support",
        "BreakGlass": OFFICE,
        "Case": ALL,
        "Clarification": STEERING,
        "Document": ALL,
        "Edition": ALL,
        "Escalation": DESK,
        "FollowUpQuestion": DESK,
        "Intake": ALL,
        "Offer": STEERING,
        "Opinion": STEERING,
        "Outcome": DESK,
        "PeerReview": STEERING,
        "Questionnaire": ALL,
        "RecordRequest": "administrator coordinator privacy_officer",
        "RedFlag": "administrator medical_director nurse privacy_officer",
        "Report": STEERING,
        "ReportRecheck": CHECKERS,
        "Rereading": ALL,
        "ResumableUpload": "administrator coordinator support",
        "RetentionListing": OFFICE,
        "ServiceRating": DESK,
        "Submission": "administrator coordinator privacy_officer",
    },
    "identity": {
        "Consent": "administrator coordinator privacy_officer",
        "Erasure": OFFICE,
        "Export": OFFICE,
        "LegalHold": OFFICE,
        "PatientMerge": "administrator coordinator privacy_officer support",
        "Proxy": "administrator coordinator privacy_officer",
        "Rectification": OFFICE,
        "RoleChange": OFFICE,
        "RoleGrant": OFFICE,
        "ServiceKey": OFFICE,
        "Session": "administrator coordinator privacy_officer support",
        "User": "administrator coordinator privacy_officer support",
    },
    "notifications": {
        "Campaign": CHECKERS,
        "Delivery": OPERATIONS,
        "Edition": ALL,
        "Escalation": "administrator coordinator nurse",
        "HookDelivery": "administrator",
        "Notice": "administrator privacy_officer support",
        "Suppression": OPERATIONS,
        "Webhook": "administrator",
    },
    "professionals": {
        "Affiliation": CHECKERS,
        "CalendarEntry": ALL,
        "CaseWork": CHECKERS,
        "Credential": CHECKERS,
        "Edition": ALL,
        "Evidence": CHECKERS,
        "ExpiryNotice": CHECKERS,
        "Organisation": ALL,
        "Professional": ALL,
        "Publication": CHECKERS,
        "PublishedRule": ALL,
        "Review": CHECKERS,
        "SavedView": CHECKERS,
        "Statistics": CHECKERS,
        "VerificationDecision": "administrator medical_director privacy_officer",
    },
}
EXPECTED = {
    f"{context}.{name}": frozenset(roles.split())
    for context, pages in PAGES.items()
    for name, roles in (pages | PLUMBING).items()
}
MODELS = {model._meta.label: model for model in admin.site._registry}
# Words that stand in every sealed field of a case's life, and nowhere else.
SECRET = "Ptarmigan"


def path_of(label: str, then: str = "") -> str:
    return f"/admin/{label.lower().replace('.', '/')}/{then}"


def filled_id(label: str) -> str:
    """The id of the first filled row; tables that count their rows: the first row."""
    model: Any = MODELS[label]
    if model._meta.pk.get_internal_type() == "UUIDField":
        return str(UUID(md5(f"{model._meta.db_table}1".encode()).hexdigest()))
    return str(model.objects.order_by("pk").values_list("pk", flat=True)[0])


@pytest.mark.parametrize("role", sorted(STAFF_ROLES))
def test_each_role_sees_the_pages_that_are_written_down_and_changes_nothing_by_form(role: str) -> None:
    request = RequestFactory().get("/")
    with acting_as(make_person(role)):
        seen = {label for label, model in MODELS.items() if admin.site._registry[model].has_view_permission(request)}
        for label, model in MODELS.items():
            page: Any = admin.site._registry[model]
            by_form = [page.has_add_permission, page.has_change_permission, page.has_delete_permission]
            assert not any(may(request) for may in by_form), label
    assert seen == {label for label, roles in EXPECTED.items() if role in roles}


def test_no_page_is_without_its_row_here() -> None:
    assert set(EXPECTED) == set(MODELS)


def life() -> Story:
    """A case with the secret word wherever a patient or a specialist writes."""
    story = Story(title=f"{SECRET} case", history=f"{SECRET} history", questions=[f"{SECRET} question?"])
    story.in_review()
    story.put_document()
    content = OPINION | {"summary": f"{SECRET} summary"}
    with by(story.author):
        opinion.send_message(principal=story.author, case_id=story.id, text=f"{SECRET} message")
        opinion.seal_first_read(principal=story.author, case_id=story.id, impression=f"{SECRET} thought", confidence=70)
        opinion.save_draft(principal=story.author, case_id=story.id, content=content)
    return story


def rows_of(story: Story) -> list[str]:
    """The change pages of what the case's life left in the tables."""
    found = []
    for label, model in MODELS.items():
        names = {field.name for field in model._meta.get_fields()}
        of_case = {"case": story.id} if "case" in names else {"case_id": story.id} if "case_id" in names else {}
        if label == "cases.Case":
            of_case = {"id": story.id}
        row = model._default_manager.filter(**of_case).first() if of_case else None
        if row is not None:
            found.append(path_of(label, f"{row.pk}/change/"))
    return found


@pytest.mark.slow
def test_every_page_opens_for_whom_it_is_there_and_tells_nothing_sealed() -> None:
    fill(2)
    story = life()
    told = [path_of("cases.Case", f"{story.id}/steer/"), *rows_of(story)]
    for role in sorted(STAFF_ROLES):
        client = signed_in(role)
        for path, status in [("/admin/", 200), *_pages(role), *((path, None) for path in told)]:
            answer = client.get(path)
            assert answer.status_code in ((status,) if status else (200, 403)), (role, path)
            assert SECRET not in answer.content.decode(), (role, path)


def _pages(role: str) -> list[tuple[str, int]]:
    """Of each page its search or a row, by turns, so that some role opens each of them; nobody adds by form."""
    found = []
    for label, roles in EXPECTED.items():
        row, may = filled_id(label), sorted(roles)
        if role not in roles:
            found.append((path_of(label), 403))
            continue
        turn = may.index(role) % 2
        found.append((path_of(label, f"{row}/change/" if turn else f"?q={row}"), 200))
        if not may.index(role):
            found.append((path_of(label, "add/"), 403))
    return found


@pytest.mark.slow
def test_every_list_costs_the_same_for_two_rows_and_for_twenty() -> None:
    client = signed_in(*STAFF_ROLES)
    fill(2)
    few = {label: _statements(client, label) for label in MODELS}
    fill(20, first=3)
    many = {label: _statements(client, label) for label in MODELS}
    assert {label: (few[label], number) for label, number in many.items() if number > few[label]} == {}
    assert {label: number for label, number in many.items() if number > MAX_STATEMENTS} == {}


def _statements(client: Any, label: str) -> int:
    with Counted() as counted:
        assert client.get(path_of(label)).status_code == 200, label
    return counted.number
