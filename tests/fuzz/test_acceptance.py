"""What the OpenAPI document allows is taken: no request that it describes is refused for its form.

A sample of the operations in ``make test``; ``SOP_ACCEPTED`` sets how many requests go to every operation instead.
"""

from __future__ import annotations

import json
import os
from typing import Any

import pytest
from schemathesis import GenerationMode

from tests.fuzz.attack import Attack, described
from tests.fuzz.test_api_fuzz import _one_transaction

pytestmark = pytest.mark.django_db
__all__ = ["_one_transaction"]
MANY = int(os.environ.get("SOP_ACCEPTED", "0"))
# Each asks its parameters, bodies or headers for something of its own.
SAMPLE = {
    "GET /api/v1/cases",
    "GET /api/v1/audit",
    "GET /api/v1/professionals/{professional_id}/stats",
    "GET /api/v1/cases/{case_id}/dicomweb/series",
    "GET /api/v1/cases/{case_id}/dicomweb/studies/{study}/series/{series}/instances/{instance}/rendered",
    "GET /api/v1/cases/{case_id}/report.pdf",
    "PUT /api/v1/cases/{case_id}",
    "POST /api/v1/analysis/findings/{finding_id}/decision",
    "POST /api/v1/cases/{case_id}/peer-review",
    "POST /api/v1/report-verifications",
    "DELETE /api/v1/documents/tus/{upload_id}",
    "POST /api/v1/notifications/send",
}
# Whether one may, whether it is there, and whether it goes together with what is there: no document says that.
OF_STATE = {401, 403, 404, 409, 410, 412, 422, 423, 429}
# Refused for what the words mean: of one operation, or by a problem's code wherever it is met.
MEANING = {
    "link_invalid": "a secret that nobody was sent",
    "challenge_invalid": "a challenge that nobody was given",
    "code_wrong": "a code that no device shows",
    "record_unfit": "a record that cannot be read as one",
    "header_invalid": "base64 of bytes that are no UTF-8",
    "parse_error": "a NUL somewhere in an object whose members are free",
    "form_invalid": "bytes that are no form",
    "zone_missing": "an instant that the generator writes without its zone",
}
MEANT = {
    "#/password": "made of one's name, or among those that everybody uses",
    "#/date_of_birth": "a day to come, or of nobody alive",
    "#/ends_at": "an end that is over, or too far",
    "#/text_version": "another wording than the one in force",
    "#/recipient": "nobody to ask, where the case names nobody either",
    "#/endpoint": "no address of a push service",
    "#/keys/p256dh": "no point of the curve",
    "#/keys/auth": "no secret of sixteen bytes",
    "#/token": "no token of the provider",
    "?free_from": "a span without its other end",
    "?free_to": "a span that ends before it begins, or is longer than 31 days",
    "?patient": "left out, where a search of this kind is of somebody",
    "?case": "left out, where a search of this kind is of a case",
    "?_id": "left out, where a search of this kind is of somebody",
}
NOT_FORMS = {
    "POST /api/v1/cases/{case_id}/dicomweb/studies": "multipart/related needs its boundary, which OpenAPI cannot say",
}


class Accepted(Attack):
    """Keeps what was refused for its form."""

    def send(self, name: str, case: Any) -> None:
        response = self.answer(case)
        self.sent[response.status_code] += 1
        status = response.status_code
        if status < 400 or status in OF_STATE or name in NOT_FORMS:
            return
        told = json.loads(response.content)
        wrong = [one for one in told.get("errors", ()) if not _is_meant(one["pointer"], name)]
        if told["code"] not in MEANING and (wrong or not told.get("errors")):
            self.faults.setdefault(f"{name} {status}", f"{wrong or told}\n{case.query} {case.headers} {case.body!r}")


def _is_meant(pointer: str, name: str) -> bool:
    return pointer in MEANT or (pointer.startswith("#/answers/") and name.endswith("/intake"))


@pytest.mark.parametrize("role", ["PO", "PA", "SA"] if MANY else ["PO"])
def test_what_the_document_allows_is_not_refused_for_its_form(role: str, settings: Any) -> None:
    settings.API_DOCUMENTATION_OPEN = True
    settings.RATE_LIMITS_SCALE = 1_000_000
    attack = Accepted(role, [])
    for number, found in enumerate(described().get_all_operations()):
        operation = found.ok()
        if MANY or f"{operation.method.upper()} {operation.path}" in SAMPLE:
            attack.on(operation, mode=GenerationMode.POSITIVE, examples=MANY or 2, number=number)
    assert not attack.faults, attack.told()
    assert attack.sent.total() > len(SAMPLE)
    if MANY:
        print(f"{role}: {attack.sent.total()} requests, {dict(attack.sent)}")
