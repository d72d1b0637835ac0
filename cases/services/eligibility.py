"""Whether a specialist may have one case: licence, legal rule, and no link to a party. Asked wherever it matters."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from cases.models import Case
from cases.queries.sealed_contents import intake_of
from identity import services as identity
from professionals import services as professionals


def fitness_for(case: Case, professional_id: UUID, *, as_peer: bool = False) -> professionals.Fitness:
    """Allow or deny with the rule's id; for a peer the opinion's author is a party too."""
    parties = parties_of(case)
    if as_peer and case.assigned_user_id is not None:
        parties = (*parties, professionals.Party(role="author of the opinion", user_id=case.assigned_user_id))
    return professionals.assess_fitness(
        professional_id=professional_id,
        place=place_of(case),
        specialty=case.specialty,
        legal_basis=case.legal_basis,
        treating_named=treating_named(case),
        parties_of_case=parties,
    )


def parties_of(case: Case) -> tuple[professionals.Party, ...]:
    """Everybody with an interest in the case, as the intake names them."""
    return (professionals.Party(role="patient", user_id=case.patient_id), *_named(_intake(case)))


def treating_named(case: Case) -> bool:
    """A treating clinician is known by name, who would remain responsible."""
    return bool(str((_intake(case).get("treating_clinician") or {}).get("name") or "").strip())


def topics_of(case: Case) -> str:
    """The words in which a specialist's expertise is looked for: diagnosis, proposed treatment, condition."""
    intake = _intake(case)
    told = (str((intake.get(name) or {}).get("text") or "") for name in ("diagnosis", "proposed_treatment"))
    return " ".join((*told, case.condition))


def preferences_of(case: Case) -> str:
    """What the patient wishes, in their words."""
    return str(_intake(case).get("preferences") or "")


def place_of(case: Case) -> str:
    """The patient's place as licences name it: country, and region where there is one."""
    return f"{case.country}-{case.region}" if case.region else case.country


def _named(intake: dict[str, Any]) -> Iterator[professionals.Party]:
    treating = intake.get("treating_clinician") or {}
    for role, person in (("treating_clinician", treating), *((p["role"], p) for p in intake.get("involved") or ())):
        name, email, organisation = (str(person.get(key) or "") for key in ("name", "email", "organisation"))
        if name or email or organisation:
            yield professionals.Party(role=role, name=name, email=email, organisation=organisation)


def _intake(case: Case) -> dict[str, Any]:
    return intake_of(case, identity.data_key(subject_id=case.patient_id))
