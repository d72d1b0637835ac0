from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


def unique_concurrently(
    model: str, constraint: models.UniqueConstraint, columns: str, where: str = ""
) -> migrations.SeparateDatabaseAndState:
    """A unique index that is made while others write, under the name that the constraint has in the models."""
    return migrations.SeparateDatabaseAndState(
        state_operations=[migrations.AddConstraint(model, constraint)],
        database_operations=[
            migrations.RunSQL(
                f"CREATE UNIQUE INDEX CONCURRENTLY {constraint.name} ON notifications_{model} ({columns}){where}",
                f"DROP INDEX CONCURRENTLY {constraint.name}",
            )
        ],
    )


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("notifications", "0002_channels")]

    operations = [
        AddIndexConcurrently(
            "delivery",
            models.Index(condition=models.Q(("state", "HELD")), fields=["not_before"], name="notifications_held"),
        ),
        AddIndexConcurrently(
            "delivery",
            models.Index(
                condition=models.Q(("campaign_id__isnull", False)),
                fields=["campaign_id", "state"],
                name="notifications_campaign_state",
            ),
        ),
        AddIndexConcurrently("delivery", models.Index(fields=["user_id", "-id"], name="notifications_delivery_user")),
        unique_concurrently(
            "delivery", models.UniqueConstraint(fields=("key",), name="notifications_delivery_key"), "key"
        ),
        unique_concurrently(
            "delivery",
            models.UniqueConstraint(
                condition=models.Q(("provider_id", ""), _negated=True),
                fields=("provider", "provider_id"),
                name="notifications_provider_id",
            ),
            "provider, provider_id",
            " WHERE NOT (provider_id = '')",
        ),
    ]
