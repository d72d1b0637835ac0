"""What stands on a retention list."""

from typing import ClassVar

from django.db import models

from config.kernel import clock
from config.kernel.db.identifiers import uuid7
from config.kernel.labels import label


class AbstractRetentionListing(models.Model):
    """One thing whose time is over, on the list until its notice has passed."""

    not_personal: ClassVar[str] = "the id of a thing, and since when it is listed"
    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    rule = models.CharField(max_length=60)
    object_id = models.UUIDField(unique=True)
    listed_at = models.DateTimeField(default=clock.now)

    class Meta:
        abstract = True
        ordering: ClassVar[list[str]] = ["-id"]
        # The staff's list offers the rules that it holds.
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["rule", "-id"], name="%(app_label)s_retention_rule")
        ]

    def __str__(self) -> str:
        return f"{label(self.rule)} {self.listed_at:%Y-%m-%d}"
