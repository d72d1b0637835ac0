"""Runs say which reading they rest on, and what a newer reading says otherwise is kept for people to see."""

import django.db.models.deletion
from django.db import migrations, models

import config.kernel.clock
import config.kernel.db.identifiers


class Migration(migrations.Migration):
    dependencies = [
        ("analysis", "0003_feed_order"),
    ]

    operations = [
        migrations.AddField(
            model_name="analysisrun",
            name="again",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name="analysisrun",
            name="reader_version",
            field=models.PositiveSmallIntegerField(db_default=0, default=0),
        ),
        migrations.CreateModel(
            name="FindingChange",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=config.kernel.db.identifiers.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("created_at", models.DateTimeField(default=config.kernel.clock.now, editable=False)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                ("case_id", models.UUIDField()),
                ("document_id", models.UUIDField()),
                ("patient_id", models.UUIDField()),
                (
                    "what",
                    models.CharField(
                        choices=[("new", "New"), ("changed", "Changed"), ("vanished", "Vanished")], max_length=8
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("NOTED", "Noted"),
                            ("ASKED", "Asked"),
                            ("ANSWERED", "Answered"),
                            ("LAPSED", "Lapsed"),
                        ],
                        default="NOTED",
                        max_length=8,
                    ),
                ),
                ("finding_id", models.UUIDField(null=True)),
                ("former_id", models.UUIDField(null=True)),
                ("former_decision", models.CharField(blank=True, max_length=8)),
                ("critical", models.BooleanField()),
                (
                    "run",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="changes", to="analysis.analysisrun"
                    ),
                ),
            ],
            options={
                "ordering": ["-id"],
                "abstract": False,
                "indexes": [
                    models.Index(fields=["case_id", "-id"], name="analysis_change_case"),
                    models.Index(fields=["finding_id"], name="analysis_change_finding"),
                    models.Index(fields=["former_id"], name="analysis_change_former"),
                    models.Index(fields=["state", "-id"], name="analysis_change_state"),
                ],
            },
        ),
    ]
