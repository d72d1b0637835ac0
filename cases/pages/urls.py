"""Addresses that mails and reports of this context name, at the root."""

from django.urls import path

from cases.pages.records import send_records
from cases.pages.verification import verify

urlpatterns = [path("send-records", send_records), path("verify", verify)]
