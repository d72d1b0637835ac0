"""The legal rules in force: the data file's, and the versions that two people published (``rule_editions``)."""

from professionals.domain.legal_rules import MODE_NAMES, NEED_NAMES, LegalRule, base_rules, mode_of
from professionals.models import PublishedRule


def rules() -> tuple[LegalRule, ...]:
    """Every version of every rule that was not withdrawn."""
    fields = ("rule", "version", "place", "mode", "specialty", "needs", "valid_from", "source")
    published = PublishedRule.objects.filter(withdrawn_at=None).values(*fields)
    return (*base_rules(), *(LegalRule(**row) for row in published))


def legal_bases() -> dict[str, str]:
    """On what an opinion may rest, with its name: what triage chooses from."""
    return dict(MODE_NAMES)


def legal_rule_name(*, rule_id: str) -> str:
    """A rule as a report names it: what it asks for, and its version."""
    rule, _, version = rule_id.partition("/")
    found = next((one for one in rules() if (one.rule, one.version) == (rule, version)), None)
    name = NEED_NAMES[found.needs] if found else MODE_NAMES[mode_of(rule)]
    return f"{name} (rule of {version})" if version else name
