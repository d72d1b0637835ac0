"""Lists and details of cases, for each reader what is theirs to see."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields as fields_of
from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from cases.db import atomic
from cases.domain.casefile.access_rules import Relation
from cases.domain.privacy.redaction import redacted
from cases.domain.workflow.service_clock import runs_in, stopped_by
from cases.domain.workflow.state_machines import OfferState
from cases.domain.workflow.states import TURN, State
from cases.models import Case, Offer
from cases.queries import case_reads
from cases.queries.access import person_id, seal_and_relation
from cases.queries.case_people import known_people
from cases.queries.case_selection import ListFilter
from cases.queries.news import NEWS, with_news
from cases.queries.proxies import READ
from cases.queries.relation_scopes import stands_as
from cases.queries.sealed_contents import place, title_of
from cases.services.casefile.dto import CaseAccess, CaseDTO, WorkItem
from cases.services.opinion.first_opinion import kept_back
from config.kernel import clock
from config.kernel.audit import record
from config.kernel.auth import Principal
from config.kernel.crypto import DataKey, open_json, open_text, text_opener
from config.kernel.errors import Forbidden, NotFound
from identity import services as identity

_PROGRESS = (
    "country", "region", "assigned_user_id", "red_flag_check", "legal_basis", "hold_reason",
    "hold_until", "clock_seconds", "open_questions", "checklist", "documents", "report_ready",
)  # fmt: skip
_INSTANTS = ("promised_at", "created_at", "updated_at")
_DTO_FIELDS = tuple(f.name for f in fields_of(CaseDTO))


def list_cases(
    *, principal: Principal, limit: int, after: UUID | None = None, chosen: ListFilter | None = None
) -> tuple[tuple[dict[str, Any], ...], UUID | None]:
    """One page of the caller's cases as JSON-ready rows, and the id to continue after.

    Newest first, unless ``chosen`` says otherwise.

    Titles are opened for those who may read the content; the others see status and dates.
    """
    return page_of_lines(
        principal, case_reads.case_rows(principal, after=after, limit=limit + 1, chosen=chosen or ListFilter()), limit
    )


def page_of_lines(
    principal: Principal, rows: Sequence[Mapping[str, Any]], limit: int
) -> tuple[tuple[dict[str, Any], ...], UUID | None]:
    """One page of found rows as the caller may see them; a row beyond ``limit`` says that there is another page."""
    shown = []
    for row in rows[:limit]:
        relation = case_reads.relation_in(row, principal)
        # Case by case: of one patient's cases the caller may read one, and of another only that it exists.
        shown.append((row, relation, row["patient_id"] if case_reads.reads_content(row, principal, relation) else None))
    keys = identity.data_keys(subject_ids={patient_id for _, _, patient_id in shown if patient_id})
    opened = {patient_id: _title_opener(key) for patient_id, key in keys.items()}
    page = tuple(
        _line(row, relation, opened.get(patient_id) if patient_id else None) for row, relation, patient_id in shown
    )
    return page, rows[limit - 1]["id"] if len(rows) > limit else None


def case_page(*, principal: Principal, case_id: UUID) -> dict[str, Any]:
    """Everything that the caller may see of a case, JSON-ready; what they may not read is empty."""
    row = case_reads.case_row(principal, case_id)
    if row is None:
        record(context="cases", action="case.read", object_type="case", object_id=case_id, outcome="denied")
        raise NotFound("There is no such case for you.")
    relation = case_reads.relation_in(row, principal)
    content = relation is Relation.PEER or case_reads.reads_content(row, principal, relation)
    key = identity.data_key(subject_id=row["patient_id"]) if content else None
    opened = _opened(row, key) if key else {"questions": [], "intake": {}, "patient_id": None}
    opened["question_count"] = len(row["numbers"] or ())
    opened["locked"] = kept_back(opened["intake"]) if relation is Relation.ASSIGNED and not row["sealed"] else []
    page = _line(row, relation, _title_opener(key) if key else None) | {name: row[name] for name in _PROGRESS} | opened
    return _without_the_person(page) if relation is Relation.PEER else page


def get_case(*, principal: Principal, case_id: UUID) -> CaseDTO:
    """One case; what the caller may not read of it is empty."""
    page = case_page(principal=principal, case_id=case_id)
    fields = {name: page[name] for name in _DTO_FIELDS}
    instants = {name: datetime.fromisoformat(page[name]) for name in _INSTANTS if page[name]}
    questions = tuple((q["number"], q["text"]) for q in page["questions"])
    return CaseDTO(**fields | instants | {"questions": questions})


def case_access(*, principal: Principal, case_id: UUID | None, scope: str = READ, what: str = "case") -> CaseAccess:
    """In what relation the caller stands to the case; ``NotFound`` for a stranger.

    ``scope``: what a delegate must have been granted. ``what``: the thing of the case that was asked for; one that
    does not exist has no ``case_id``, and is denied like a stranger's.
    """
    case, relation, sealed = seal_and_relation(principal, case_id, scope=scope, what=what)
    return CaseAccess(
        case_id=case.id,
        patient_id=case.patient_id,
        relation=relation,
        first_read_sealed=sealed,
        state=case.state,
        assigned_user_id=case.assigned_user_id,
    )


def worklist(*, principal: Principal) -> tuple[WorkItem, ...]:
    """A specialist's open cases by due time, the offers that wait for an answer, and the opinions to review."""
    if not principal.has("professional"):
        raise Forbidden("The worklist is for specialists.", code="role_forbidden")
    with atomic():
        record(context="cases", action="case.worklist", object_type="case")
        mine = list(
            with_news(Case.objects.filter(stands_as(principal, Relation.ASSIGNED)))
            .exclude(state__in=(State.CLOSED, State.CANCELLED, State.DECLINED, State.ENTERED_IN_ERROR))
            .order_by("promised_at", "id")[:200]
        )
        offers = list(
            Offer.objects.select_related("case")
            .filter(user_id=person_id(principal), state=OfferState.OFFERED, expires_at__gt=clock.now())
            .filter(stands_as(principal, Relation.OFFERED, case="case__"))
            .order_by("expires_at")[:100]
        )
        reviews = list(
            Case.objects.filter(stands_as(principal, Relation.PEER), state=State.PEER_REVIEW).order_by(
                "promised_at", "id"
            )[:100]
        )
    keys = identity.data_keys(subject_ids={case.patient_id for case in mine})
    return (
        *(_offer_item(o) for o in offers),
        *(_review_item(c) for c in reviews),
        *(_case_item(c, keys.get(c.patient_id)) for c in mine),
    )


