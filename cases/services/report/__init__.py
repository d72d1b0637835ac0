"""Signed reports: files, preview, and the proof that they are genuine."""

from cases.services.report.dto import ReportDTO, ReportFile
from cases.services.report.preview import preview_report
from cases.services.report.reports import get_report, list_reports, report_file
from cases.services.report.verification import ProofDTO, check_file, check_manifest
from cases.services.report.verification_keys import published_keys, rotate_report_keys, status_list

__all__ = [
    "ProofDTO",
    "ReportDTO",
    "ReportFile",
    "check_file",
    "check_manifest",
    "get_report",
    "list_reports",
    "preview_report",
    "published_keys",
    "report_file",
    "rotate_report_keys",
    "status_list",
]
