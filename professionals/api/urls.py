"""Addresses of this context, under /api/v1/."""

from django.urls import path

from professionals.api import (
    affiliations,
    calendar_feeds,
    calendars,
    credentials,
    evidence,
    evidence_confirmation,
    figures,
    public_profiles,
    publication,
    quality,
    specialists,
    taxonomy,
)

ONE = "professionals/<uuid:professional_id>"

urlpatterns = [
    path("professionals", public_profiles.ProfessionalList.as_view()),
    path("taxonomy", taxonomy.TaxonomyView.as_view()),
    path("professionals/register", specialists.Register.as_view()),
    path("professionals/verify", specialists.Verify.as_view()),
    path(ONE, specialists.ProfessionalDetail.as_view()),
    path(f"{ONE}/decision", specialists.Decision.as_view()),
    path(f"{ONE}/credentials", specialists.Credentials.as_view()),
    path(f"{ONE}/affiliations", affiliations.Affiliations.as_view()),
    path(f"{ONE}/affiliations/<uuid:affiliation_id>", affiliations.AffiliationDetail.as_view()),
    path(f"{ONE}/standing", credentials.Standing.as_view()),
    path(f"{ONE}/licences/<uuid:licence_id>/check", credentials.LicenceCheck.as_view()),
    path(f"{ONE}/documents", evidence.EvidenceList.as_view()),
    path(f"{ONE}/documents/<uuid:evidence_id>/file", evidence.EvidenceFile.as_view()),
    path(f"{ONE}/documents/<uuid:evidence_id>/decision", evidence_confirmation.EvidenceDecision.as_view()),
    path(f"{ONE}/stats", figures.StatisticsView.as_view()),
    path(f"{ONE}/stats/public", figures.PublicStatistics.as_view()),
    path(f"{ONE}/stats/publication/decision", publication.PublicationDecision.as_view()),
    path("statistics/publication", publication.OwnPublication.as_view()),
    path("reviews", quality.Reviews.as_view()),
    path("reviews/<uuid:professional_id>", quality.ReviewList.as_view()),
    path("reviews/<uuid:review_id>/moderation", quality.Moderation.as_view()),
    path("availability/calendar", calendars.Calendar.as_view()),
    path("availability/calendar/<uuid:entry_id>", calendars.CalendarEntryDetail.as_view()),
    path("availability/feed", calendar_feeds.Feed.as_view()),
    path("calendars/<str:secret>.ics", calendar_feeds.FeedFile.as_view()),
    path("availability", specialists.Availability.as_view()),
]