def _without_the_person(page: dict[str, Any]) -> dict[str, Any]:
    """The copy for a peer reviewer, who judges an opinion and need not know on whom."""
    case = Case(**{name: page[name] for name in ("id", "patient_id", "assigned_user_id")})
    known = known_people(case, page["intake"])
    written = {name: redacted(page[name], known) for name in ("title", "intake", "questions")}
    return page | written | {"patient_id": None}


def _line(row: Mapping[str, Any], relation: Relation, opened: Callable[[UUID, bytes], str] | None) -> dict[str, Any]:
    """What lists show of a case; without a key its title stays sealed."""
    return {
        "id": row["id"],
        "reference": row["reference"],
        "state": row["state"],
        "state_since": row["state_since"],
        "version": row["version"],
        "language": row["language"],
        "specialty": row["specialty"],
        "urgency": row["urgency"],
        "service_type": row["service_type"],
        "condition": row["condition"],
        "on_hold": row["on_hold"],
        "promised_at": row["promised_at"],
        "created_at": row["created_at"],
        "updated_at": row["updated_at"],
        "submitted_at": row["submitted_at"],
        "delivered_at": row["delivered_at"],
        "title": opened(row["id"], row["title_sealed"]) if opened else "",
        "relation": relation.value,
        **_standing(row["state"], row["on_hold"]),
    }


def _title_opener(key: DataKey) -> Callable[[UUID, bytes], str]:
    return text_opener(key, "cases_case", "title")


@lru_cache(maxsize=128)
def _standing(state: str, on_hold: bool) -> Mapping[str, Any]:
    """What follows from a state alone: whose turn it is, and the service clock."""
    known = State(state)
    return {
        "turn": TURN.get(known),
        "clock_running": runs_in(known, on_hold=on_hold),
        "clock_stopped_by": stopped_by(known, on_hold=on_hold),
    }


def _opened(row: Mapping[str, Any], key: DataKey) -> dict[str, Any]:
    asked = zip(row["question_ids"] or (), row["numbers"] or (), row["texts"] or (), strict=True)
    return {
        "patient_id": row["patient_id"],
        "intake": open_json(key, place("case", "intake", row["id"]), row["intake_sealed"]),
        "questions": [
            {"number": number, "text": open_text(key, place("question", "text", question_id), text)}
            for question_id, number, text in asked
        ],
    }


def _offer_item(offer: Offer) -> WorkItem:
    case = offer.case
    return WorkItem(
        kind="offer",
        case_id=case.id,
        offer_id=offer.id,
        reference=case.reference,
        title="",
        state=case.state,
        specialty=case.specialty,
        urgency=case.urgency,
        turn="specialist",
        promised_at=case.promised_at,
        expires_at=offer.expires_at,
    )


def _review_item(case: Case) -> WorkItem:
    """Without the title: a reviewer need not know on whom they judge."""
    return replace(_case_item(case, None), kind="review", turn="peer")


def _case_item(case: Case, key: DataKey | None) -> WorkItem:
    title = title_of(case, key) if key else ""
    return WorkItem(
        kind="case",
        case_id=case.id,
        offer_id=None,
        reference=case.reference,
        title=title,
        state=case.state,
        specialty=case.specialty,
        urgency=case.urgency,
        # Whoever is asked about the opinion is whose turn it is.
        turn="specialist" if getattr(case, "open_follow_ups", 0) else TURN.get(State(case.state)),
        promised_at=case.promised_at,
        expires_at=None,
        **{name: getattr(case, name, 0) for name in NEWS},
    )
