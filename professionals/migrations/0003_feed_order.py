"""The order in which feeds read, built while events go on being written."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("professionals", "0002_feeds")]

    operations = [
        AddIndexConcurrently(
            model_name="outboxentry",
            index=models.Index(fields=["xid", "position"], name="professionals_outbox_xid"),
        ),
    ]
