"""Templates as those see them who read, write, publish and try them: one draft and one published version of each."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from config.kernel import editions
from config.kernel.audit import record
from config.kernel.auth import Principal
from config.kernel.editions import Body
from config.kernel.editions.kinds import STAFF_WRITERS
from config.kernel.editions.states import EditionState
from config.kernel.errors import Conflict, FieldError, Forbidden, Invalid, NotFound, PreconditionRequired
from config.kernel.plain_lines import require_plain_line
from notifications.db import atomic
from notifications.domain.categories import Category
from notifications.domain.mail_texts import LANGUAGES
from notifications.domain.template_bodies import CHANNELS, WITH_SUBJECT, field_names, texts_of, variables_of
from notifications.domain.template_values import samples, shape_of
from notifications.models import Edition
from notifications.services.outgoing import create_notice
from notifications.services.send.requests import SENDERS
from notifications.services.templates import Rendered, Template, render, template_in_force, template_of
from notifications.services.templates.editions import TEMPLATES, surroundings

NOTIFY = "notify"
Content = dict[str, dict[str, dict[str, str]]]


@dataclass(frozen=True, kw_only=True)
class TemplateDraftDTO:
    """A version that is being written. ``version`` counts its changes; ``faults`` stand against publishing it."""

    number: int
    version: int
    category: str
    variables: dict[str, str]
    texts: Content
    note: str
    writers: tuple[str, ...]
    written_at: datetime
    faults: tuple[FieldError, ...]


@dataclass(frozen=True, kw_only=True)
class TemplateDTO:
    """What is in force of a template (``version`` is empty before the first one), and its draft for who may write."""

    code: str
    version: int | None
    category: str
    variables: dict[str, str]
    texts: Content
    published_at: datetime | None
    draft: TemplateDraftDTO | None


@dataclass(frozen=True, kw_only=True)
class PreviewDTO:
    """One text as somebody would read it, or what stands against it."""

    channel: str
    language: str
    subject: str
    text: str
    faults: tuple[FieldError, ...]


def list_templates(*, principal: Principal) -> tuple[TemplateDTO, ...]:
    """Every template that is in force; for writers, those that are only drafts too."""
    _reader(principal)
    states = (EditionState.PUBLISHED, EditionState.DRAFT) if _writes(principal) else (EditionState.PUBLISHED,)
    by_code: dict[str, list[Any]] = {}
    for row in Edition.objects.filter(kind=TEMPLATES.name, state__in=states).order_by("code"):
        by_code.setdefault(row.code, []).append(row)
    with atomic():
        record(context="notifications", action="template.list", object_type="edition", object_id=None)
    return tuple(_dto(code, rows) for code, rows in by_code.items())


def get_template(*, principal: Principal, code: str) -> TemplateDTO:
    """What is in force, and for writers the draft."""
    _reader(principal)
    states = (EditionState.PUBLISHED, EditionState.DRAFT) if _writes(principal) else (EditionState.PUBLISHED,)
    rows = list(Edition.objects.filter(kind=TEMPLATES.name, code=code, state__in=states))
    if not rows:
        raise NotFound("There is no such template for you.")
    return _dto(code, rows)


def create_template(*, principal: Principal, code: str, content: Mapping[str, Any], note: str = "") -> TemplateDTO:
    """Begin a version of a new or known template with this content; ``Conflict`` while another one is being written."""
    require_plain_line("#/note", note)
    body = _body(content)
    with atomic():
        row_id = editions.start(kind=TEMPLATES, principal=principal, code=code)
        editions.save(kind=TEMPLATES, principal=principal, edition_id=row_id, version=1, body=body, note=note)
    return get_template(principal=principal, code=code.strip())


def write_template(
    *, principal: Principal, code: str, content: Mapping[str, Any], note: str = "", expected_version: int | None
) -> TemplateDTO:
    """Keep the draft as it is given, right or not. Where others wrote in it, the version read is named."""
    require_plain_line("#/note", note)
    body = _body(content)
    row = _draft(principal, code)
    version = _version(row, principal, expected_version)
    editions.save(kind=TEMPLATES, principal=principal, edition_id=row.id, version=version, body=body, note=note)
    return get_template(principal=principal, code=code)


def publish_template(*, principal: Principal, code: str, expected_version: int | None) -> TemplateDTO:
    """Put the draft in force: by somebody who wrote nothing in it, and who says which version they read."""
    row = _draft(principal, code)
    version = _version(row, principal, expected_version)
    editions.publish(kind=TEMPLATES, principal=principal, edition_id=row.id, version=version)
    return get_template(principal=principal, code=code)


def retire_template(*, principal: Principal, code: str, reason: str) -> None:
    """Take a template out of force. Campaigns that began keep their version; nothing new begins with it."""
    _writer(principal)
    require_plain_line("#/reason", reason)
    row = Edition.objects.filter(kind=TEMPLATES.name, code=code, state=EditionState.PUBLISHED).first()
    if row is None:
        raise Conflict("No version of it is in force.", code="not_published")
    editions.retire(kind=TEMPLATES, principal=principal, edition_id=row.id, reason=reason)


def preview_template(
    *, principal: Principal, code: str, values: Mapping[str, Any] | None = None
) -> tuple[PreviewDTO, ...]:
    """Every text of the draft, else of what is in force, with these values or invented ones. Nothing is sent."""
    template, _ = _tried(principal, code)
    given = _samples(template) if values is None else values
    return tuple(
        _previewed(template, channel, language, given)
        for channel, by_language in template.texts.items()
        for language in by_language
    )


def send_template_test(
    *, principal: Principal, code: str, values: Mapping[str, Any] | None = None, channels: tuple[str, ...] | None = None
) -> UUID:
    """Send the draft, else what is in force, to the caller alone, as it would go to anybody; the notice's id."""
    user_id = principal.require_user_id()
    if not principal.email_verified:
        raise Forbidden("Confirm your e-mail address first.", code="email_unverified")
    template, number = _tried(principal, code)
    body_problems = _problems(code, _content_body(template))
    given = _samples(template) if values is None else values
    wanted = tuple(channel for channel in template.texts if channels is None or channel in channels)
    faults = dict.fromkeys(body_problems)
    for channel in wanted:
        for language in template.texts[channel]:
            faults |= dict.fromkeys(_previewed(template, channel, language, given).faults)
    if faults:
        raise Invalid(f"{len(faults)} problem(s) first.", errors=list(faults))
    with atomic():
        notice = create_notice(
            user_id=user_id,
            category=Category(template.category),
            event_key=f"template-test:{uuid4()}",
            template=code,
            template_version=number,
            values=given,
            channels=wanted,
        )
        record(
            context="notifications",
            action="template.test",
            object_type="edition",
            object_id=None,
            detail={"code": code},
        )
    if notice is None:
        raise Conflict("This test was sent already.", code="sent")
    return notice.id


