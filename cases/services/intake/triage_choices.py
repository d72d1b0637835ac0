"""The lists of triage: what its fields may hold, and the names of their values."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.core.exceptions import ImproperlyConfigured

from cases.domain.intake import triage
from config.kernel.conf import setting
from config.kernel.errors import FieldError, UnknownChoice
from professionals import services as professionals


@dataclass(frozen=True, kw_only=True)
class TriageChoices:
    """For each field of triage its values with their English names, in the order in which they are offered."""

    urgency: Mapping[str, str]
    specialty: Mapping[str, str]
    service_type: Mapping[str, str]
    red_flag_check: Mapping[str, str]
    legal_basis: Mapping[str, str]


def triage_choices() -> TriageChoices:
    """Specialties are the taxonomy's, legal bases those that the legal rules know."""
    return TriageChoices(
        urgency=triage.URGENCIES,
        specialty=professionals.specialty_names(language="en"),
        service_type=triage.SERVICE_TYPES,
        red_flag_check=triage.RED_FLAG_CHECKS,
        legal_basis=professionals.legal_bases(),
    )


def require_choices(given: Mapping[str, str]) -> None:
    """Refuse values that are in no list, each with what may be chosen: one wrong word strands a case in matching."""
    choices = vars(triage_choices())
    wrong = [name for name, value in given.items() if name in choices and value not in choices[name]]
    if wrong:
        advice = {name: f"{name} is one of {', '.join(choices[name])}." for name in wrong}
        raise UnknownChoice(
            " ".join(advice.values()),
            errors=[FieldError(f"#/data/{name}", "unknown_choice", text) for name, text in advice.items()],
            extra={"choices": {name: dict(choices[name]) for name in wrong}},
        )


def refuse_unknown_services() -> None:
    """Raise ``ImproperlyConfigured`` where the setting names a service that there is not: nothing would be reviewed."""
    unknown = [name for name in setting("PEER_REVIEWED_SERVICES") if name not in triage.SERVICE_TYPES]
    if unknown:
        known = ", ".join(triage.SERVICE_TYPES)
        raise ImproperlyConfigured(f"PEER_REVIEWED_SERVICES has {', '.join(unknown)}: name some of {known}.")
