from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    # Concurrently, which no transaction allows.
    atomic = False
    dependencies = [("notifications", "0013_refusal_reasons")]

    operations = [
        AddIndexConcurrently("hookdelivery", models.Index(fields=["created_at"], name="notifications_hook_kept")),
        AddIndexConcurrently(
            "sendrequest", models.Index(fields=["sender_id", "-created_at"], name="notifications_request_sender")
        ),
    ]
