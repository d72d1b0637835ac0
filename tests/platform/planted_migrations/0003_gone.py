from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("cases", "0002_filled")]
    operations = [migrations.RemoveField("planted", "old")]