def _tried(principal: Principal, code: str) -> tuple[Template, int]:
    _writer(principal)
    row = Edition.objects.filter(kind=TEMPLATES.name, code=code, state=EditionState.DRAFT).first()
    if row is not None:
        return template_of(code, row.number, row.body), row.number
    found = template_in_force(code=code)
    if found is None:
        raise NotFound("There is no such template.")
    return found, found.version


def _previewed(template: Template, channel: str, language: str, values: Mapping[str, Any]) -> PreviewDTO:
    try:
        shown = render(template=template, channel=channel, language=language, values=values)
        faults: tuple[FieldError, ...] = ()
    except Invalid as refusal:
        shown = Rendered(subject="", text="", language=language)
        faults = tuple(refusal.errors) or (FieldError("#", "invalid", refusal.detail),)
    return PreviewDTO(channel=channel, language=language, subject=shown.subject, text=shown.text, faults=faults)


def _samples(template: Template) -> dict[str, Any]:
    found: dict[str, Any] = samples(shape_of(template.variables)[0], surroundings())
    return found


def _dto(code: str, rows: list[Any]) -> TemplateDTO:
    published = next((row for row in rows if row.state == EditionState.PUBLISHED), None)
    draft = next((row for row in rows if row.state == EditionState.DRAFT), None)
    body = published.body if published else {}
    return TemplateDTO(
        code=code,
        version=published.number if published else None,
        category=str(body.get("category") or ""),
        variables=variables_of(str(body.get("variables") or ""))[0],
        texts=_texts(body),
        published_at=published.published_at if published else None,
        draft=_draft_dto(draft) if draft else None,
    )


def _draft_dto(row: Any) -> TemplateDraftDTO:
    return TemplateDraftDTO(
        number=row.number,
        version=row.version,
        category=str(row.body.get("category") or ""),
        variables=variables_of(str(row.body.get("variables") or ""))[0],
        texts=_texts(row.body),
        note=row.note,
        writers=tuple(row.writers),
        written_at=row.written_at,
        faults=_problems(row.code, row.body),
    )


