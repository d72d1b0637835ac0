"""The report as the patient would get it, built from an opinion that nobody has signed yet."""

from uuid import UUID

from cases.adapters.report import build_pdf
from cases.db import atomic
from cases.domain.casefile.access_rules import Act
from cases.domain.report.signed_report import MalformedReport
from cases.domain.workflow.state_machines import SIGNED_OPINIONS
from cases.models import Opinion
from cases.queries.access import seal_and_relation
from cases.services.opinion.opinions import finished_content, opinion_dto
from cases.services.opinion.report_content import report_of
from config.kernel.audit import record
from config.kernel.auth import Principal
from config.kernel.errors import Conflict, Locked, NotFound


def preview_report(*, principal: Principal, case_id: UUID) -> bytes:
    """The PDF of the version that is being written, by the builder of signed reports, for its author only.

    It carries no proof, so that no page of it passes for signed. ``Conflict`` names what is missing for a report.
    """
    with atomic():
        case, relation, sealed = seal_and_relation(principal, case_id)
        row = Opinion.objects.filter(case=case).order_by("-number").first() if relation.may(Act.WRITE_OPINION) else None
        if row is None or row.state in SIGNED_OPINIONS:
            raise NotFound("There is no draft of yours.")
        if not sealed:
            raise Locked("Store your own first read of the case; the preview opens after it.", code="first_read")
        content = opinion_dto(row, case).content if row.content_hash else finished_content(row, case)
        record(
            context="cases",
            action="opinion.preview",
            patient_id=case.patient_id,
            object_type="case",
            object_id=case.id,
        )
        try:
            # Of a version without a hash the report would say nothing; the preview prints one of zeros.
            row.content_hash = row.content_hash or "0" * 64
            report = report_of(case, row, content, licence_place=row.licence_place or case.country)
        except MalformedReport as malformed:
            raise Conflict(
                "A report needs more than the draft has: " + " ".join(malformed.problems),
                code="opinion_incomplete",
                extra={"satisfied_by": " ".join(malformed.problems)},
            ) from malformed
    return build_pdf(report, draft=True)
