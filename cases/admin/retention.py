"""The retention list: cases whose time is over, until their notice has passed."""

from django.contrib import admin

from cases.models import RetentionListing
from config.kernel.admin import PlatformModelAdmin


@admin.register(RetentionListing)
class RetentionListingAdmin(PlatformModelAdmin):
    """A legal hold on the patient takes a case off the list with the next daily run."""

    view_roles = frozenset({"privacy_officer", "administrator"})
    id_search = ("id", "object_id")
    list_display = ("listed_at", "rule", "object_id")
    list_filter = ("rule",)
