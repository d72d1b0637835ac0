"""Authenticator secrets move from django-otp's table, where they are plain, into ours, sealed."""

from django.db import migrations

from config.kernel.crypto import Place, seal_bytes
from config.kernel.db import uuid7
from identity.services.keys.data_keys import opened


def seal(apps, schema_editor):
    """Seal every secret under its owner's newest data key, then delete the plain row."""
    devices = apps.get_model("otp_totp", "TOTPDevice")
    secrets = apps.get_model("identity", "TotpSecret")
    keys = apps.get_model("identity", "DataKeyRecord")
    for device in devices.objects.order_by("user_id", "-confirmed", "id"):
        record = keys.objects.filter(subject_id=device.user_id).order_by("-number").first()
        taken = secrets.objects.filter(user_id=device.user_id).exists()
        if record is not None and device.confirmed and not taken:
            row_id = uuid7()
            sealed = seal_bytes(
                opened(record), Place("identity_totpsecret", "secret", row_id), bytes.fromhex(device.key)
            )
            secrets.objects.create(
                id=row_id,
                user_id=device.user_id,
                secret_sealed=sealed,
                confirmed_at=device.created_at or record.created_at,
                last_step=max(0, device.last_t),
            )
        device.delete()


class Migration(migrations.Migration):
    dependencies = [("identity", "0003_factors"), ("otp_totp", "0003_add_timestamps")]
    operations = [migrations.RunPython(seal, migrations.RunPython.noop, elidable=False)]
