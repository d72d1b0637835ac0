"""Here authenticator secrets were moved, sealed, out of django-otp's own table; a new database has never had that table."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("identity", "0003_factors")]
    operations = []
