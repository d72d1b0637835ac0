"""Addresses of this context, under /api/v1/."""

from django.urls import path

from analysis.api import views

urlpatterns = [
    path("analysis/document", views.AnalyseDocument.as_view()),
    path("analysis/findings/<uuid:finding_id>/decision", views.Decision.as_view()),
    path("analysis/<uuid:run_id>", views.RunDetail.as_view()),
    path("insights/<uuid:case_id>", views.Insights.as_view()),
    path("insights/<uuid:case_id>/changes", views.Changes.as_view()),
    path("models", views.Models.as_view()),
]
