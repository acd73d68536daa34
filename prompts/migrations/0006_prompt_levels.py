from django.db import migrations, models

from common.migrating import AddIndexApart, RemoveIndexApart


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("prompts", "0005_reservations_without_keys")]

    operations = [
        AddIndexApart(
            model_name="prompt",
            index=models.Index(fields=["language", "state", "clips_count", "place"], name="prompt_levels"),
        ),
        RemoveIndexApart(model_name="prompt", name="prompt_counts"),
    ]
