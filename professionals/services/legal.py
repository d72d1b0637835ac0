"""The legal rules in force: the data file's, and the versions that staff published."""

from datetime import date

from django.db import IntegrityError

from config.kernel.audit import record
from config.kernel.auth import Principal
from config.kernel.errors import Conflict, FieldError, Forbidden, Invalid
from professionals.db import atomic
from professionals.domain.legal import MODES, NEEDS, LegalRule, base_rules
from professionals.models import PublishedRule


def rules() -> tuple[LegalRule, ...]:
    """Every version of every rule."""
    fields = ("rule", "version", "place", "mode", "specialty", "needs", "valid_from", "source")
    return (*base_rules(), *(LegalRule(**row) for row in PublishedRule.objects.values(*fields)))


def publish_rule(
    *,
    principal: Principal,
    rule: str,
    version: str,
    place: str,
    mode: str,
    specialty: str,
    needs: str,
    valid_from: date,
    source: str,
) -> str:
    """Publish one version of a rule; returns its id. A version is never changed, only followed by another."""
    if not principal.has("medical_director", "administrator"):
        raise Forbidden("The medical director publishes legal rules.", code="role_forbidden")
    wrong = [name for name, value, known in (("mode", mode, MODES), ("needs", needs, NEEDS)) if value not in known]
    wrong += [name for name, value in (("rule", rule), ("version", version), ("source", source)) if not value.strip()]
    if wrong:
        advice = f"mode is one of {', '.join(MODES)}; needs one of {', '.join(NEEDS)}; name rule, version and source."
        raise Invalid(advice, errors=[FieldError(f"#/{name}", "invalid", advice) for name in wrong])
    fresh = LegalRule(rule, version, place, mode, specialty, needs, valid_from, source)
    if fresh.id in {one.id for one in base_rules()}:
        raise Conflict("This version exists already; publish the next one.", code="rule_exists")
    try:
        with atomic():
            row = PublishedRule.objects.create(published_by=principal.require_user_id(), **vars(fresh))
            record(context="professionals", action="legal_rule.publish", object_type="legal_rule", object_id=row.id)
    except IntegrityError as error:
        raise Conflict("This version exists already; publish the next one.", code="rule_exists") from error
    return fresh.id
