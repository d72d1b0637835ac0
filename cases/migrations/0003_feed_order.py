"""The order in which feeds read, built while events go on being written."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("cases", "0002_feeds")]

    operations = [
        AddIndexConcurrently(
            model_name="outboxentry",
            index=models.Index(fields=["xid", "position"], name="cases_outbox_xid"),
        ),
    ]
