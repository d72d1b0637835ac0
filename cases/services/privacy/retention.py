"""How long cases are kept (see ``manage.py retention``), and taking one out whole."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import models

from cases.db import atomic
from cases.domain.workflow.states import State
from cases.events import CaseRemoved
from cases.models import Case, Document, OriginalLink, Report
from cases.services.privacy.erasure import retire_files
from config.kernel.audit import record
from config.kernel.outbox import publish
from config.kernel.privacy.retention import Rule
from identity import services as identity

Rows = models.QuerySet[Any]
ENDED = (State.CLOSED, State.DECLINED, State.CANCELLED, State.EXPIRED, State.ENTERED_IN_ERROR)


def remove_case(case_id: UUID) -> None:
    """Delete a case with all that hangs on it; its files go by a job, other contexts hear of it."""
    with atomic():
        case = Case.objects.select_for_update().get(id=case_id)
        retire_files(Document.objects.filter(case=case), Report.objects.filter(case=case))
        for model in apps.get_app_config("cases").get_models():
            if any(field.name == "case_id" for field in model._meta.concrete_fields):
                model._default_manager.filter(case_id=case_id).delete()
        _delete_tree(case)
        record(
            context="cases", action="case.remove", patient_id=case.patient_id, object_type="case", object_id=case_id,
            purpose="retention",
        )  # fmt: skip
        publish(CaseRemoved(aggregate_id=case_id))


def _ended(before: datetime) -> Rows:
    return _not_held(Case.objects.filter(state__in=ENDED, state_since__lt=before, submitted_at__isnull=False))


def _drafts(before: datetime) -> Rows:
    return _not_held(Case.objects.filter(state=State.EXPIRED, state_since__lt=before, submitted_at=None))


def _original_links(before: datetime) -> Rows:
    return OriginalLink.objects.filter(expires_at__lt=before)


def _not_held(rows: Rows) -> Rows:
    return rows.exclude(patient_id__in=identity.held_people())


def _delete_tree(row: Any) -> None:
    """Children first: their relations are protected, so that nothing else deletes them by accident."""
    for relation in row._meta.related_objects:
        for child in relation.related_model._default_manager.filter(**{relation.field.name: row}):
            _delete_tree(child)
    row.delete()


RULES = (
    # § 630f (3) BGB: patient files are kept for ten years after the end of the treatment.
    Rule(
        name="cases.ended",
        days=3653,
        notice_days=30,
        basis="ten years after the end: § 630f (3) BGB",
        remove=remove_case,
        find=_ended,
    ),
    Rule(
        name="cases.drafts",
        days=180,
        notice_days=14,
        basis="expired before anybody worked on it",
        remove=remove_case,
        find=_drafts,
    ),
    Rule(
        name="cases.original_links",
        days=1,
        basis="ended a minute after they were made; openings stand in the audit",
        find=_original_links,
    ),
)
