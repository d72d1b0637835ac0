"""Writing, finishing and signing the opinion."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST

from cases.services import casefile
from cases.services import opinion as opinion_service
from config.kernel.api import json_response
from config.kernel.api.json_texts import bounded_json
from config.kernel.errors import DomainError, Invalid, NotFound
from identity import services as identity
from professionals.dashboard.pages import caller, data, page, show_page, status_of
from professionals.dashboard.words import HEADINGS, LABELS

TEXTS = (
    "summary",
    "diagnosis_reason",
    "diagnosis_settled_by",
    "treatment_reason",
    "treatment_settled_by",
    "plan",
    "do_nothing",
    "confidence_would_change",
    "red_flags",
    "further_tests",
    "limitations",
    "references",
    "plain_language",
)
CODES = ("diagnosis_agreement", "treatment_agreement", "clinical_impact")


@require_http_methods(["PUT"])
@data
def save(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Autosave: the whole form with the version it was read in; another window's change is a 412.

    A page that found no draft sends version 0; the draft that its first save makes begins at version 1.
    """
    try:
        body = bounded_json(request.body)
        version = int(body["version"])
        fields = dict(body["fields"])
    except Invalid as error:
        raise Invalid(error.detail, code="form_invalid") from error
    except (KeyError, TypeError, ValueError) as error:
        raise Invalid("Send version and fields as JSON.", code="form_invalid") from error
    draft = opinion_service.save_draft(
        principal=caller(), case_id=case_id, content=content_of(fields), expected_version=version or 1
    )
    return json_response({"version": draft.version})


@require_POST
@page
def finish(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Freeze the draft; what is missing is said on the workspace, next to the button.

    By a redirect, so that reloading the page does not finish the opinion.
    """
    try:
        opinion_service.submit_opinion(principal=caller(), case_id=case_id)
    except NotFound:
        raise
    except DomainError as error:
        messages.error(request, error.detail)
        return redirect(f"/dashboard/cases/{case_id}#finish-refusal")
    return redirect(f"/dashboard/cases/{case_id}/sign")


@require_http_methods(["GET", "POST"])
@page
def sign(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Read what was approved once more, and sign exactly that, with a fresh second factor."""
    refusal, status = None, 200
    if request.method == "POST":
        try:
            if not caller().stepped_up():
                identity.step_up_browser(request=request, code=request.POST.get("code", ""))
            opinion_service.sign_opinion(
                principal=caller(), case_id=case_id, content_hash=request.POST.get("content_hash", "")
            )
            return redirect(f"/dashboard/cases/{case_id}#signed")
        except DomainError as error:
            refusal, status = error, status_of(error)
    draft = opinion_service.get_draft(principal=caller(), case_id=case_id)
    case = casefile.get_case(principal=caller(), case_id=case_id)
    context = {
        "case": case,
        **read_only(case, draft),
        "fresh": caller().stepped_up(),
        "refusal": refusal,
    }
    return show_page(request, "dashboard/sign.html", context, status=status)


def read_only(case: casefile.CaseDTO, opinion: opinion_service.OpinionDTO) -> dict[str, Any]:
    """An opinion as a page shows it to somebody who reads it from top to bottom."""
    content = opinion.content
    return {
        "opinion": opinion,
        "answers": _answered(case, content),
        "codes": [(HEADINGS[name], LABELS.get(str(content.get(name)), "")) for name in CODES],
        "texts": [(HEADINGS[name], content.get(name)) for name in TEXTS if content.get(name)],
    }


def content_of(fields: dict[str, Any]) -> dict[str, Any]:
    """The opinion's content from flat form fields; an empty field is an empty text, never a default."""
    content: dict[str, Any] = {name: str(fields.get(name, "")) for name in TEXTS}
    content |= {name: fields[name] for name in CODES if fields.get(name)}
    confidence = str(fields.get("confidence", ""))
    if confidence.isascii() and confidence.isdigit():
        content["confidence"] = int(confidence)
    content["restated_diagnosis"] = {
        "text": str(fields.get("restated_text", "")),
        "icd10": str(fields.get("restated_icd10", "")).strip().upper(),
    }
    content["answers"] = [_answer(fields, number) for number in range(1, 11) if f"answer_{number}" in fields]
    content["alternatives"] = _pairs(fields, "alternative", ("title", "description"))
    content["documents_not_seen"] = _pairs(fields, "not_seen", ("name", "could_change"))
    return content


def _answer(fields: dict[str, Any], number: int) -> dict[str, Any]:
    text = str(fields.get(f"answer_{number}", ""))
    if fields.get(f"cannot_{number}"):
        return {"question": number, "cannot_answer": True, "cannot_answer_reason": text}
    return {"question": number, "answer": text}


def _pairs(fields: dict[str, Any], name: str, keys: tuple[str, str]) -> list[dict[str, str]]:
    first, second = (str(fields.get(f"{name}_{key}", "")).strip() for key in keys)
    return [{keys[0]: first, keys[1]: second}] if first or second else []


def _answered(case: casefile.CaseDTO, content: Any) -> list[dict[str, Any]]:
    given = {answer.get("question"): answer for answer in content.get("answers", ())}
    return [dict(given.get(n, {})) | {"number": n, "question": text} for n, text in case.questions]
