import django.db.models.deletion
from django.db import migrations, models

import config.kernel.clock
import config.kernel.db.identifiers


class Migration(migrations.Migration):
    dependencies = [
        ("notifications", "0003_delivery_indexes"),
    ]

    operations = [
        migrations.CreateModel(
            name="Campaign",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=config.kernel.db.identifiers.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("created_at", models.DateTimeField(default=config.kernel.clock.now, editable=False)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                ("version", models.PositiveIntegerField(default=1)),
                ("name", models.CharField(max_length=80)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("DRAFT", "Draft"),
                            ("SUBMITTED", "Submitted"),
                            ("SCHEDULED", "Scheduled"),
                            ("RUNNING", "Running"),
                            ("PAUSED", "Paused"),
                            ("FINISHED", "Finished"),
                            ("CANCELLED", "Cancelled"),
                        ],
                        default="DRAFT",
                        max_length=10,
                    ),
                ),
                ("template", models.CharField(max_length=80)),
                ("template_version", models.PositiveIntegerField()),
                ("category", models.CharField(max_length=20)),
                ("channels", models.JSONField()),
                ("values", models.JSONField(default=dict)),
                ("variants", models.JSONField(default=list)),
                ("audience", models.JSONField(default=dict)),
                ("starts_on", models.DateField()),
                ("starts_time", models.TimeField()),
                ("zone", models.CharField(max_length=64)),
                ("latest_start", models.DateTimeField(null=True)),
                ("window_from", models.TimeField(null=True)),
                ("window_to", models.TimeField(null=True)),
                ("per_minute", models.PositiveIntegerField()),
                ("author_id", models.UUIDField()),
                ("submitted_by", models.UUIDField(null=True)),
                ("submitted_at", models.DateTimeField(null=True)),
                ("approved_by", models.UUIDField(null=True)),
                ("approved_at", models.DateTimeField(null=True)),
                ("people_at_approval", models.PositiveIntegerField(null=True)),
                ("at_once", models.BooleanField(default=False)),
                ("started_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                ("watched_from", models.DateTimeField(null=True)),
                ("pause_reason", models.CharField(blank=True, max_length=120)),
                ("gathered_after", models.UUIDField(null=True)),
                ("gathered_at", models.DateTimeField(null=True)),
                ("people", models.PositiveIntegerField(default=0)),
                ("given_until", models.DateTimeField(null=True)),
            ],
            options={
                "ordering": ["-id"],
                "abstract": False,
                "indexes": [
                    models.Index(fields=["state", "-id"], name="notifications_campaign_list"),
                    models.Index(
                        condition=models.Q(("state__in", ["SCHEDULED", "RUNNING", "PAUSED"])),
                        fields=["state"],
                        name="notifications_campaign_work",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("approved_by", None),
                            models.Q(("approved_by", models.F("author_id")), _negated=True),
                            _connector="OR",
                        ),
                        name="notifications_campaign_not_author",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("approved_by", None),
                            models.Q(
                                ("submitted_by__isnull", False),
                                models.Q(("approved_by", models.F("submitted_by")), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="notifications_campaign_second_person",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["DRAFT", "SUBMITTED", "CANCELLED"]),
                            ("approved_by__isnull", False),
                            _connector="OR",
                        ),
                        name="notifications_campaign_approved",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SendRequest",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=config.kernel.db.identifiers.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("created_at", models.DateTimeField(default=config.kernel.clock.now, editable=False)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                ("sender_id", models.UUIDField()),
                ("reference_hash", models.BinaryField()),
                ("content_hash", models.BinaryField()),
                (
                    "state",
                    models.CharField(
                        choices=[("SCHEDULED", "Scheduled"), ("SENT", "Sent"), ("CANCELLED", "Cancelled")],
                        default="SCHEDULED",
                        max_length=10,
                    ),
                ),
                ("user_id", models.UUIDField(null=True)),
                ("template", models.CharField(max_length=80)),
                ("template_version", models.PositiveIntegerField()),
                ("category", models.CharField(max_length=20)),
                ("channels", models.JSONField()),
                ("values", models.JSONField(default=dict)),
                ("send_at", models.DateTimeField(null=True)),
                ("notice_id", models.UUIDField(null=True)),
            ],
            options={
                "ordering": ["-id"],
                "abstract": False,
                "indexes": [
                    models.Index(fields=["user_id"], name="notifications_request_user"),
                    models.Index(
                        condition=models.Q(("user_id__isnull", False)),
                        fields=["created_at"],
                        name="notifications_request_kept",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("sender_id", "reference_hash"), name="notifications_reference_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="CampaignRecipient",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("user_id", models.UUIDField()),
                ("position", models.PositiveIntegerField()),
                ("variant", models.PositiveSmallIntegerField(default=0)),
                ("zone", models.CharField(max_length=64)),
                ("not_before", models.DateTimeField()),
                ("notice_id", models.UUIDField(null=True)),
                ("left_out", models.CharField(blank=True, max_length=20)),
                (
                    "campaign",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="recipients",
                        to="notifications.campaign",
                    ),
                ),
            ],
            options={
                "ordering": ["position"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("left_out", ""), ("notice_id", None)),
                        fields=["campaign", "not_before", "position"],
                        name="notifications_recipient_waits",
                    ),
                    models.Index(fields=["user_id"], name="notifications_recipient_user"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("campaign", "user_id"), name="notifications_recipient_once"),
                    models.UniqueConstraint(
                        condition=models.Q(("notice_id__isnull", False)),
                        fields=("notice_id",),
                        name="notifications_recipient_notice",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("notice_id", None), ("left_out", ""), _connector="OR"),
                        name="notifications_recipient_one_end",
                    ),
                ],
            },
        ),
    ]
