"""What is due goes, what is not stays; what tells of care is listed first and stays while a hold stands."""

from __future__ import annotations

from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.core.management import call_command

from analysis.models import AnalysisRun, Finding
from cases.models import AuditEntry, Case, Document, RetentionListing, RetiredFile
from cases.models import Job as CasesJob
from config.kernel import clock
from config.kernel.auth import Principal, acting_as
from config.kernel.due_work import drain
from config.kernel.errors import Unavailable
from config.kernel.ports import every_port_has_one_provider
from config.kernel.privacy.retention import RETENTION_RULES, apply_rules, every_setting_names_a_rule, plan, rules
from identity import services as identity
from identity.models import EmailToken, Erasure, Session, User
from notifications.models import Notice
from tests.cases.support import Story
from tests.factories import make_account, make_patient, make_person
from tests.factories.analysis import AnalysisRunFactory
from tests.factories.cases import JobFactory as CasesJobFactory
from tests.factories.notifications import NoticeFactory

pytestmark = pytest.mark.django_db
TEN_YEARS = timedelta(days=3653)
# Every rule of the platform: one that is missing would keep data for ever, and nobody would hear of it.
EVERYWHERE = ("answers", "events", "jobs", "taken_events")
OWN = {
    "identity": (
        "address_changes",
        "links",
        "mail_requests",
        "page_sessions",
        "passkey_challenges",
        "phone_verifications",
        "refresh_tokens",
        "sessions",
        "unconfirmed",
    ),
    "professionals": (),
    "cases": ("drafts", "ended", "original_links"),
    "analysis": (),
    "notifications": (
        "campaign_recipients",
        "campaigns",
        "delivery_events",
        "devices",
        "hook_deliveries",
        "notices",
        "send_requests",
    ),
}


def ended(patient: Principal, folder: Path) -> Story:
    """A case that was analysed, worked on and cancelled now."""
    story = Story(patient).in_review()
    story.add_document("Haemoglobin 9.1 g/dL", folder)
    drain()
    with acting_as(patient):
        from cases.services import workflow

        workflow.move(principal=patient, case_id=story.id, to="CANCELLED", reason="thought better of it")
    drain()
    return story


def holds(case_id: UUID) -> bool:
    """Whether any table of the platform knows of the case."""
    from django.apps import apps

    for context in ("cases", "analysis", "notifications"):
        for model in apps.get_app_config(context).get_models():
            if model.__name__ in {"AuditEntry", "OutboxEntry", "InboxEntry", "Job", "IdempotencyKey"}:
                continue
            columns = {f.attname for f in model._meta.concrete_fields}
            for name in {"case_id", "subject_id", "object_id"} & columns:
                if model._default_manager.filter(**{name: case_id}).exists():
                    return True
    return Case.objects.filter(id=case_id).exists()


def run(context: str, later: timedelta) -> dict[str, int]:
    with clock.shifted(later):
        return apply_rules(context)


def due(context: str, name: str, later: timedelta) -> tuple[int, int]:
    with clock.shifted(later):
        line = next(one for one in plan(context) if one.rule == name)
    return line.due, line.ripe


class TestACase:
    def test_it_is_listed_after_ten_years_and_gone_a_month_later(self, tmp_path: Path) -> None:
        story = ended(make_patient(), tmp_path)
        assert run("cases", TEN_YEARS - timedelta(days=1))["cases.ended"] == 0
        assert not RetentionListing.objects.exists()
        over = TEN_YEARS + timedelta(days=1)
        assert run("cases", over)["cases.ended"] == 0
        assert RetentionListing.objects.get().object_id == story.id
        assert due("cases", "cases.ended", over) == (1, 0)
        assert run("cases", over + timedelta(days=29))["cases.ended"] == 0
        assert due("cases", "cases.ended", over + timedelta(days=30)) == (1, 1)
        assert run("cases", over + timedelta(days=30))["cases.ended"] == 1
        drain()
        assert not holds(story.id)
        assert not Document.objects.exists()
        assert not RetentionListing.objects.exists()
        row = AuditEntry.objects.get(action="case.remove")
        assert (row.object_id, row.purpose) == (story.id, "retention")

    def test_its_files_and_its_findings_go_too(self, tmp_path: Path) -> None:
        story = ended(make_patient(), tmp_path)
        if not AnalysisRun.objects.filter(case_id=story.id).exists():
            AnalysisRunFactory(
                case_id=story.id, document_id=Document.objects.first().id, patient_id=story.patient.user_id
            )
        keys = {key for key in Document.objects.values_list("storage_key", flat=True) if key}
        assert keys
        assert Notice.objects.filter(subject_id=story.id).exists()
        run("cases", TEN_YEARS * 1.01)
        run("cases", TEN_YEARS * 1.02)
        drain()
        assert keys <= set(RetiredFile.objects.values_list("storage_key", flat=True))
        assert not AnalysisRun.objects.filter(case_id=story.id).exists()
        assert not Finding.objects.filter(case_id=story.id).exists()
        assert not Notice.objects.filter(subject_id=story.id).exists()

    def test_a_hold_that_is_placed_while_it_is_listed_keeps_it(self, tmp_path: Path) -> None:
        kept, other = ended(make_patient(), tmp_path), ended(make_patient(), tmp_path)
        over = TEN_YEARS + timedelta(days=1)
        run("cases", over)
        assert RetentionListing.objects.count() == 2
        officer = make_person("privacy_officer")
        with acting_as(officer):
            identity.place_legal_hold(principal=officer, user_id=kept.patient.require_user_id(), reason="A dispute.")
        assert run("cases", over + timedelta(days=30))["cases.ended"] == 1
        assert holds(kept.id)
        assert not Case.objects.filter(id=other.id).exists()

    def test_one_that_is_not_over_is_never_listed(self, tmp_path: Path) -> None:
        story = Story(make_patient()).in_review()
        run("cases", TEN_YEARS * 3)
        assert not RetentionListing.objects.exists()
        assert holds(story.id)

    def test_a_draft_that_expired_is_kept_for_half_a_year_only(self) -> None:
        story = Story(make_patient())
        Case.objects.filter(id=story.id).update(state="EXPIRED", state_since=clock.now())
        run("cases", timedelta(days=181))
        assert run("cases", timedelta(days=195))["cases.drafts"] == 1
        assert not holds(story.id)


