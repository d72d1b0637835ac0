from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0029_job_shares"),
    ]

    operations = [
        migrations.RemoveIndex("job", "cases_job_lane"),
        migrations.RenameField("job", "lane", "concurrency_key"),
        migrations.RenameField("job", "rung_at", "dispatched_at"),
        migrations.AddIndex(
            "job",
            models.Index(
                fields=["concurrency_key"],
                condition=models.Q(state__in=("QUEUED", "RUNNING")) & ~models.Q(concurrency_key=""),
                name="cases_job_concurrency",
            ),
        ),
    ]
