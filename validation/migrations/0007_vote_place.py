from django.db import migrations

import validation.models


class Migration(migrations.Migration):
    dependencies = [("validation", "0006_sweep_soon")]

    operations = [
        migrations.AddField(
            model_name="vote",
            name="place",
            field=validation.models.PlaceOfClip(editable=False, null=True),
        ),
    ]
