from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("notifications", "0016_open_texts")]

    operations = [
        migrations.AddField(
            model_name="suppression",
            name="reasons",
            field=models.JSONField(db_default={}, default=dict),
        ),
    ]
