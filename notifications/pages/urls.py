"""Addresses of pages: the one that mails name, and how one is told, below /account/."""

from django.urls import path

from notifications.pages.unsubscription import unsubscription

urlpatterns = [path("unsubscribe/<str:token>", unsubscription)]
