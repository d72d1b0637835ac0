"""RFC 9457 problem documents: the one place where an error becomes HTTP."""

from collections.abc import Iterator, Mapping
from typing import Any

import orjson
import structlog
from django.core.exceptions import (
    BadRequest,
    PermissionDenied,
    RequestDataTooBig,
    TooManyFieldsSent,
    TooManyFilesSent,
)
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpResponse
from django.http.multipartparser import MultiPartParserError
from rest_framework import exceptions as drf

from config.kernel import errors
from config.kernel.conf import setting
from config.kernel.crypto import KeyDestroyed
from config.kernel.db.circuit import Refused
from config.kernel.observability.correlation import correlation_id

MEDIA_TYPE = "application/problem+json"
# The status that tus gives to bytes whose sum is another (its extension "checksum"); HTTP itself has none.
CHECKSUM_MISMATCH = 460
STATUS: Mapping[type[errors.DomainError], int] = {
    errors.Invalid: 400,
    errors.UnknownChoice: 422,
    errors.Unauthenticated: 401,
    errors.Forbidden: 403,
    errors.NotFound: 404,
    errors.Conflict: 409,
    errors.PreconditionFailed: 412,
    errors.TooLarge: 413,
    errors.UnsupportedMedia: 415,
    errors.Unprocessable: 422,
    errors.Locked: 423,
    errors.PreconditionRequired: 428,
    errors.TooMany: 429,
    errors.Unavailable: 503,
}
TITLES = {
    400: "The request is not valid",
    401: "Not signed in",
    403: "Not allowed",
    404: "Not found",
    405: "Method not allowed",
    406: "Not acceptable",
    409: "Not possible in the present state",
    410: "Erased",
    412: "Changed in the meantime",
    413: "Too large",
    415: "Unsupported media type",
    422: "Cannot be carried out as asked",
    423: "Locked",
    428: "Version required",
    429: "Too many requests",
    CHECKSUM_MISMATCH: "Checksum mismatch",
    500: "Internal error",
    503: "Unavailable for now",
}
# Of more wrong fields than anybody reads, the first are named and all are counted.
MAX_FIELD_ERRORS = 50

log = structlog.get_logger(__name__)


def problem_response(
    status: int,
    code: str,
    detail: str,
    *,
    extra: Mapping[str, Any] | None = None,
    field_errors: list[dict[str, str]] | None = None,
    headers: Mapping[str, str] | None = None,
) -> HttpResponse:
    """A problem document; ``type`` is a stable URN of the code, ``detail`` says what to change."""
    body: dict[str, Any] = {
        "type": f"urn:sop:problem:{code}",
        "title": TITLES.get(status, "Error"),
        "status": status,
        "code": code,
        "detail": detail,
        "request_id": correlation_id(),
        **(extra or {}),
    }
    if field_errors:
        body["errors"] = field_errors[:MAX_FIELD_ERRORS]
        if len(field_errors) > MAX_FIELD_ERRORS:
            body["error_count"] = len(field_errors)
    response = HttpResponse(orjson.dumps(body, default=str), status=status, content_type=MEDIA_TYPE)
    response["Cache-Control"] = "no-store"
    for name, value in (headers or {}).items():
        response[name] = value
    return response


def from_exception(error: Exception) -> HttpResponse | None:
    """The problem document of a known error; ``None`` for one that is ours to mend."""
    if isinstance(error, errors.DomainError):
        return _from_domain(error)
    if isinstance(error, drf.APIException):
        return _from_drf(error)
    if isinstance(error, Http404):
        return problem_response(404, "not_found", "There is no such object for you.")
    if isinstance(error, PermissionDenied):
        return problem_response(403, "forbidden", "Your role does not allow this.")
    if isinstance(error, RequestDataTooBig):
        return problem_response(413, "too_large", "The body is larger than this end point accepts (1 MB).")
    if isinstance(error, TooManyFieldsSent | TooManyFilesSent | BadRequest | MultiPartParserError):
        return problem_response(400, "form_invalid", form_fault(error))
    if isinstance(error, KeyDestroyed):
        return problem_response(410, "erased", "What was kept about this person has been erased for good.")
    if isinstance(error, OperationalError | InterfaceError):
        if not isinstance(error.__cause__, Refused):  # that it is silent was said when it was met
            log.error("database_unavailable", exc_info=error)
        retry = {"Retry-After": "5"}
        return problem_response(503, "unavailable", "The database does not answer; try again.", headers=retry)
    return None


def form_fault(error: Exception) -> str:
    """What to change of a request that the framework refused before any view read it."""
    if isinstance(error, TooManyFieldsSent):
        return f"The form has more than {setting('DATA_UPLOAD_MAX_NUMBER_FIELDS')} fields; send fewer."
    if isinstance(error, TooManyFilesSent):
        return "The form has too many files; send them one by one."
    return "The request is broken; send it again."


def unexpected(error: Exception) -> HttpResponse:
    """The answer to a fault of ours: logged with its trace, told without it."""
    log.error("unhandled_error", exc_info=error)
    return problem_response(500, "internal", "Something went wrong on our side; it has been recorded.")


def drf_handler(error: Exception, context: dict[str, Any]) -> HttpResponse:
    """Django REST framework's exception handler."""
    return from_exception(error) or unexpected(error)


def _from_domain(error: errors.DomainError) -> HttpResponse:
    status = next(STATUS[cls] for cls in type(error).__mro__ if cls in STATUS)
    headers: dict[str, str] = {}
    if isinstance(error, errors.TooMany | errors.Unavailable):
        headers["Retry-After"] = str(error.retry_after)
    if isinstance(error, errors.Unauthenticated):
        headers["WWW-Authenticate"] = 'Bearer realm="api"'
    fields = [vars(f) for f in error.errors] if isinstance(error, errors.Invalid | errors.Unprocessable) else None
    return problem_response(status, error.code, error.detail, extra=error.extra, field_errors=fields, headers=headers)


def _from_drf(error: drf.APIException) -> HttpResponse:
    if isinstance(error, drf.ValidationError):
        fields = list(_flatten(error.get_full_details(), "#"))
        detail = f"{len(fields)} field(s) need a change; see errors."
        return problem_response(400, "invalid", detail, field_errors=fields)
    codes = error.get_codes()
    code = codes if isinstance(codes, str) else error.default_code
    return problem_response(error.status_code, code, str(error.detail))


def _flatten(details: Any, pointer: str) -> Iterator[dict[str, str]]:
    if isinstance(details, list):
        for index, item in enumerate(details):
            leaf = isinstance(item, Mapping) and set(item) == {"message", "code"}
            yield from _flatten(item, pointer if leaf else f"{pointer}/{index}")
    elif isinstance(details, Mapping) and set(details) == {"message", "code"} and isinstance(details["code"], str):
        yield {"pointer": pointer, "code": details["code"], "detail": str(details["message"])}
    elif isinstance(details, Mapping):
        for key, item in details.items():
            yield from _flatten(item, pointer if key == "non_field_errors" else f"{pointer}/{key}")
