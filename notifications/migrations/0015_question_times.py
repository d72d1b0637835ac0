from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("notifications", "0014_indexes_of_time")]

    operations = [
        migrations.AddField(model_name="delivery", name="asked_at", field=models.DateTimeField(null=True)),
    ]
