"""The front page, and the addresses that mails name, at the root."""

from django.urls import path

from identity.pages.front import front
from identity.pages.links import LINKS, link_page

urlpatterns = [path("", front), *(path(kind, link_page, {"kind": kind}) for kind in LINKS)]
