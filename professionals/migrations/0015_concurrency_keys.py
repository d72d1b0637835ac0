from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("professionals", "0014_job_shares"),
    ]

    operations = [
        migrations.RemoveIndex("job", "professionals_job_lane"),
        migrations.RenameField("job", "lane", "concurrency_key"),
        migrations.RenameField("job", "rung_at", "dispatched_at"),
        migrations.AddIndex(
            "job",
            models.Index(
                fields=["concurrency_key"],
                condition=models.Q(state__in=("QUEUED", "RUNNING")) & ~models.Q(concurrency_key=""),
                name="professionals_job_concurrency",
            ),
        ),
    ]
