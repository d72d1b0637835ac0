"""What goes with a case whose retention is over."""

from uuid import UUID

from analysis.models import AnalysisRun, Finding


def forget_case(*, case_id: UUID) -> None:
    """Delete its findings and runs. Inside ``atomic()``."""
    Finding.objects.filter(case_id=case_id).delete()
    AnalysisRun.objects.filter(case_id=case_id).delete()
