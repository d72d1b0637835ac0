"""Addresses of this context, under /api/v1/."""

from django.urls import path

from notifications.api import explanations, preferences, templates, views

urlpatterns = [
    path("notifications", views.NoticeList.as_view()),
    path("preferences", preferences.Preferences.as_view()),
    # Under its former address.
    path("notifications/preferences", preferences.Preferences.as_view()),
    path("notifications/read-all", views.NoticeRead.as_view()),
    path("notifications/<uuid:notice_id>", views.NoticeDetail.as_view()),
    path("notifications/<uuid:notice_id>/explanation", explanations.NoticeExplanation.as_view()),
    path("notifications/<uuid:notice_id>/read", views.NoticeRead.as_view()),
    path("templates", templates.TemplateList.as_view()),
    path("templates/<str:code>", templates.TemplateDetail.as_view()),
    path("templates/<str:code>/publish", templates.TemplatePublication.as_view()),
    path("templates/<str:code>/retire", templates.TemplateRetirement.as_view()),
    path("templates/<str:code>/preview", templates.TemplatePreview.as_view()),
    path("templates/<str:code>/test", templates.TemplateTest.as_view()),
    path("realtime/ticket", views.Ticket.as_view()),
]
