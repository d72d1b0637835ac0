"""Documents say which reader read them; re-readings, and signed reports at which somebody looks again."""

import django.db.models.deletion
from django.db import migrations, models

import config.kernel.clock
import config.kernel.db.identifiers


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0003_feed_order"),
    ]

    operations = [
        migrations.AddField(
            model_name="document",
            name="reader_version",
            field=models.PositiveSmallIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name="findingprojection",
            name="asked_again",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.CreateModel(
            name="ReportRecheck",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=config.kernel.db.identifiers.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("created_at", models.DateTimeField(default=config.kernel.clock.now, editable=False)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                ("document_id", models.UUIDField()),
                (
                    "cause",
                    models.CharField(
                        choices=[("critical_value", "Critical Value"), ("another_person", "Another Person")],
                        max_length=20,
                    ),
                ),
                ("values", models.PositiveIntegerField(default=0)),
                (
                    "state",
                    models.CharField(
                        choices=[("OPEN", "Open"), ("STANDS", "Stands"), ("AMENDED", "Amended")],
                        default="OPEN",
                        max_length=7,
                    ),
                ),
                ("settled_by", models.UUIDField(null=True)),
                ("settled_at", models.DateTimeField(null=True)),
                ("reason_sealed", models.BinaryField(null=True)),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="rechecks", to="cases.case"
                    ),
                ),
            ],
            options={
                "ordering": ["-id"],
                "abstract": False,
                "indexes": [models.Index(fields=["state", "-id"], name="cases_recheck_state")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "OPEN")),
                        fields=("document_id", "cause"),
                        name="cases_recheck_one_open",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Rereading",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=config.kernel.db.identifiers.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("created_at", models.DateTimeField(default=config.kernel.clock.now, editable=False)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                ("patient_id", models.UUIDField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("WAITING", "Waiting"),
                            ("DONE", "Done"),
                            ("ASKED", "Asked"),
                            ("UPHELD", "Upheld"),
                            ("REFUSED", "Refused"),
                            ("KEPT", "Kept"),
                            ("DROPPED", "Dropped"),
                        ],
                        default="WAITING",
                        max_length=9,
                    ),
                ),
                ("former_version", models.PositiveSmallIntegerField()),
                ("reader_version", models.PositiveSmallIntegerField()),
                ("reason", models.CharField(blank=True, max_length=40)),
                ("former_sealed", models.BinaryField(null=True)),
                ("identity_match", models.CharField(blank=True, max_length=12)),
                ("doubts", models.CharField(blank=True, max_length=80)),
                ("begun_by", models.UUIDField(null=True)),
                ("settled_by", models.UUIDField(null=True)),
                ("reasons_sealed", models.BinaryField(null=True)),
                ("finished_at", models.DateTimeField(null=True)),
                (
                    "document",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="rereadings", to="cases.document"
                    ),
                ),
            ],
            options={
                "ordering": ["-id"],
                "abstract": False,
                "indexes": [models.Index(fields=["state", "-id"], name="cases_rereading_state")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "DROPPED"), _negated=True),
                        fields=("document", "reader_version"),
                        name="cases_rereading_once",
                    )
                ],
            },
        ),
    ]