def _problems(code: str, body: Body) -> tuple[FieldError, ...]:
    return tuple(FieldError(_pointer(one.where), "invalid", one.advice) for one in TEMPLATES.check(code, body))


def _pointer(field: str) -> str:
    """Where a field of the body stands in what is sent: ``#/texts/email/en/subject``."""
    if field not in field_names() or field in {"category", "variables"}:
        return f"#/{field}"
    channel, part, language = field.rsplit("_", 2)
    return f"#/texts/{channel}/{language}/{part}"


def _texts(body: Body) -> Content:
    return {
        channel: {
            language: {"subject": words.subject, "text": words.text}
            if channel in WITH_SUBJECT
            else {"text": words.text}
            for language, words in by_language.items()
        }
        for channel, by_language in texts_of(body).items()
    }


def _content_body(template: Template) -> Body:
    content = {
        "category": template.category,
        "variables": dict(template.variables),
        "texts": {
            channel: {
                language: {"text": words.text} | ({"subject": words.subject} if channel in WITH_SUBJECT else {})
                for language, words in by_language.items()
            }
            for channel, by_language in template.texts.items()
        },
    }
    return _body(content)


def _body(content: Mapping[str, Any]) -> Body:
    """The body of a version; what it could not hold is refused, so that nothing is lost silently."""
    faults = [_unknown(name) for name in content if name not in {"category", "variables", "texts"}]
    variables, texts = content.get("variables") or {}, content.get("texts") or {}
    if not isinstance(variables, Mapping) or not all(isinstance(kind, str) for kind in variables.values()):
        faults.append(FieldError("#/variables", "invalid", "Give an object: name and type of each."))
        variables = {}
    faults += [
        FieldError("#/variables", "invalid", "A name is one line without a colon.")
        for name in variables
        if ":" in name or len(name.splitlines()) != 1
    ]
    body: Body = dict.fromkeys(field_names(), "")
    body["category"] = str(content.get("category") or "")
    body["variables"] = "\n".join(f"{name}: {' '.join(kind.split())}" for name, kind in variables.items())
    for channel, language, part, text, pointer in _words(texts, faults):
        name = f"{channel}_{part}_{language}"
        if channel not in CHANNELS or language not in LANGUAGES or name not in body:
            faults.append(_unknown(pointer))
        elif not isinstance(text, str):
            faults.append(FieldError(f"#/{pointer}", "invalid", "Give a text."))
        else:
            body[name] = text.replace("\r\n", "\n")
    if faults:
        raise Invalid("This is no template.", errors=faults)
    return body


def _words(texts: Any, faults: list[FieldError]) -> list[tuple[str, str, str, Any, str]]:
    found = []
    if not isinstance(texts, Mapping):
        faults.append(FieldError("#/texts", "invalid", "Give an object: channel, language, and their texts."))
        return []
    for channel, by_language in texts.items():
        for language, parts in by_language.items() if isinstance(by_language, Mapping) else ((None, None),):
            if not isinstance(parts, Mapping):
                faults.append(FieldError(f"#/texts/{channel}", "invalid", "Give an object for each language."))
                continue
            found += [
                (channel, str(language), part, text, f"texts/{channel}/{language}/{part}")
                for part, text in parts.items()
            ]
    return found


def _unknown(pointer: str) -> FieldError:
    return FieldError(f"#/{pointer[:120]}", "unknown", "A template has no such part.")


def _draft(principal: Principal, code: str) -> Any:
    _writer(principal)
    row = Edition.objects.filter(kind=TEMPLATES.name, code=code, state=EditionState.DRAFT).first()
    if row is None:
        if Edition.objects.filter(kind=TEMPLATES.name, code=code).exists():
            raise Conflict("No version of it is being written; begin one.", code="no_draft")
        raise NotFound("There is no such template.")
    return row


def _version(row: Any, principal: Principal, expected: int | None) -> int:
    if expected is None and set(row.writers) != {str(principal.user_id)}:
        raise PreconditionRequired("Others write here too: send If-Match with the ETag you last read.")
    return int(row.version if expected is None else expected)


def _writes(principal: Principal) -> bool:
    return principal.kind == "user" and principal.has(*STAFF_WRITERS)


def _writer(principal: Principal) -> None:
    if not _writes(principal):
        raise Forbidden("Templates are written by administrators and medical directors.", code="role_forbidden")


def _reader(principal: Principal) -> None:
    sends = NOTIFY in principal.scopes if principal.kind == "service" else principal.has(*SENDERS)
    if not (sends or _writes(principal)):
        raise Forbidden("Templates are read by their writers and by whoever may send.", code="role_forbidden")
