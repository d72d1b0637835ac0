"""Addresses of this context, under /api/v1/."""

from django.urls import path

from notifications.api import callbacks, campaigns, devices, explanations, preferences, send, templates, views, webhooks

urlpatterns = [
    path("notifications/send", send.Send.as_view()),
    path("notifications/<uuid:message_id>/schedule", send.Schedule.as_view()),
    path("campaigns", campaigns.CampaignList.as_view()),
    path("campaigns/<uuid:campaign_id>", campaigns.CampaignDetail.as_view()),
    path("campaigns/<uuid:campaign_id>/preview", campaigns.Preview.as_view()),
    path("campaigns/<uuid:campaign_id>/test", campaigns.Test.as_view()),
    path("campaigns/<uuid:campaign_id>/submit", campaigns.Submit.as_view()),
    path("campaigns/<uuid:campaign_id>/approve", campaigns.Approve.as_view()),
    path("campaigns/<uuid:campaign_id>/start", campaigns.Start.as_view()),
    path("campaigns/<uuid:campaign_id>/pause", campaigns.Pause.as_view()),
    path("campaigns/<uuid:campaign_id>/resume", campaigns.Resume.as_view()),
    path("campaigns/<uuid:campaign_id>/cancel", campaigns.Cancel.as_view()),
    path("campaigns/<uuid:campaign_id>/report", campaigns.Report.as_view()),
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
    path("devices", devices.Devices.as_view()),
    path("devices/<uuid:device_id>", devices.DeviceDetail.as_view()),
    path("push/key", devices.PushKey.as_view()),
    path("callbacks/twilio", callbacks.TwilioCallback.as_view()),
    path("callbacks/twilio/inbound", callbacks.TwilioReply.as_view()),
    path("callbacks/email/<slug:provider>", callbacks.EmailCallback.as_view()),
    path("realtime/ticket", views.Ticket.as_view()),
    path("webhooks", webhooks.WebhookList.as_view()),
    path("webhooks/<uuid:webhook_id>", webhooks.WebhookDetail.as_view()),
    path("webhooks/<uuid:webhook_id>/rotate", webhooks.WebhookRotate.as_view()),
    path("webhooks/<uuid:webhook_id>/test", webhooks.WebhookTest.as_view()),
    path("webhooks/<uuid:webhook_id>/deliveries", webhooks.WebhookDeliveries.as_view()),
    path("webhooks/<uuid:webhook_id>/replay", webhooks.WebhookReplay.as_view()),
]
