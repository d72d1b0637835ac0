"""What those fetch who check reports without a network: public keys, and the signed list of superseded reports."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from cases.adapters.report_keys import report_keys, report_signer, rotate_report_key
from cases.db import atomic, now
from cases.domain.report.proof import public_jwk, signed_status
from cases.domain.workflow.states import State
from cases.models import Opinion, Report
from cases.services.report.verification import released
from config.kernel.conf import setting


def published_keys() -> Mapping[str, Any]:
    """Every public key that ever signed a report, as JSON Web Key Set (RFC 7517), oldest first."""
    if not report_keys():
        report_signer()
    return {"keys": [public_jwk(key) for key in report_keys().values()]}


def rotate_report_keys() -> str:
    """Sign with a new key from now on; returns its id. Earlier reports go on being checked with earlier keys."""
    return rotate_report_key()


def status_list() -> str:
    """The signed list of reports that were superseded or withdrawn, for those who check without a network."""
    with atomic():
        withdrawn = Report.objects.filter(case__state=State.ENTERED_IN_ERROR)
        # Few cases have a second version, and an index of their own: not every report is looked at.
        amended = Opinion.objects.filter(number__gt=1).values("case")
        superseded = released().filter(_has_newer(), case__in=amended).exclude(case__state=State.ENTERED_IN_ERROR)
        return signed_status(
            report_signer(),
            issuer=str(setting("PUBLIC_URL")).rstrip("/"),
            at=now(),
            superseded=_ids(superseded),
            withdrawn=_ids(withdrawn),
        )


def _has_newer() -> Exists:
    newer = Report.objects.filter(case=OuterRef("case"), opinion__number__gt=OuterRef("opinion__number"))
    return Exists(newer.exclude(delivered_at=None))


def _ids(rows: QuerySet[Report]) -> Iterable[Any]:
    # All at once and in no order, which would lead the planner through every report from the newest on.
    return rows.order_by().values_list("id", flat=True)
