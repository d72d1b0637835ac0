"""Addresses of this context, under /api/v1/."""

from django.urls import path

from professionals.api import (
    affiliations,
    calendars,
    confirming,
    evidence,
    feeds,
    figures,
    listing,
    publication,
    quality,
    standing,
    taxonomy,
    views,
)

ONE = "professionals/<uuid:professional_id>"

urlpatterns = [
    path("professionals", listing.ProfessionalList.as_view()),
    path("taxonomy", taxonomy.TaxonomyView.as_view()),
    path("professionals/register", views.Register.as_view()),
    path("professionals/verify", views.Verify.as_view()),
    path(ONE, views.ProfessionalDetail.as_view()),
    path(f"{ONE}/decision", views.Decision.as_view()),
    path(f"{ONE}/credentials", views.Credentials.as_view()),
    path(f"{ONE}/affiliations", affiliations.Affiliations.as_view()),
    path(f"{ONE}/affiliations/<uuid:affiliation_id>", affiliations.AffiliationDetail.as_view()),
    path(f"{ONE}/standing", standing.Standing.as_view()),
    path(f"{ONE}/licences/<uuid:licence_id>/check", standing.LicenceCheck.as_view()),
    path(f"{ONE}/documents", evidence.EvidenceList.as_view()),
    path(f"{ONE}/documents/<uuid:evidence_id>/file", evidence.EvidenceFile.as_view()),
    path(f"{ONE}/documents/<uuid:evidence_id>/decision", confirming.EvidenceDecision.as_view()),
    path(f"{ONE}/stats", figures.StatisticsView.as_view()),
    path(f"{ONE}/stats/public", figures.PublicStatistics.as_view()),
    path(f"{ONE}/stats/publication/decision", publication.PublicationDecision.as_view()),
    path("statistics/publication", publication.OwnPublication.as_view()),
    path("reviews", quality.Reviews.as_view()),
    path("reviews/<uuid:professional_id>", quality.ReviewList.as_view()),
    path("reviews/<uuid:review_id>/moderation", quality.Moderation.as_view()),
    path("availability/calendar", calendars.Calendar.as_view()),
    path("availability/calendar/<uuid:entry_id>", calendars.CalendarEntryDetail.as_view()),
    path("availability/feed", feeds.Feed.as_view()),
    path("calendars/<str:secret>.ics", feeds.FeedFile.as_view()),
    path("availability", views.Availability.as_view()),
]
