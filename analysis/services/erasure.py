"""What goes with a case whose retention is over."""

from uuid import UUID

from analysis.models import AnalysisRun, Finding, FindingChange


def forget_case(*, case_id: UUID) -> None:
    """Delete its findings, their changes and its runs. Inside ``atomic()``."""
    FindingChange.objects.filter(case_id=case_id).delete()
    Finding.objects.filter(case_id=case_id).delete()
    AnalysisRun.objects.filter(case_id=case_id).delete()
