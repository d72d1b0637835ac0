"""Legal rules as versions that two people make: place × mode × specialty → what is needed."""

from collections.abc import Iterator
from datetime import date
from typing import Any
from uuid import UUID

from config.kernel.editions import Body, EditionField, Kind, Problem, Shown, choices_of
from professionals.db import now
from professionals.domain import legal_rules
from professionals.domain.credentials import PRACTISING
from professionals.domain.rule_check import fits_code, rule_faults
from professionals.domain.specialties import SPECIALTIES
from professionals.domain.taxonomy import term_name
from professionals.models import Edition, Professional, PublishedRule
from professionals.queries import licence_facts
from professionals.services.legal_rules import rules


def _specialty_names() -> dict[str, str]:
    return {legal_rules.ANY: "Every specialty"} | {key: term_name(key) for key in SPECIALTIES}


_FIELDS = (
    EditionField("place", "Place", longest=6, help="A country (DE), a region (US-CA), or * for every place."),
    EditionField("mode", "Mode", choices=choices_of(legal_rules.MODE_NAMES, legal_rules.MODE_NAMES)),
    EditionField("specialty", "Specialty", choices=choices_of((legal_rules.ANY, *SPECIALTIES), _specialty_names())),
    EditionField("needs", "What is needed", choices=choices_of(legal_rules.NEED_NAMES, legal_rules.NEED_NAMES)),
    EditionField("valid_from", "From which day", longest=10, help="2027-01-31; today or later."),
    EditionField("source", "Source: act, article, edition", rows=3, longest=500),
)


def _codes() -> tuple[str, ...]:
    written = Edition.objects.filter(kind="legal_rule").values_list("code", flat=True)
    return tuple(sorted({*written, *(one.rule for one in legal_rules.base_rules())}))


def _shipped(code: str) -> Body | None:
    newest = max(
        (one for one in legal_rules.base_rules() if one.rule == code), key=lambda r: r.valid_from, default=None
    )
    if newest is None:
        return None
    whole = {name: getattr(newest, name) for name in ("place", "mode", "specialty", "needs", "source")}
    return whole | {"valid_from": newest.valid_from.isoformat()}


def _blank(code: str) -> Body:
    valid_from = now().date().isoformat()
    return {
        "place": "", "mode": "licence", "specialty": legal_rules.ANY, "needs": "licence_at_place",
        "valid_from": valid_from, "source": "",
    }  # fmt: skip


def _check(code: str, body: Body) -> Iterator[Problem]:
    for name, advice in rule_faults(body, today=now().date()):
        yield Problem(name, advice)


def _preview(code: str, body: Body) -> Iterator[Shown]:
    """Which rule decides for such a case before and after, and how many practising specialists may take it."""
    rule = _rule(code, 0, body)
    day = max(rule.valid_from, now().date())
    place = "DE" if rule.place == legal_rules.ANY else rule.place
    specialty = rule.specialty if rule.specialty != legal_rules.ANY else "cardiology"
    known = rules()
    case: dict[str, Any] = {"place": place, "mode": rule.mode, "specialty": specialty, "today": day}
    before, after = legal_rules.rule_for(known, **case), legal_rules.rule_for((*known, rule), **case)
    people = list(Professional.objects.filter(specialty=specialty, state__in=PRACTISING).prefetch_related("licences"))
    facts = [licence_facts(one.licences.all()) for one in people]
    lines = []
    for name, decides in (("Without this version", before), ("With it", after)):
        may = sum(legal_rules.decide(decides, one, place=place, today=day).allowed for one in facts)
        told = (
            f"{decides.rule} ({legal_rules.NEED_NAMES[decides.needs].lower()})"
            if decides
            else "no rule, so the answer is no"
        )
        lines.append(f"{name}: {told}; {may} of {len(facts)} practising specialists may take the case.")
    mode = legal_rules.MODE_NAMES[rule.mode].lower()
    yield Shown(f"A patient at {place}, {term_name(specialty)}, {mode}, on {day.isoformat()}", tuple(lines))


def _published(code: str, number: int, body: Body, by: UUID) -> None:
    PublishedRule.objects.create(published_by=by, **vars(_rule(code, number, body)))


def _retired(code: str, number: int, body: Body, by: UUID) -> None:
    """No earlier version comes back: the rule is out of force with all of them, but for the release's own."""
    PublishedRule.objects.filter(rule=code, withdrawn_at=None).update(withdrawn_at=now())


def _rule(code: str, number: int, body: Body) -> legal_rules.LegalRule:
    return legal_rules.LegalRule(
        code, f"{body['valid_from']}.{number:03d}", body["place"], body["mode"], body["specialty"], body["needs"],
        date.fromisoformat(body["valid_from"]), body["source"],
    )  # fmt: skip


LEGAL_RULES = Kind(
    context="professionals",
    name="legal_rule",
    title="Legal rule",
    codes=_codes,
    shipped=_shipped,
    blank=_blank,
    fits_code=fits_code,
    code_help="A new legal rule: small letters, digits and hyphens, as de-remote-advice.",
    check=_check,
    preview=_preview,
    fields=lambda _: _FIELDS,
    published=_published,
    retired=_retired,
)
