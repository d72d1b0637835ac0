"""Addresses of the dashboard, under /dashboard/."""

from django.urls import path

from professionals.dashboard import (
    figures,
    images,
    opinion,
    practice,
    record,
    review,
    saved_views,
    sign_in,
    signed_opinion,
    worklist,
    workspace,
)

CASE = "cases/<uuid:case_id>"

urlpatterns = [
    path("", worklist.worklist),
    path("sign-in", sign_in.sign_in),
    path("sign-out", sign_in.sign_out),
    path("views", saved_views.save),
    path("views/<uuid:view_id>", saved_views.change),
    path("news", worklist.news),
    path("ticket", worklist.ticket),
    path("notices.json", worklist.notices),
    path("offers/<uuid:case_id>", worklist.offer),
    path("practice", practice.practice),
    path("practice/profile", practice.save_profile),
    path("practice/availability", practice.save_availability),
    path("practice/news", practice.save_news),
    path("practice/statistics", figures.statistics),
    path("practice/statistics/propose", figures.propose),
    path("practice/statistics/withdraw", figures.withdraw),
    path("reviews/<uuid:case_id>", review.review),
    path(CASE, workspace.workspace),
    path(f"{CASE}/first-read", workspace.first_read),
    path(f"{CASE}/find", workspace.find),
    path(f"{CASE}/ask", workspace.ask),
    path(f"{CASE}/draft", opinion.save),
    path(f"{CASE}/finish", opinion.finish),
    path(f"{CASE}/sign", opinion.sign),
    path(f"{CASE}/reports/<int:version>.pdf", signed_opinion.report, {"kind": "pdf"}),
    path(f"{CASE}/reports/<int:version>.fhir.json", signed_opinion.report, {"kind": "fhir"}),
    path(f"{CASE}/follow-ups/<uuid:follow_up_id>", signed_opinion.answer),
    path(f"{CASE}/images.json", images.stacks),
    path("documents/<uuid:document_id>/frames/<int:number>", images.frame),
    path(f"{CASE}/versions", record.versions),
    path(f"{CASE}/timeline", record.timeline),
    path(f"{CASE}/preview", record.preview),
    path(f"{CASE}/preview.pdf", record.preview_pdf),
    path(f"{CASE}/messages", record.messages),
    path("findings/<uuid:finding_id>", workspace.decide),
    path("documents/<uuid:document_id>/pages/<int:number>/lines.json", workspace.page_lines),
    path("documents/<uuid:document_id>/pages/<int:number>/<str:size>.webp", workspace.page_image),
]
