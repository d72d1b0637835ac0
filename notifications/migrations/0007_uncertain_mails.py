"""Mails of which nobody knows whether they left."""

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    """Two states, and when each began."""

    dependencies: ClassVar = [("notifications", "0006_lists_of_staff")]

    operations: ClassVar = [
        migrations.AddField("delivery", "sending_at", models.DateTimeField(null=True)),
        migrations.AddField("delivery", "uncertain_at", models.DateTimeField(null=True)),
        migrations.AlterField(
            "delivery",
            "state",
            models.CharField(
                choices=[
                    ("QUEUED", "Queued"),
                    ("SENDING", "Sending"),
                    ("SENT", "Sent"),
                    ("UNCERTAIN", "Uncertain"),
                    ("SKIPPED", "Skipped"),
                    ("FAILED", "Failed"),
                ],
                default="QUEUED",
                max_length=10,
            ),
        ),
    ]
