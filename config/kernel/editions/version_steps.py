"""The steps of a version. Each is audited in its own transaction; nobody publishes what they wrote."""

from typing import Any
from uuid import UUID

from django.db import IntegrityError

from config.kernel import clock
from config.kernel.audit import record
from config.kernel.auth import Principal
from config.kernel.auth.second_person import require_second_person
from config.kernel.db.context import ContextDatabase
from config.kernel.db.router import alias_of
from config.kernel.db.states import advance
from config.kernel.editions.kinds import Body, Kind
from config.kernel.editions.states import EditionState
from config.kernel.editions.versions_in_force import before, fingerprint, table_of
from config.kernel.errors import Conflict, FieldError, Forbidden, Invalid, NotFound, PreconditionFailed
from config.kernel.labels import label

LARGEST = 400_000


def start(*, kind: Kind, principal: Principal, code: str) -> UUID:
    """A draft of the next version, holding what counts now; returns its id."""
    person, code = _writer(kind, principal), code.strip()
    if code not in kind.codes() and not kind.fits_code(code):
        advice = kind.code_help or f"Choose one of: {', '.join(kind.codes())}."
        raise Invalid(advice, errors=[FieldError("#/code", "invalid", advice)])
    body = before(kind, code)
    body = kind.blank(code) if body is None else body
    rows = table_of(kind.context).objects
    with _atomic(kind):
        last = rows.filter(kind=kind.name, code=code).order_by("-number").first()
        if last is not None and last.state == EditionState.DRAFT:
            raise Conflict("There is a draft of it already; go on with that one.", code="draft_exists")
        number = last.number + 1 if last else 1
        writers, now = [str(person)], clock.now()
        try:
            with _atomic(kind):
                row = rows.create(kind=kind.name, code=code, number=number, body=body, writers=writers, written_at=now)
        except IntegrityError as error:
            raise Conflict("There is a draft of it already; go on with that one.", code="draft_exists") from error
        _note(kind, "edition.draft", row)
    return UUID(str(row.id))


def save(*, kind: Kind, principal: Principal, edition_id: UUID, version: int, body: Body, note: str) -> None:
    """Keep what was written so far, right or not; ``PreconditionFailed`` when somebody else wrote in between."""
    person = _writer(kind, principal)
    if len(str(body)) > LARGEST:
        raise Invalid(f"This is too long; {LARGEST} characters fit.")
    with _atomic(kind):
        row = _draft(kind, edition_id, version)
        row.body, row.note, row.written_at = body, note.strip()[:300], clock.now()
        row.writers = sorted({*row.writers, str(person)})
        row.version += 1
        row.save()
        _note(kind, "edition.write", row)


def publish(*, kind: Kind, principal: Principal, edition_id: UUID, version: int) -> None:
    """Put the draft in force, in place of the version before it. Not by anybody who wrote in it."""
    person = _writer(kind, principal)
    with _atomic(kind):
        row = _draft(kind, edition_id, version)
        require_second_person(
            person, not_one_of=row.writers, why="A second person publishes what you wrote.", code="second_person"
        )
        _require_publisher(kind, principal, row.body)
        problems = tuple(kind.check(row.code, row.body))
        if problems:
            told = [FieldError(f"#/{one.where}", "invalid", one.advice) for one in problems]
            raise Invalid(f"{len(problems)} problem(s) first: {problems[0].advice}", errors=told)
        if row.body == before(kind, row.code):
            raise Conflict("It says what counts already; there is nothing to publish.", code="unchanged")
        older = (
            table_of(kind.context).objects.filter(kind=kind.name, code=row.code, state=EditionState.PUBLISHED).first()
        )
        if older is not None:
            _end(older, person, f"Followed by version {row.number}.")
        signed = {"sha256": fingerprint(row.body), "published_by": person, "published_at": clock.now()}
        advance(row, EditionState.PUBLISHED, version=row.version + 1, **signed)
        kind.published(row.code, row.number, row.body, person)
        _note(kind, "edition.publish", row)


def retire(*, kind: Kind, principal: Principal, edition_id: UUID, reason: str) -> None:
    """Take a published version out of force; what the release brings counts again. The reason is kept."""
    person = _writer(kind, principal)
    if not reason.strip():
        raise Invalid("Say why it is retired.", errors=[FieldError("#/reason", "required", "Say why it is retired.")])
    with _atomic(kind):
        row = table_of(kind.context).objects.select_for_update().filter(id=edition_id, kind=kind.name).first()
        if row is None or row.state != EditionState.PUBLISHED:
            raise Conflict("Only a published version is retired.", code="not_published")
        _end(row, person, reason.strip())
        kind.retired(row.code, row.number, row.body, person)
        _note(kind, "edition.retire", row)


def discard(*, kind: Kind, principal: Principal, edition_id: UUID) -> None:
    """Give a draft up; it stays readable."""
    _writer(kind, principal)
    with _atomic(kind):
        row = _draft(kind, edition_id, None)
        advance(row, EditionState.DISCARDED, version=row.version + 1)
        _note(kind, "edition.discard", row)


def _end(row: Any, person: UUID, reason: str) -> None:
    why = {"retired_by": person, "retired_at": clock.now(), "retired_because": reason[:300]}
    advance(row, EditionState.RETIRED, version=row.version + 1, **why)


def _draft(kind: Kind, edition_id: UUID, version: int | None) -> Any:
    row = table_of(kind.context).objects.select_for_update().filter(id=edition_id, kind=kind.name).first()
    if row is None:
        raise NotFound("There is no such version.")
    if row.state != EditionState.DRAFT:
        raise Conflict("Only a draft can be changed; begin a new version.", code="not_a_draft")
    if version is not None and version != row.version:
        raise PreconditionFailed("Somebody else changed the draft in the meantime; load it again.")
    return row


def _writer(kind: Kind, principal: Principal) -> UUID:
    if not principal.has(*kind.writers):
        raise Forbidden(f"Written by: {', '.join(sorted(kind.writers))}.", code="role_forbidden")
    return principal.require_user_id()


def _require_publisher(kind: Kind, principal: Principal, body: Body) -> None:
    named = kind.publishers(body)
    if named is not None and not principal.has(*named):
        told = ", ".join(label(one).lower() for one in sorted(named))
        raise Forbidden(f"What it says is put in force by: {told}.", code="publisher_forbidden")


def _atomic(kind: Kind) -> Any:
    return ContextDatabase(alias_of(kind.context)).atomic()


def _note(kind: Kind, action: str, row: Any) -> None:
    detail = {"kind": kind.name, "code": row.code, "number": row.number}
    record(context=kind.context, action=action, object_type="edition", object_id=row.id, detail=detail)
