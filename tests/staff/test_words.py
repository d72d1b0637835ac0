"""No code is shown to staff: not in a list of the admin, in a filter, on a row's page or a page of work."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
from django.apps import apps
from django.contrib import admin
from django.db import DatabaseError, models, transaction
from django.urls import resolve, reverse

from cases.models import Case, Document
from config.kernel import editions
from config.kernel.admin.code_labels import Labelled
from config.kernel.auth import STAFF_ROLES
from config.kernel.db.router import alias_of
from config.kernel.jobs import registry
from tests.authorization.world import World
from tests.benchmarks.filling import fill
from tests.factories import make_person
from tests.staff.support import signed_in
from tests.tooling.visible_text import codes_in, visible

pytestmark = pytest.mark.django_db
# What is shown as it is stored: what operators look for in logs, and contents that are files of their own.
TECHNICAL = {
    "outboxentry": ("name", "payload", "last_error"),
    "job": ("kind", "concurrency_key", "key", "last_error"),
    "edition": ("body",),
    "questionnaire": ("definition",),
    "report": ("manifest",),
}
CODE, SHORT = "some_new_code", 6
# Links that are no page of work.
LEFT_OUT = frozenset({"logout", "jsi18n"})
# Of what begins with nothing, the code of something new.
NEW_CODES = {"knowledge": "interactions:maoi-ssri", "legal_rule": "de-remote-advice", "template": "visit_reminder"}
WORK = {
    "app_list",
    "analysis_edition_begin",
    "cases_case_completeness",
    "cases_case_reassign_what_if",
    "cases_case_steer_case",
    "cases_document_settle",
    "cases_reportrecheck_settle",
    "cases_rereading_settle",
    "cases_edition_begin",
    "identity_patientmerge_decide",
    "identity_patientmerge_propose",
    "notifications_campaign_plan",
    "notifications_delivery_figures",
    "notifications_edition_begin",
    "notifications_escalation_reach",
    "notifications_suppression_lift_it",
    "professionals_edition_begin",
    "professionals_professional_check_credentials",
}
_LINK = re.compile(r'<a [^>]*href="([^"#]+)"')
THINGS = ("id_signed", "id_c", "id_matching", "id_reviewed", "id_asked", "id_doc", "id_unnamed", "id_a", "id_waiting")
MODELS = sorted(admin.site._registry, key=lambda model: model._meta.label)


def known_codes() -> frozenset[str]:
    """Values of every list of choices, and names of jobs."""
    fields = [field for model in apps.get_models() for field in model._meta.concrete_fields if field.choices]
    values = {str(value) for field in fields for value, _ in field.flatchoices}
    return frozenset({*values, *registry._kinds})


@pytest.fixture
def world() -> World:
    made = World()
    assert all(getattr(made, name) for name in THINGS)
    return made


def plant(model: type[models.Model]) -> Any:
    """Put a code that nobody has named into every column of one row that may hold one; its key."""
    written = admin.site._registry[model].as_written
    texts = [field for field in model._meta.concrete_fields if _may_hold_a_code(field) and field.name not in written]
    listed = [field for field in model._meta.concrete_fields if isinstance(field, models.JSONField)]
    codes: dict[str, Any] = {field.name: CODE[: field.max_length] for field in texts}
    codes |= {field.name: {CODE: [CODE]} for field in listed if field.name not in written and not field.generated}
    newest = model._default_manager.order_by("-pk").values_list("pk", flat=True)[:4]
    return next(key for key in newest if not codes or _planted(model, key, codes))


def _planted(model: type[models.Model], key: Any, codes: dict[str, Any]) -> bool:
    """False for a row that never changes, as published versions do not."""
    try:
        with transaction.atomic(using=alias_of(model._meta.app_label)):
            return bool(model._default_manager.filter(pk=key).update(**codes))
    except DatabaseError:
        return False


def _may_hold_a_code(field: Any) -> bool:
    text = type(field) in (models.CharField, models.SlugField) and not field.choices and not field.generated
    return text and not field.unique and field.max_length > SHORT


def pages_of(model: type[models.Model], planted: Any) -> Iterator[str]:
    place = f"admin:{model._meta.app_label}_{model._meta.model_name}"
    yield reverse(f"{place}_changelist")
    newest = model._default_manager.order_by("-pk").values_list("pk", flat=True)
    for one in dict.fromkeys((*newest.reverse()[:1], *newest[:1], planted)):
        yield reverse(f"{place}_change", args=[one])


def technical(model: type[models.Model]) -> set[str]:
    columns = TECHNICAL.get(model._meta.model_name or "", ())
    rows = model._default_manager.values_list(*columns) if columns else ()
    return codes_in((str(value) for row in rows for value in row), known_codes())


class Walk:
    """Through pages of the admin, and from them to the pages of work that they lead to, one of each kind."""

    def __init__(self) -> None:
        self.client = signed_in(*STAFF_ROLES)
        self.wrong: dict[str, set[str]] = {}
        self.work: dict[str, list[str]] = {}
        self.read_kinds: set[str] = set()

    def read(self, path: str, technical: set[str]) -> bool:
        """Whether there is a page: a page of work sends back where nothing is to be done."""
        answer = self.client.get(path)
        if answer.status_code != 200:
            return False
        html = answer.content.decode()
        found = codes_in(visible(html), known_codes()) - technical
        if found:
            self.wrong[path] = found
        for link in _LINK.findall(html):
            self._note(urljoin(path, unescape(link)))
        return True

    def _note(self, path: str) -> None:
        place = urlsplit(path).path
        name = resolve(place).url_name if place.startswith("/admin/") else ""
        if name and not name.endswith(("_changelist", "_change", "_history", "_add", "_desk")) and name not in LEFT_OUT:
            self.work.setdefault(name, []).append(path)

    def read_work(self) -> None:
        """One page of each kind; it may lead to further kinds."""
        while waiting := sorted(self.work.keys() - self.read_kinds):
            self.read_kinds.add(waiting[0])
            # The world's own rows come first: what is sealed in filled ones cannot be opened.
            paths = sorted(set(self.work[waiting[0]]))
            assert any(self.read(path, set()) for path in paths), f"no page of {waiting[0]}: {paths}"


def desks() -> Iterator[tuple[type[models.Model], str]]:
    """The page of a draft of every kind that staff write."""
    author = make_person("medical_director")
    for model in MODELS:
        for kind in getattr(admin.site._registry[model], "kinds", {}).values():
            row = editions.start(kind=kind, principal=author, code=(*kind.codes(), NEW_CODES.get(kind.name))[0])
            yield model, f"/admin/{model._meta.app_label}/edition/{row}/desk/"


@pytest.mark.slow
def test_no_page_of_the_staff_shows_a_code(world: World) -> None:
    fill(4)
    Document.objects.filter(media_type__startswith="media_type").update(media_type="application/pdf")
    planted = {model: plant(model) for model in MODELS}
    walk = Walk()
    assert walk.read("/admin/", set())
    for model in MODELS:
        for path in pages_of(model, planted[model]):
            assert walk.read(path, technical(model)), path
    for model, path in desks():
        assert walk.read(path, technical(model)), path
    walk.read_work()
    assert walk.read_kinds == WORK
    assert not walk.wrong, "\n".join(f"{path}: {sorted(codes)}" for path, codes in walk.wrong.items())


def test_a_code_that_a_page_shows_as_it_is_stored_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Labelled, "_shown", lambda page, name: name)
    fill(2)
    walk = Walk()
    for path in pages_of(Case, plant(Case)):
        assert walk.read(path, set()), path
    assert CODE in set().union(*walk.wrong.values())


@pytest.mark.parametrize(
    ("html", "codes"),
    [
        ("<p>It is in_review</p>", {"in_review"}),
        ("<p>IN_REVIEW</p><p>PENDING</p>", {"IN_REVIEW", "PENDING"}),
        ("<p>case.offer_made</p>", {"case.offer_made"}),
        ('<input placeholder="some_new_code">', {CODE}),
        ("<p>In review, MRI, a_file@example.org, blood.pdf, 2026-11-30</p>", set()),
        ("<script>some_new_code</script><p class=some_new_code>Words</p>", set()),
    ],
)
def test_what_counts_as_a_code(html: str, codes: set[str]) -> None:
    assert codes_in(visible(html), frozenset({"PENDING"})) == codes
