"""Red flags of the answers: raised, shown in fixed words, acknowledged, and never taken back by a changed answer."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from cases.adapters.questionnaires import advice
from cases.db import atomic, now
from cases.domain.casefile.access_rules import Act
from cases.domain.intake import questionnaire as rules
from cases.models import Case, RedFlag
from cases.queries.access import case_for, person_id
from cases.queries.proxies import MANAGE
from cases.queries.sealed_contents import place
from config.kernel.audit import record
from config.kernel.auth import Principal
from config.kernel.crypto import DataKey, blind_index, open_text, seal_text
from config.kernel.errors import Conflict, Forbidden, NotFound
from identity import services as identity


@dataclass(frozen=True, kw_only=True)
class RedFlagDTO:
    """One red flag. ``text`` is the wording to show, word by word, before anything else."""

    id: UUID
    rule: str
    advice: str
    advice_version: str
    text: str
    raised_at: datetime
    acknowledged_at: datetime | None


def raise_flags(case: Case, key: DataKey, found: Iterable[rules.RedFlag]) -> None:
    """Keep what the answers raise, each rule once a case. Inside ``atomic()``, with the case locked."""
    wording = advice()
    known = {bytes(one) for one in RedFlag.objects.filter(case=case).values_list("rule_hash", flat=True)}
    for flag in found:
        hashed = _hash(case.id, flag.code)
        if hashed in known:
            continue
        row = RedFlag(case=case, rule_hash=hashed, advice=flag.advice, language=case.language)
        row.rule_sealed = seal_text(key, place("redflag", "rule", row.id), flag.code)
        row.advice_version, row.advice_sha256 = wording.version, wording.sha256
        row.save(force_insert=True)
        record(
            context="cases", action="red_flag.raise", patient_id=case.patient_id, object_type="redflag",
            object_id=row.id, detail={"advice": flag.advice, "advice_version": wording.version},
        )  # fmt: skip


def acknowledge_red_flag(*, principal: Principal, case_id: UUID, flag_id: UUID, advice_version: str) -> RedFlagDTO:
    """The patient says to have read the advice; said again, nothing changes.

    ``Conflict`` when another version of the wording was shown than is in force: read it again.
    """
    with atomic():
        case, relation = case_for(principal, case_id, lock=True, scope=MANAGE)
        if not relation.may(Act.SPEAK_FOR_PATIENT):
            raise Forbidden("The patient acknowledges the advice.", code="role_forbidden")
        row = RedFlag.objects.filter(case=case, id=flag_id).first()
        if row is None:
            raise NotFound("There is no such red flag for you.")
        if row.acknowledged_at is None:
            _accept(row, principal, advice_version)
        return red_flag_dto(row, identity.data_key(subject_id=case.patient_id))


def flags_of(case: Case, key: DataKey) -> tuple[RedFlagDTO, ...]:
    """The red flags of a case, oldest first."""
    return tuple(red_flag_dto(row, key) for row in RedFlag.objects.filter(case=case).order_by("id"))


def red_flag_dto(row: RedFlag, key: DataKey) -> RedFlagDTO:
    """A red flag with the wording in force."""
    wording = advice()
    rule = open_text(key, place("redflag", "rule", row.id), row.rule_sealed)
    text = wording.text(row.advice, row.language)
    version = row.advice_version if row.acknowledged_at else wording.version
    return RedFlagDTO(
        id=row.id,
        rule=rule,
        advice=row.advice,
        advice_version=version,
        text=text,
        raised_at=row.created_at,
        acknowledged_at=row.acknowledged_at,
    )


def _accept(row: RedFlag, principal: Principal, advice_version: str) -> None:
    wording = advice()
    if advice_version != wording.version:
        raise Conflict("The advice has a new wording; read it again.", code="advice_changed")
    row.advice_version, row.advice_sha256 = wording.version, wording.sha256
    row.acknowledged_at, row.acknowledged_by = now(), person_id(principal)
    row.save()
    record(
        context="cases", action="red_flag.acknowledge", patient_id=row.case.patient_id, object_type="redflag",
        object_id=row.id, detail={"advice": row.advice, "advice_version": wording.version},
    )  # fmt: skip


def _hash(case_id: UUID, rule: str) -> bytes:
    # With the case in it, so that equal rules of two cases do not look equal.
    return blind_index("red-flag", f"{case_id}:{rule}")
