"""Rows of cases, for what no service makes: what other contexts told, states without the time that they take."""

import factory
from factory.django import DjangoModelFactory

from cases.models import (
    Archive,
    Assignment,
    BreakGlass,
    Case,
    ChecklistItem,
    Clarification,
    Document,
    DocumentPage,
    FindingProjection,
    FirstRead,
    Job,
    Offer,
    Opinion,
    RecordRequest,
    ReportRecheck,
    Rereading,
)
from cases.queries.sealed_contents import place
from config.kernel.crypto import seal_text
from config.kernel.db import uuid7
from identity import services as identity
from tests.factories.values import from_now, other_id


class DocumentFactory(DjangoModelFactory[Document]):
    """A document of ``patient_id``, as reading leaves it, without the time that reading takes.

    ``name`` is sealed under its owner's key; content there is none.
    """

    class Meta:
        model = Document

    class Params:
        name = "letter.txt"

    id = factory.LazyFunction(uuid7)
    uploaded_by = factory.SelfAttribute("patient_id")
    name_sealed = factory.LazyAttribute(
        lambda row: seal_text(identity.data_key(subject_id=row.patient_id), place("document", "name", row.id), row.name)
    )
    state, verdict = "ACCEPTED", "complete"
    media_type, size = "text/plain", 10
    sha256 = factory.Sequence("{:064x}".format)
    storage_key = "original/00/" + "0" * 64


class DocumentPageFactory(DjangoModelFactory[DocumentPage]):
    """A page of ``document`` that has no picture."""

    class Meta:
        model = DocumentPage

    number = 1


class ArchiveFactory(DjangoModelFactory[Archive]):
    """An archive that is not unpacked yet."""

    class Meta:
        model = Archive

    patient_id = other_id("owner of an archive")
    uploaded_by = factory.SelfAttribute("patient_id")
    size = 1


class CaseFactory(DjangoModelFactory[Case]):
    """A case of ``patient_id`` that says nothing, in any state, without the way there."""

    class Meta:
        model = Case

    reference = factory.Sequence("{}".format)
    title_sealed = intake_sealed = b""


class BreakGlassFactory(DjangoModelFactory[BreakGlass]):
    """An emergency access that is open for an hour."""

    class Meta:
        model = BreakGlass

    reason_sealed = b""
    ends_at = from_now(hours=1)


class OfferFactory(DjangoModelFactory[Offer]):
    """An offer of a case that waits for its answer for a day."""

    class Meta:
        model = Offer

    professional_id = other_id("professional of an offer")
    user_id = other_id("user of an offer")
    offered_by = other_id("who offered a case")
    expires_at = from_now(days=1)


class AssignmentFactory(DjangoModelFactory[Assignment]):
    """A case in the hands of a specialist."""

    class Meta:
        model = Assignment

    professional_id = other_id("professional of an assignment")
    user_id = other_id("user of an assignment")
    coi_attestation = factory.Dict({})
    legal_rule = "R1"


class OpinionFactory(DjangoModelFactory[Opinion]):
    """A draft that says nothing."""

    class Meta:
        model = Opinion

    author_id = other_id("author of an opinion")
    professional_id = other_id("professional of an opinion")
    content_sealed = b"sealed"


class FirstReadFactory(DjangoModelFactory[FirstRead]):
    """That ``user_id`` has sealed a first read."""

    class Meta:
        model = FirstRead

    content_sealed = b""


class ClarificationFactory(DjangoModelFactory[Clarification]):
    """A question that is due now."""

    class Meta:
        model = Clarification

    asked_by = other_id("who asked")
    question_sealed = b"sealed"
    due_at = from_now()


class RecordRequestFactory(DjangoModelFactory[RecordRequest]):
    """Records that somebody was asked for."""

    class Meta:
        model = RecordRequest

    requested_by = other_id("who asked for records")
    recipient_sealed = items_sealed = b""
    due_at = from_now(days=3)


class ChecklistItemFactory(DjangoModelFactory[ChecklistItem]):
    """A record that a case needs."""

    class Meta:
        model = ChecklistItem

    code = factory.Sequence("record-{}".format)
    title_sealed = b""


class FindingProjectionFactory(DjangoModelFactory[FindingProjection]):
    """A finding of analysis that nobody has decided on."""

    class Meta:
        model = FindingProjection

    finding_id = other_id("finding")
    case_id = other_id("case of a finding")


class JobFactory(DjangoModelFactory[Job]):
    """A job that waits."""

    class Meta:
        model = Job

    class Params:
        dead = factory.Trait(state="DEAD")

    kind = "cases.sweep"
    subject_id = other_id("subject of a job")


class ReportRecheckFactory(DjangoModelFactory[ReportRecheck]):
    """A signed report at which the medical director is asked to look again."""

    class Meta:
        model = ReportRecheck

    document_id = other_id("document of a recheck")
    cause, values = "critical_value", 1


class RereadingFactory(DjangoModelFactory[Rereading]):
    """An accepted document that was read again and looks less like the patient's: staff are asked."""

    class Meta:
        model = Rereading

    document = factory.SubFactory(DocumentFactory)
    patient_id = factory.SelfAttribute("document.patient_id")
    state = "ASKED"
    former_version, reader_version = 0, 1
    identity_match = "name_only"
