"""Feeds: each event says which transaction wrote it, and each feed how far it has read.

The default is evaluated once for the rows that are there, so that the table is not written anew.
"""

from django.db import migrations, models

import config.kernel.clock
import config.kernel.db.models


class Migration(migrations.Migration):
    dependencies = [("identity", "0001_schema")]

    operations = [
        migrations.CreateModel(
            name="FeedCursor",
            fields=[
                ("feed", models.CharField(max_length=60, primary_key=True, serialize=False)),
                ("seen", models.TextField(blank=True)),
                ("upto", models.TextField(blank=True)),
                ("position", models.BigIntegerField(default=0)),
                ("moved_at", models.DateTimeField(default=config.kernel.clock.now)),
            ],
            options={"ordering": ["feed"], "abstract": False},
        ),
        migrations.AddField(
            model_name="outboxentry",
            name="xid",
            field=config.kernel.db.models.TransactionIdField(
                db_default=models.Func(function="pg_current_xact_id"), editable=False
            ),
        ),
    ]
