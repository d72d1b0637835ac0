"""Addresses of pages: the one that mails name, what somebody was told, and how they are told, below /account/."""

from django.urls import path

from notifications.pages import inbox
from notifications.pages.preferences import preferences, remove_device
from notifications.pages.unsubscription import unsubscription

urlpatterns = [
    path("unsubscribe/<str:token>", unsubscription),
    path("account/news", inbox.inbox),
    path("account/news/<uuid:notice_id>", inbox.opened),
    path("account/news/sign-in", inbox.sign_in),
    path("account/news/sign-out", inbox.sign_out),
    path("account/notifications", preferences),
    path("account/notifications/devices/<uuid:device_id>/remove", remove_device),
]
