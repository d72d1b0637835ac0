"""The order in which feeds read, built while events go on being written."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("analysis", "0002_feeds")]

    operations = [
        AddIndexConcurrently(
            model_name="outboxentry",
            index=models.Index(fields=["xid", "position"], name="analysis_outbox_xid"),
        ),
    ]
