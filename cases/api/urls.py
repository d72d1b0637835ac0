"""Addresses of this context, under /api/v1/."""

from django.urls import path

from cases.api import cases, delegates, documents, emergency, intake, oversight, review, submissions, talk

CASE = "cases/<uuid:case_id>"
DOCUMENT = "documents/<uuid:document_id>"

urlpatterns = [
    path("cases", cases.CaseList.as_view()),
    path(CASE, cases.CaseDetail.as_view()),
    path(f"{CASE}/status", cases.CaseStatus.as_view()),
    path(f"{CASE}/transitions", cases.CaseTransitions.as_view()),
    path(f"{CASE}/history", cases.CaseHistory.as_view()),
    path(f"{CASE}/hold", cases.CaseHold.as_view()),
    path(f"{CASE}/documents", documents.CaseDocuments.as_view()),
    path("questionnaires", intake.Questionnaires.as_view()),
    path("questionnaires/<slug:code>", intake.OneQuestionnaire.as_view()),
    path(f"{CASE}/intake", intake.Intake.as_view()),
    path(f"{CASE}/red-flags/<uuid:flag_id>/acknowledgement", intake.RedFlag.as_view()),
    path(f"{CASE}/checklist", intake.Checklist.as_view()),
    path(f"{CASE}/checklist/<slug:code>/document", intake.ChecklistItem.as_view()),
    path(f"{CASE}/checklist/waive", review.Waive.as_view()),
    path(f"{CASE}/candidates", review.Candidates.as_view()),
    path(f"{CASE}/assign", review.Assign.as_view()),
    path(f"{CASE}/accept", review.Accept.as_view()),
    path(f"{CASE}/decline", review.Decline.as_view()),
    path(f"{CASE}/first-read", review.FirstRead.as_view()),
    path(f"{CASE}/opinion", review.Opinion.as_view()),
    path(f"{CASE}/opinion/draft", review.OpinionDraft.as_view()),
    path(f"{CASE}/peer", oversight.Peer.as_view()),
    path(f"{CASE}/peer-review", oversight.PeerReview.as_view()),
    path(f"{CASE}/incident", oversight.Incident.as_view()),
    path(f"{CASE}/questions", review.Questions.as_view()),
    path(f"{CASE}/answers", review.Answers.as_view()),
    path(f"{CASE}/messages", talk.Messages.as_view()),
    path(f"{CASE}/notes", talk.Notes.as_view()),
    path(f"{CASE}/report", review.Report.as_view()),
    path(f"{CASE}/report.pdf", review.ReportPdf.as_view()),
    path(f"{CASE}/report.fhir.json", review.ReportFhir.as_view()),
    path(f"{CASE}/delegates", delegates.Delegates.as_view()),
    path(f"{CASE}/delegates/<uuid:proxy_id>", delegates.OneDelegate.as_view()),
    path(f"{CASE}/break-glass", emergency.BreakGlass.as_view()),
    path("break-glass", emergency.BreakGlassList.as_view()),
    path("break-glass/<uuid:use_id>/review", emergency.BreakGlassReview.as_view()),
    path("submissions", submissions.Submissions.as_view()),
    path("submissions/<uuid:submission_id>", submissions.OneSubmission.as_view()),
    path("submissions/<uuid:submission_id>/documents", submissions.SubmissionDocuments.as_view()),
    path("submissions/<uuid:submission_id>/claim", submissions.SubmissionClaim.as_view()),
    path("documents/upload", documents.Upload.as_view()),
    path(DOCUMENT, documents.OneDocument.as_view()),
    path(f"{DOCUMENT}/content", documents.Content.as_view()),
    path(f"{DOCUMENT}/original", documents.Original.as_view()),
    path(f"{DOCUMENT}/confirm", documents.Confirm.as_view()),
    path(f"{DOCUMENT}/pages/<int:number>/text", documents.PageText.as_view()),
    path(f"{DOCUMENT}/pages/<int:number>.webp", documents.PageImage.as_view()),
    path(f"{DOCUMENT}/pages/<int:number>.thumb.webp", documents.PageThumbnail.as_view()),
]
