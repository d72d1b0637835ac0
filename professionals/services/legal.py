"""The legal rules in force: the data file's, and the versions that two people published (``rule_editions``)."""

from professionals.domain.legal import LegalRule, base_rules
from professionals.models import PublishedRule


def rules() -> tuple[LegalRule, ...]:
    """Every version of every rule that was not withdrawn."""
    fields = ("rule", "version", "place", "mode", "specialty", "needs", "valid_from", "source")
    published = PublishedRule.objects.filter(withdrawn_at=None).values(*fields)
    return (*base_rules(), *(LegalRule(**row) for row in published))
