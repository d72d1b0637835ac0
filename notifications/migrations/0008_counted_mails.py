"""Mails that whoever caused them has counted for the address."""

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    """One mark."""

    dependencies: ClassVar = [("notifications", "0007_uncertain_mails")]

    operations: ClassVar = [
        migrations.AddField("delivery", "counted", models.BooleanField(default=False, db_default=False)),
    ]
