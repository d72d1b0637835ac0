"""Two accounts of one patient."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from config.kernel.db import Entity
from config.kernel.db.states import StateField
from identity.domain.state_machines import MERGE, MergeState
from identity.models.accounts import User

_OPEN_OR_JOINED = Q(state__in=(MergeState.PROPOSED.value, MergeState.MERGED.value))
_JOINED = Q(state=MergeState.MERGED.value)
_DECIDED = Q(state__in=(MergeState.MERGED.value, MergeState.REFUSED.value, MergeState.SEPARATED.value))


class PatientMerge(Entity):
    """One person's two accounts: ``alias`` is kept with its rows and keys, ``survivor`` reaches them while MERGED."""

    survivor = models.ForeignKey(User, on_delete=models.PROTECT, related_name="merges_survived")
    alias = models.ForeignKey(User, on_delete=models.PROTECT, related_name="merges_given")
    state = StateField(MERGE, max_length=9)
    reason = models.CharField(max_length=300)
    likeness = models.JSONField()
    proposed_by = models.UUIDField()
    expires_at = models.DateTimeField()
    decided_by = models.UUIDField(null=True)
    decided_at = models.DateTimeField(null=True)
    alias_was_active = models.BooleanField(default=True)
    separated_by = models.UUIDField(null=True)
    separated_at = models.DateTimeField(null=True)
    separated_because = models.CharField(max_length=300, blank=True)

    class Meta(Entity.Meta):
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["survivor"], condition=_JOINED, name="identity_merge_survivor"),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["alias"], condition=_OPEN_OR_JOINED, name="identity_merge_alias_once"),
            models.CheckConstraint(condition=~Q(survivor=F("alias")), name="identity_merge_two_accounts"),
            models.CheckConstraint(
                condition=Q(decided_by=None)
                | (~Q(decided_by=F("proposed_by")) & ~Q(decided_by=F("survivor")) & ~Q(decided_by=F("alias"))),
                name="identity_merge_second_person",
            ),
            models.CheckConstraint(
                condition=~_DECIDED | Q(decided_by__isnull=False),
                name="identity_merge_decided",
            ),
        ]

    def __str__(self) -> str:
        return f"merge {self.id}"
