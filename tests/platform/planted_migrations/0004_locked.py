from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0003_gone")]
    operations = [migrations.AddIndex("planted", models.Index(fields=["new"], name="planted_new"))]
