"""Uploaded files and what was read in them. Bytes lie encrypted in the document storage, under random keys."""

from typing import ClassVar

from django.db import models

from cases.domain.workflow.state_machines import DOCUMENT, DocumentState
from cases.models.case import Case
from config.kernel.db import Entity, VersionedEntity
from config.kernel.db.states import StateField
from config.kernel.labels import label


class Document(VersionedEntity):
    """One uploaded file with its pipeline state.

    ``kind`` is a key of ``domain.document_words.TITLES`` or imaging, empty when the text does not tell. ``doubts``
    are codes, separated by commas, of what speaks against the patient or the side of the body. A document with
    doubts is accepted by two people: ``release_begun_by`` and, after that, ``confirmed_by``. While a document is read,
    ``step`` is where that is, with ``step_done`` of ``step_total`` pages; the total is 0 while nobody knows it.
    ``reader_version`` is the reader that the reading is from; 0 before readers had numbers.
    """

    sealed_for: ClassVar[str] = "patient_id"

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="documents")
    patient_id = models.UUIDField()
    uploaded_by = models.UUIDField()
    state = StateField(DOCUMENT, max_length=12)
    name_sealed = models.BinaryField()
    media_type = models.CharField(max_length=40)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    storage_key = models.CharField(max_length=200)
    scanner = models.CharField(max_length=40, blank=True)
    verdict = models.CharField(max_length=10, blank=True)
    identity_match = models.CharField(max_length=12, blank=True)
    page_count = models.PositiveIntegerField(default=0)
    reading_sealed = models.BinaryField(null=True)
    advice = models.CharField(max_length=300, blank=True)
    confirmed_by = models.UUIDField(null=True)
    kind = models.CharField(max_length=20, blank=True)
    kind_confidence = models.FloatField(null=True)
    doubts = models.CharField(max_length=80, blank=True)
    facts_sealed = models.BinaryField(null=True)
    deidentified_sealed = models.BinaryField(null=True)
    release_begun_by = models.UUIDField(null=True)
    release_reasons_sealed = models.BinaryField(null=True)
    step = models.CharField(max_length=12, blank=True)
    step_done = models.PositiveIntegerField(default=0)
    step_total = models.PositiveIntegerField(default=0)
    reader_version = models.PositiveSmallIntegerField(default=0, db_default=0)

    class Meta(VersionedEntity.Meta):
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["case", "sha256"],
                # A file that was refused or taken back may be sent again.
                condition=~models.Q(state__in=[DocumentState.REJECTED.value, DocumentState.WITHDRAWN.value]),
                name="cases_document_once_a_case",
            )
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["patient_id", "-id"], name="cases_document_patient"),
            # By what staff filter their list.
            *(
                models.Index(fields=[field, "-id"], name=f"cases_document_{short}")
                for field, short in (
                    ("state", "state"),
                    ("identity_match", "match"),
                    ("verdict", "verdict"),
                    ("media_type", "type"),
                )
            ),
        ]

    def __str__(self) -> str:
        return f"{label(self.media_type)} {self.id}"


class DocumentPage(Entity):
    """A page's picture and thumbnail in the storage; its text is in the document's sealed reading.

    Of a DICOM frame, ``frame_key`` names the measured values: little endian, packed with zlib, then sealed.
    """

    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="pages")
    number = models.PositiveIntegerField()
    image_key = models.CharField(max_length=200, blank=True)
    thumbnail_key = models.CharField(max_length=200, blank=True)
    frame_key = models.CharField(max_length=200, blank=True)

    class Meta(Entity.Meta):
        ordering: ClassVar[list[str]] = ["number"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["document", "number"], name="cases_page_number")
        ]

    def __str__(self) -> str:
        return f"page {self.number}"


class RetiredFile(Entity):
    """A stored file that no row names any more: deleted after ``discard_after``. Or, ``awaited``, not yet: kept if by
    then one does.
    """

    not_personal: ClassVar[str] = "names of stored files that wait for their deletion"
    storage_key = models.CharField(max_length=200, unique=True)
    discard_after = models.DateTimeField(db_index=True)
    awaited = models.BooleanField(default=False)

    def __str__(self) -> str:
        return f"retired file {self.id}"


class OriginalLink(Entity):
    """A link to an original file: for the account and the client that asked for it, for a minute, opened once."""

    personal_to: ClassVar[tuple[str, ...]] = ("user_id",)
    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="links")
    user_id = models.UUIDField()
    session_id = models.UUIDField(null=True)
    session_version = models.PositiveIntegerField()
    token_hash = models.BinaryField(unique=True, max_length=32)
    client_hash = models.BinaryField(max_length=32)
    expires_at = models.DateTimeField(db_index=True)
    opened_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"link {self.id}"
