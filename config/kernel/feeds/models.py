"""How far each feed has read; each context has its own table, beside its outbox."""

from typing import ClassVar

from django.db import models

from config.kernel import clock


class AbstractFeedCursor(models.Model):
    """One feed's place in one context's outbox, or among its audit rows.

    Every event that the snapshot ``seen`` shows has been sent; so has what ``upto`` shows, as far as ``position``.
    Of audit rows only ``position`` counts: their links in the chain are given one after the other.
    """

    not_personal: ClassVar[str] = "how far a feed has read, in numbers"
    feed = models.CharField(max_length=60, primary_key=True)
    seen = models.TextField(blank=True)
    upto = models.TextField(blank=True)
    position = models.BigIntegerField(default=0)
    moved_at = models.DateTimeField(default=clock.now)

    class Meta:
        abstract = True
        ordering: ClassVar[list[str]] = ["feed"]

    def __str__(self) -> str:
        return f"{self.feed} at {self.position}"
