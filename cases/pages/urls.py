"""Addresses that mails of this context name, at the root."""

from django.urls import path

from cases.pages.records import send_records

urlpatterns = [path("send-records", send_records)]
