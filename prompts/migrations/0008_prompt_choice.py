from django.db import migrations, models

from common.migrating import AddIndexApart, RemoveIndexApart


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("prompts", "0007_places_by_keys")]

    operations = [
        AddIndexApart(
            model_name="prompt",
            index=models.Index(
                fields=["language", "state", "clips_count", "place"],
                include=("id", "kind", "domain", "variant"),
                name="prompt_choice",
            ),
        ),
        RemoveIndexApart(model_name="prompt", name="prompt_levels"),
    ]
