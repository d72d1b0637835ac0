"""Messages that programs and staff asked for, by the sender's own reference."""

from typing import Any, ClassVar

from django.db import models

from config.kernel.db import Entity
from config.kernel.db.states import StateField
from config.kernel.labels import lowered
from notifications.domain.state_machines import SEND_REQUEST


class SendRequest(Entity):
    """One message to one person. The row stays for ever, so that a reference means one message for ever.

    Of the reference only its hash is kept, and of the content too (``content_hash``), since the person and the values
    go with the notice, or when the person is erased.
    """

    personal_to: ClassVar[tuple[str, ...]] = ("user_id",)
    on_erasure: ClassVar[str] = "tombstone"
    blank_on_erasure: ClassVar[dict[str, Any]] = {"user_id": None, "values": {}}
    sender_id = models.UUIDField()
    reference_hash = models.BinaryField()
    content_hash = models.BinaryField()
    state = StateField(SEND_REQUEST, max_length=10)
    user_id = models.UUIDField(null=True)
    template = models.CharField(max_length=80)
    template_version = models.PositiveIntegerField()
    category = models.CharField(max_length=20)
    channels = models.JSONField()
    values = models.JSONField(default=dict)
    send_at = models.DateTimeField(null=True)
    notice_id = models.UUIDField(null=True)
    # Why it was cancelled: by its sender, because its template was retired, or its person erased.
    reason = models.CharField(max_length=20, blank=True, default="", db_default="")

    class Meta(Entity.Meta):
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["sender_id", "reference_hash"], name="notifications_reference_once")
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["user_id"], name="notifications_request_user"),
            models.Index(fields=["sender_id", "-created_at"], name="notifications_request_sender"),
            models.Index(
                fields=["created_at"], condition=models.Q(user_id__isnull=False), name="notifications_request_kept"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.template}, {lowered(self.state)}"
