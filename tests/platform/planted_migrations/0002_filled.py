from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0001_schema")]
    operations = [migrations.AddField("planted", "new", models.TextField(default=""))]
