"""Notices that somebody must read: how far they were followed up, and whom staff call."""

from typing import ClassVar

from django.db import models

from config.kernel.db import Entity
from config.kernel.db.states import StateField
from config.kernel.labels import label
from notifications.domain.state_machines import ESCALATION, EscalationState
from notifications.models.notices import Notice


class Escalation(Entity):
    """One notice that must be read. ``channel`` is the last one that it was sent by; empty when none is left."""

    personal_to: ClassVar[tuple[str, ...]] = ("user_id",)
    notice = models.OneToOneField(Notice, on_delete=models.CASCADE, related_name="escalation")
    user_id = models.UUIDField()
    state = StateField(ESCALATION, max_length=10)
    channel = models.CharField(max_length=10, blank=True)
    next_at = models.DateTimeField()
    unreached_at = models.DateTimeField(null=True)
    # A member of staff: who calls.
    claimed_by = models.UUIDField(null=True)
    claimed_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=40, blank=True)

    class Meta(Entity.Meta):
        verbose_name = "person we cannot reach"
        verbose_name_plural = "people we cannot reach"
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["next_at"],
                condition=models.Q(state=EscalationState.WATCHED.value),
                name="notifications_escalate",
            ),
            models.Index(fields=["state", "-id"], name="notifications_esc_state"),
            models.Index(fields=["user_id"], name="notifications_esc_user"),
        ]

    def __str__(self) -> str:
        return f"notice {label(self.state).lower()}"
