from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    # Concurrently, which no transaction allows.
    atomic = False
    dependencies = [("notifications", "0015_question_times")]

    operations = [
        AddIndexConcurrently(
            "delivery",
            models.Index(
                fields=["sending_at"],
                condition=models.Q(channel="sms", state__in=["SENT", "UNCERTAIN"]),
                name="notifications_text_open",
            ),
        ),
    ]
