"""Authenticator apps and recovery codes become devices of django-otp; what people have set up works on."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import config.kernel.clock
import config.kernel.db.identifiers

_USER = models.ForeignKey(
    help_text="The user that this device belongs to.",
    on_delete=django.db.models.deletion.CASCADE,
    to=settings.AUTH_USER_MODEL,
)
_NAME = models.CharField(help_text="The human-readable name of this device.", max_length=64)
_CONFIRMED = models.BooleanField(default=True, help_text="Is this device ready for use?")


def make_devices(apps, schema_editor):
    """An app is confirmed or not; each user's codes get the device that they belong to."""
    apps.get_model("identity", "TotpSecret").objects.filter(confirmed_at=None).update(confirmed=False)
    codes, devices = apps.get_model("identity", "RecoveryCode"), apps.get_model("identity", "RecoveryDevice")
    made = codes.objects.order_by("user_id").values("user_id").annotate(at=models.Min("created_at"))
    for row in made.values_list("user_id", "at"):
        device = devices.objects.create(user_id=row[0], name="Recovery codes", created_at=row[1])
        codes.objects.filter(user_id=row[0]).update(device=device)


# The tables of django-otp's plugins, which were never used beside ours, go. One that still holds a secret (of before
# 0004, which sealed and moved them) stops the migration instead.
DROP_PLUGINS = """
DO $$ DECLARE held boolean := false; BEGIN
    IF to_regclass('otp_totp_totpdevice') IS NOT NULL THEN
        EXECUTE 'SELECT EXISTS (SELECT FROM otp_totp_totpdevice)' INTO held;
    END IF;
    IF held THEN
        RAISE EXCEPTION 'otp_totp_totpdevice holds secrets: migrate by the former version as far as identity.0014 first';
    END IF;
END $$;
DROP TABLE IF EXISTS otp_static_statictoken, otp_static_staticdevice, otp_totp_totpdevice;
"""


class Migration(migrations.Migration):
    dependencies = [("identity", "0014_confirmed_addresses")]
    operations = [
        migrations.RunSQL(DROP_PLUGINS, migrations.RunSQL.noop),
        migrations.CreateModel(
            name="RecoveryDevice",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=config.kernel.db.identifiers.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("created_at", models.DateTimeField(default=config.kernel.clock.now, editable=False)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                ("name", _NAME),
                ("confirmed", _CONFIRMED),
                ("user", _USER),
            ],
            options={
                "ordering": ["-id"],
                "abstract": False,
                "constraints": [models.UniqueConstraint(fields=("user",), name="identity_recovery_one_list")],
            },
        ),
        migrations.AddField("totpsecret", "confirmed", _CONFIRMED),
        migrations.AddField(
            "totpsecret",
            "name",
            models.CharField(
                default="Authenticator app", help_text="The human-readable name of this device.", max_length=64
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            "recoverycode",
            "device",
            models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="codes",
                to="identity.recoverydevice",
            ),
        ),
        migrations.RunPython(make_devices, migrations.RunPython.noop),
        # The new references are checked now: tables with a check that waits are not altered.
        migrations.RunSQL("SET CONSTRAINTS ALL IMMEDIATE", migrations.RunSQL.noop),
        migrations.RemoveConstraint("totpsecret", "identity_totp_one_confirmed"),
        migrations.RemoveField("totpsecret", "confirmed_at"),
        migrations.AlterField("totpsecret", "user", _USER),
        migrations.AddConstraint(
            "totpsecret",
            models.UniqueConstraint(
                condition=models.Q(("confirmed", True)), fields=("user",), name="identity_totp_one_confirmed"
            ),
        ),
        migrations.RemoveConstraint("recoverycode", "identity_recovery_code_once"),
        migrations.RemoveField("recoverycode", "user"),
        migrations.AlterField(
            "recoverycode",
            "device",
            models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="codes", to="identity.recoverydevice"
            ),
        ),
        migrations.AddConstraint(
            "recoverycode",
            models.UniqueConstraint(fields=("device", "code_hash"), name="identity_recovery_code_once"),
        ),
    ]
