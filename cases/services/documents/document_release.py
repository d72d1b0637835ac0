"""Two people for a document that something speaks against."""

from cases.models import Document
from cases.queries.sealed_contents import place
from config.kernel.audit import record
from config.kernel.auth import Principal
from config.kernel.auth.second_person import is_second_person
from config.kernel.crypto import open_json, seal_json
from config.kernel.errors import Conflict
from identity import services as identity


def released_twice(document: Document, principal: Principal, reason: str) -> bool:
    """Keep this person's reason; whether somebody else released the document before."""
    key = identity.data_key(subject_id=document.patient_id)
    where, first = place("document", "release_reasons", document.id), document.release_begun_by
    if not is_second_person(principal.user_id, not_one_of=(first,)):
        raise Conflict("You released it already; a second person must do so too.", code="second_person_needed")
    reasons = open_json(key, where, document.release_reasons_sealed) if document.release_reasons_sealed else []
    document.release_reasons_sealed = seal_json(key, where, [*reasons, {"by": str(principal.user_id), "why": reason}])
    record(
        context="cases",
        action="document.release",
        patient_id=document.patient_id,
        object_type="document",
        object_id=document.id,
        detail={"doubts": document.doubts, "person": 1 if first is None else 2},
    )
    if first is None:
        document.release_begun_by, document.version = principal.user_id, document.version + 1
        document.save()
        return False
    return True
