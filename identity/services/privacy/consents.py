"""Consent by purpose: granted to a published wording, withdrawn at any time, effective at once."""

from uuid import UUID

from django.db.models import QuerySet

from config.kernel.audit import record
from config.kernel.errors import FieldError, Invalid, NotFound
from config.kernel.outbox import publish
from identity.db import atomic, now
from identity.domain.consent_texts import PURPOSES, current_text, current_texts, text_of
from identity.events import ConsentGranted, ConsentWithdrawn
from identity.models import Consent, User
from identity.queries import merged_aliases
from identity.services.dto import ConsentDTO


def list_consents(*, patient_id: UUID) -> tuple[ConsentDTO, ...]:
    """Every purpose with its wording; the agreed one where it is agreed, else the current one."""
    rows = {row.purpose: row for row in Consent.objects.filter(patient_id=patient_id, withdrawn_at=None)}
    found = []
    for current in current_texts():
        row = rows.get(current.purpose)
        text = (text_of(row.purpose, row.text_version) if row else None) or current
        found.append(
            ConsentDTO(
                purpose=current.purpose,
                text_version=text.version,
                text=text.text,
                granted_at=row.granted_at if row else None,
            )
        )
    return tuple(found)


def grant_consent(*, patient_id: UUID, purpose: str, text_version: str) -> None:
    """Agree to the current wording of ``purpose``; agreeing twice changes nothing."""
    text = current_text(purpose)
    if text is None:
        raise _wrong("purpose", f"Purposes are {', '.join(PURPOSES)}.")
    if text.version != text_version:
        raise _wrong("text_version", f"The current wording is version {text.version}; show that one.")
    with atomic():
        # Two grants at once: the second waits here, and then sees the first.
        User.objects.select_for_update().only("id").get(id=patient_id)
        if Consent.objects.filter(patient_id=patient_id, purpose=purpose, withdrawn_at=None).exists():
            return
        Consent.objects.create(
            patient_id=patient_id, purpose=purpose, text_version=text.version, text_sha256=text.sha256
        )
        _note("consent.grant", patient_id, purpose)
        publish(ConsentGranted(aggregate_id=patient_id, purpose=purpose))


def withdraw_consent(*, patient_id: UUID, purpose: str) -> None:
    """Take a purpose back; whatever rests on it stops when it hears the event, and checks before each read.

    It counts for the accounts that were joined with this one, too: they are the same person's.
    """
    with atomic():
        given = Consent.objects.filter(purpose=purpose, withdrawn_at=None)
        people = [one for one in (patient_id, *merged_aliases(patient_id)) if _take_back(given, one)]
        if not people:
            raise NotFound("There is no such consent to withdraw.")
        for one in people:
            _note("consent.withdraw", one, purpose)
            publish(ConsentWithdrawn(aggregate_id=one, purpose=purpose))


def active_consents(*, patient_id: UUID) -> frozenset[str]:
    """The purposes that the patient agrees to now."""
    rows = Consent.objects.filter(patient_id=patient_id, withdrawn_at=None)
    return frozenset(rows.values_list("purpose", flat=True))


def _take_back(given: QuerySet[Consent], patient_id: UUID) -> int:
    return given.filter(patient_id=patient_id).update(withdrawn_at=now())


def _note(action: str, patient_id: UUID, purpose: str) -> None:
    record(
        context="identity",
        action=action,
        patient_id=patient_id,
        object_type="user",
        object_id=patient_id,
        detail={"purpose": purpose},
    )


def _wrong(field: str, detail: str) -> Invalid:
    return Invalid(detail, errors=[FieldError(f"#/{field}", "invalid", detail)])
