"""Laboratory results: reading printed lines, units and flags."""

from analysis.domain.laboratory.coded_results import coded_findings, without_coded
from analysis.domain.laboratory.interpret import laboratory_findings
from analysis.domain.laboratory.parser import LabLine, read_page

__all__ = ["LabLine", "coded_findings", "laboratory_findings", "read_page", "without_coded"]
