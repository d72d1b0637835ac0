"""Addresses of this context, under /api/v1/."""

from django.urls import path

from cases.api import fhir
from cases.api.assignment import offers
from cases.api.casefile import break_glass, case_calendar, cases, coverage, delegates, document_search
from cases.api.documents import archives, documents, rereadings
from cases.api.documents.imaging import qido, wado
from cases.api.documents.uploads import tus
from cases.api.followup import follow_up_questions
from cases.api.intake import answers, checklist, questionnaires, red_flags, submissions
from cases.api.opinion import clarifications, first_opinion, messages, opinion_versions, opinions, peer_review
from cases.api.records import imports, record_requests
from cases.api.report import reports, verification

CASE = "cases/<uuid:case_id>"
DOCUMENT = "documents/<uuid:document_id>"
DICOM = f"{CASE}/dicomweb"
STUDY = f"{DICOM}/studies/<str:study>"
SERIES = f"{STUDY}/series/<str:series>"
INSTANCE = f"{SERIES}/instances/<str:instance>"

urlpatterns = [
    path("document-links/<str:token>", documents.Linked.as_view()),
    path(f"{DOCUMENT}/link", documents.Link.as_view()),
    path("archives", archives.Archives.as_view()),
    path("archives/<uuid:archive_id>", archives.ArchiveDetail.as_view()),
    path("cases", cases.CaseList.as_view()),
    path(CASE, cases.CaseDetail.as_view()),
    path(f"{CASE}/dates.ics", case_calendar.Dates.as_view()),
    path(f"{CASE}/imports/fhir", imports.FhirImport.as_view()),
    path(f"{CASE}/imports/ccda", imports.CcdaImport.as_view()),
    path(f"{CASE}/search", document_search.Find.as_view()),
    path(f"{CASE}/status", cases.CaseStatus.as_view()),
    path(f"{CASE}/transitions", cases.CaseTransitions.as_view()),
    path(f"{CASE}/history", cases.CaseHistory.as_view()),
    path(f"{CASE}/hold", cases.CaseHold.as_view()),
    path(f"{CASE}/documents", documents.CaseDocuments.as_view()),
    path(f"{CASE}/coverage", coverage.CaseCoverage.as_view()),
    path(f"{CASE}/rereadings", rereadings.Rereadings.as_view()),
    path("rereadings/<uuid:rereading_id>/answer", rereadings.RereadingAnswer.as_view()),
    path(f"{CASE}/rechecks", rereadings.Rechecks.as_view()),
    path("rechecks/<uuid:recheck_id>", rereadings.RecheckDetail.as_view()),
    path("questionnaires", questionnaires.Questionnaires.as_view()),
    path("questionnaires/<slug:code>", questionnaires.QuestionnaireDetail.as_view()),
    path(f"{CASE}/intake", answers.Intake.as_view()),
    path(f"{CASE}/red-flags/<uuid:flag_id>/acknowledgement", red_flags.RedFlag.as_view()),
    path(f"{CASE}/checklist", checklist.Checklist.as_view()),
    path(f"{CASE}/checklist/<slug:code>/document", checklist.ChecklistItem.as_view()),
    path(f"{CASE}/checklist/waive", checklist.Waive.as_view()),
    path(f"{CASE}/candidates", offers.Candidates.as_view()),
    path(f"{CASE}/assign", offers.Assign.as_view()),
    path(f"{CASE}/accept", offers.Accept.as_view()),
    path(f"{CASE}/decline", offers.Decline.as_view()),
    path(f"{CASE}/first-read", opinions.FirstRead.as_view()),
    path(f"{CASE}/first-opinion", first_opinion.FirstOpinion.as_view()),
    path(f"{CASE}/opinion", opinions.Opinion.as_view()),
    path(f"{CASE}/opinion/draft", opinions.OpinionDraft.as_view()),
    path(f"{CASE}/opinion/drift", opinion_versions.OpinionDrift.as_view()),
    path(f"{CASE}/opinion/versions", opinion_versions.OpinionVersions.as_view()),
    path(f"{CASE}/opinion/versions/<int:number>", opinion_versions.OpinionVersionDetail.as_view()),
    path(f"{CASE}/opinion/versions/<int:number>/changes/<int:other>", opinion_versions.OpinionChanges.as_view()),
    path(f"{CASE}/peer", peer_review.Peer.as_view()),
    path(f"{CASE}/peer-review", peer_review.PeerReview.as_view()),
    path(f"{CASE}/incident", peer_review.Incident.as_view()),
    path(f"{CASE}/questions", clarifications.Questions.as_view()),
    path(f"{CASE}/answers", clarifications.Answers.as_view()),
    path(f"{CASE}/messages", messages.Messages.as_view()),
    path(f"{CASE}/notes", messages.Notes.as_view()),
    path(f"{CASE}/follow-up-questions", follow_up_questions.FollowUps.as_view()),
    path(f"{CASE}/follow-up-questions/<uuid:follow_up_id>/answer", follow_up_questions.Addendum.as_view()),
    path(f"{CASE}/outcomes", follow_up_questions.Outcomes.as_view()),
    path(f"{CASE}/outcomes/<int:day>", follow_up_questions.OutcomeDetail.as_view()),
    path(f"{CASE}/rating", follow_up_questions.ServiceRating.as_view()),
    path(f"{CASE}/report", reports.Report.as_view()),
    path(f"{CASE}/reports", reports.Reports.as_view()),
    path(f"{CASE}/report.pdf", reports.ReportPdf.as_view()),
    path(f"{CASE}/report.fhir.json", reports.ReportFhir.as_view()),
    path("report-verifications", verification.ReportVerifications.as_view()),
    path("report-keys", verification.ReportKeys.as_view()),
    path("report-status-list", verification.ReportStatusList.as_view()),
    path(f"{CASE}/delegates", delegates.Delegates.as_view()),
    path(f"{CASE}/delegates/<uuid:proxy_id>", delegates.DelegateDetail.as_view()),
    path(f"{CASE}/break-glass", break_glass.BreakGlass.as_view()),
    path("break-glass", break_glass.BreakGlassList.as_view()),
    path("break-glass/<uuid:use_id>/review", break_glass.BreakGlassReview.as_view()),
    path(f"{CASE}/record-requests", record_requests.RecordRequests.as_view()),
    path(f"{CASE}/record-requests/<uuid:request_id>", record_requests.RecordRequestDetail.as_view()),
    path("fhir/metadata", fhir.Capability.as_view()),
    path("fhir/Patient/<uuid:patient_id>/$everything", fhir.Everything.as_view()),
    path("fhir/Composition/<uuid:report_id>/$document", fhir.SignedDocument.as_view()),
    path("fhir/<str:kind>", fhir.Search.as_view()),
    path("fhir/<str:kind>/<uuid:resource_id>", fhir.ResourceDetail.as_view()),
    path("record-uploads", record_requests.RecordUploads.as_view()),
    path("submissions", submissions.Submissions.as_view()),
    path("submissions/<uuid:submission_id>", submissions.SubmissionDetail.as_view()),
    path("submissions/<uuid:submission_id>/documents", submissions.SubmissionDocuments.as_view()),
    path("submissions/<uuid:submission_id>/claim", submissions.SubmissionClaim.as_view()),
    path("documents/upload", documents.Upload.as_view()),
    path("documents/tus", tus.TusUploads.as_view()),
    path("documents/tus/<uuid:upload_id>", tus.TusUpload.as_view()),
    path(DOCUMENT, documents.DocumentDetail.as_view()),
    path(f"{DOCUMENT}/coverage", coverage.DocumentCoverage.as_view()),
    path(f"{DOCUMENT}/content", documents.Content.as_view()),
    path(f"{DOCUMENT}/original", documents.Original.as_view()),
    path(f"{DOCUMENT}/confirm", documents.Confirm.as_view()),
    path(f"{DOCUMENT}/pages/<int:number>/text", documents.PageText.as_view()),
    path(f"{DOCUMENT}/pages/<int:number>.webp", documents.PageImage.as_view()),
    path(f"{DOCUMENT}/pages/<int:number>.thumb.webp", documents.PageThumbnail.as_view()),
    path(f"{DICOM}/studies", qido.Studies.as_view()),
    path(f"{DICOM}/series", qido.AllSeries.as_view()),
    path(f"{DICOM}/instances", qido.AllInstances.as_view()),
    path(f"{STUDY}/series", qido.StudySeries.as_view()),
    path(f"{STUDY}/instances", qido.StudyInstances.as_view()),
    path(f"{SERIES}/instances", qido.SeriesInstances.as_view()),
    path(STUDY, wado.Study.as_view()),
    path(SERIES, wado.Series.as_view()),
    path(INSTANCE, wado.Instance.as_view()),
    path(f"{STUDY}/metadata", wado.StudyMetadata.as_view()),
    path(f"{SERIES}/metadata", wado.SeriesMetadata.as_view()),
    path(f"{INSTANCE}/metadata", wado.InstanceMetadata.as_view()),
    path(f"{INSTANCE}/rendered", wado.RenderedInstance.as_view()),
    path(f"{INSTANCE}/frames/<str:numbers>", wado.Frames.as_view()),
    path(f"{INSTANCE}/frames/<int:number>/rendered", wado.RenderedFrame.as_view()),
]
