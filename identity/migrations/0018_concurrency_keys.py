from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("identity", "0017_job_shares"),
    ]

    operations = [
        migrations.RemoveIndex("job", "identity_job_lane"),
        migrations.RenameField("job", "lane", "concurrency_key"),
        migrations.RenameField("job", "rung_at", "dispatched_at"),
        migrations.AddIndex(
            "job",
            models.Index(
                fields=["concurrency_key"],
                condition=models.Q(state__in=("QUEUED", "RUNNING")) & ~models.Q(concurrency_key=""),
                name="identity_job_concurrency",
            ),
        ),
    ]