class TestAccounts:
    def test_one_that_was_never_confirmed_is_erased_after_a_month(self) -> None:
        never = make_account("patient", email_verified=False)
        confirmed, specialist = make_account("patient"), make_account("professional", email_verified=False)
        run("identity", timedelta(days=29))
        assert not Erasure.objects.exists()
        run("identity", timedelta(days=31))
        drain()
        assert Erasure.objects.get().user_id == never.id
        assert Erasure.objects.get().state == "DONE"
        assert User.objects.get(id=never.id).email.startswith("erased-")
        assert User.objects.filter(id__in=[confirmed.id, specialist.id], is_active=True).count() == 2
        assert run("identity", timedelta(days=40))["identity.unconfirmed"] == 0

    def test_links_go_after_a_week_and_sessions_after_ninety_days(self) -> None:
        who = make_account()
        identity.issue_email_token(user_id=who.id, purpose="reset")
        identity.open_session(user_id=who.id)
        run("identity", timedelta(days=6))
        assert EmailToken.objects.exists()
        run("identity", timedelta(days=9))
        assert not EmailToken.objects.exists()
        assert Session.objects.exists()
        run("identity", timedelta(days=91))
        assert not Session.objects.exists()


class TestTheDryRun:
    def test_it_changes_nothing_and_names_every_rule_with_its_reason(self, tmp_path: Path) -> None:
        story = ended(make_patient(), tmp_path)
        told = StringIO()
        with clock.shifted(TEN_YEARS * 1.01):
            call_command("retention", "--ids", "5", stdout=told)
        assert holds(story.id)
        assert not RetentionListing.objects.exists()
        assert str(story.id) in told.getvalue()
        for rule in rules():
            assert f"{rule.name} " in told.getvalue()
            assert rule.basis in told.getvalue()

    def test_applying_by_command_does_what_the_job_does(self) -> None:
        CasesJob.objects.update(state="DONE", finished_at=clock.now() - timedelta(days=31))
        CasesJobFactory(queue="bulk", state="DONE", finished_at=clock.now() - timedelta(days=31))
        call_command("retention", "--apply", stdout=StringIO())
        assert not CasesJob.objects.exists()

    def test_days_that_are_set_hold(self, settings: Any) -> None:
        settings.RETENTION_DAYS = {"notifications.notices": 2}
        who = make_account()
        NoticeFactory(user_id=who.id, sequence=1, kind="new_device")
        run("notifications", timedelta(days=1))
        assert Notice.objects.exists()
        run("notifications", timedelta(days=3))
        assert not Notice.objects.exists()

    @pytest.mark.parametrize("days", [{"cases.typo": 9}, {"cases.ended": 0}])
    def test_days_of_no_rule_or_of_nothing_are_refused_at_the_start(self, settings: Any, days: dict[str, int]) -> None:
        settings.RETENTION_DAYS = days
        assert [one.id for one in every_setting_names_a_rule()] == ["kernel.E005"]

    def test_every_rule_of_every_context_is_there_and_has_a_daily_job(self) -> None:
        from config.kernel.jobs.registry import periodic_jobs

        daily = {one.kind: one.seconds for one in periodic_jobs()}
        for context in OWN:
            assert {rule.name for rule in rules(context)} == {
                f"{context}.{name}" for name in (*EVERYWHERE, *OWN[context])
            }
            assert daily[f"{context}.apply_retention"] == 86_400

    def test_rules_that_a_context_forgets_to_provide_are_refused_at_the_start(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        others = {context: offers for context, offers in RETENTION_RULES._offers.items() if context != "cases"}
        monkeypatch.setattr(RETENTION_RULES, "_offers", others)
        found = [fault.msg for fault in every_port_has_one_provider()]
        assert found == ["retention_rules of cases must be provided once; it is provided by nobody."]
        with pytest.raises(Unavailable):
            apply_rules("cases")
