"""Another system's folder of Handlebars files becomes drafts, with a list of everything that is to be mended."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from config.kernel import editions
from config.kernel.auth import Principal
from config.kernel.editions import Body
from config.kernel.errors import Conflict
from notifications.db import atomic
from notifications.domain.handlebars import TemplateRefused, parse
from notifications.domain.template_bodies import WITH_SUBJECT, field_names
from notifications.domain.template_files import (
    FilePlace,
    Wanted,
    collect,
    place_of_file,
    subject_and_text,
    variables_in,
)
from notifications.services.templates.editions import TEMPLATES

_NO_VALUE = (
    "Its name tells no type that may be sent. Names and other words are no values: leave it out; a number, day, time or"
    " link is declared in the draft."
)


@dataclass(frozen=True, kw_only=True)
class ImportFinding:
    """Something to mend: in which file (or template), where, and how."""

    where: str
    advice: str


@dataclass(frozen=True, kw_only=True)
class ImportReport:
    """The codes of the drafts that were made, with how many faults each still has, and all findings."""

    files: int
    drafts: Mapping[str, int]
    findings: tuple[ImportFinding, ...]


@dataclass(slots=True, kw_only=True)
class _Draft:
    """One template while its files are gathered; ``files`` says from which file a field came."""

    body: Body
    wanted: Wanted = field(default_factory=Wanted)
    files: dict[str, str] = field(default_factory=dict)
    broken: set[str] = field(default_factory=set)


def import_folder(
    *, principal: Principal, files: Mapping[str, bytes], category: str, dry_run: bool = False
) -> ImportReport:
    """Make a draft of each template in the files, by their paths; ``dry_run``: only say what would come of it.

    A draft is kept with its faults, and nobody publishes it before they are mended. A template of which somebody is
    writing a version already is left alone.
    """
    findings: list[ImportFinding] = []
    gathered: dict[str, _Draft] = {}
    for path, place, source in _read(files, findings):
        draft = gathered.setdefault(place.code, _Draft(body={**dict.fromkeys(field_names(), ""), "category": category}))
        _gather(draft, path, place, source, findings)
    drafts = {}
    for code, draft in sorted(gathered.items()):
        faults = list(_faults(code, draft))
        findings += faults
        if not dry_run and not _kept(principal, code, draft.body):
            findings.append(ImportFinding(where=code, advice="Somebody writes a version of it; it was left alone."))
            continue
        drafts[code] = len(faults) + len(draft.broken)
    return ImportReport(files=len(files), drafts=drafts, findings=tuple(findings))


def _read(files: Mapping[str, bytes], findings: list[ImportFinding]) -> Iterator[tuple[str, FilePlace, str]]:
    """The files that are templates. Where a mail is there as a page and as plain text, the page is left out."""
    places = {path: place_of_file(PurePosixPath(path)) for path in files}
    plain = {
        (place.code, place.channel, place.language, place.part) for place in places.values() if place and not place.html
    }
    for path, place in sorted(places.items(), key=lambda found: found[0]):
        if place is None:
            findings.append(ImportFinding(where=path, advice="No template: its name tells no code, or it is no .hbs."))
        elif place.html and (place.code, place.channel, place.language, place.part) in plain:
            findings.append(ImportFinding(where=path, advice="Left out: the same mail is there as plain text."))
        else:
            try:
                yield path, place, files[path].decode("utf-8-sig")
            except UnicodeDecodeError as error:
                findings.append(ImportFinding(where=path, advice=f"It is not UTF-8 at byte {error.start}; save it so."))


def _gather(draft: _Draft, path: str, place: FilePlace, source: str, findings: list[ImportFinding]) -> None:
    subject, text, before = subject_and_text(source) if place.part == "text" else ("", source, 0)
    parts = {place.part: (text.strip() if place.part == "subject" else text.rstrip(), before)}
    if subject and place.channel in WITH_SUBJECT:
        parts["subject"] = subject, 0
    for part, (words, lines) in parts.items():
        name = f"{place.channel}_{part}_{place.language}"
        if name not in draft.body:
            findings.append(ImportFinding(where=path, advice=f"{place.channel} has no {part}; it was left out."))
        elif draft.body[name]:
            findings.append(
                ImportFinding(where=path, advice=f"{draft.files[name]} says the same part; it was left out.")
            )
        else:
            draft.body[name], draft.files[name] = words.replace("\r\n", "\n"), path
            _parse(draft, name, path, lines, findings)


def _parse(draft: _Draft, name: str, path: str, lines: int, findings: list[ImportFinding]) -> None:
    try:
        collect(parse(draft.body[name]), draft.wanted)
    except TemplateRefused as refusal:
        draft.broken.add(name)
        for fault in refusal.faults:
            where = f"{path}:{fault.line + lines}:{fault.column}"
            findings.append(ImportFinding(where=where, advice=f"{fault.found}: {fault.advice}"))


def _faults(code: str, draft: _Draft) -> Iterator[ImportFinding]:
    """What the draft's own check will say, at the files; the values that cannot be given, once each."""
    variables, unknown = variables_in(draft.wanted)
    draft.body["variables"] = "\n".join(f"{path}: {kind}" for path, kind in variables.items())
    for path in unknown:
        yield ImportFinding(where=code, advice=f"{{{{{path}}}}}: {_NO_VALUE}")
    for problem in TEMPLATES.check(code, draft.body):
        told_already = problem.where in draft.broken or any(_named(path, problem.advice) for path in unknown)
        if not told_already:
            yield ImportFinding(where=draft.files.get(problem.where, f"{code}, {problem.where}"), advice=problem.advice)


def _named(path: str, advice: str) -> bool:
    """Whether the advice is about this value; within a list it has its last name alone."""
    return any(f"{{{{{name}}}}}" in advice for name in (path, path.rpartition(".")[2]))


def _kept(principal: Principal, code: str, body: Body) -> bool:
    try:
        with atomic():
            row_id = editions.start(kind=TEMPLATES, principal=principal, code=code)
            editions.save(
                kind=TEMPLATES, principal=principal, edition_id=row_id, version=1, body=body, note="Imported."
            )
    except Conflict:
        return False
    return True
