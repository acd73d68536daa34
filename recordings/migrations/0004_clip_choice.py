from django.db import migrations, models

from common.migrating import AddIndexApart, RemoveIndexApart


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("recordings", "0003_other_indexes")]

    operations = [
        AddIndexApart(
            model_name="clip",
            index=models.Index(
                fields=["language", "state", "heard", "place"],
                include=["id", "speaker", "warnings", "prompt", "pipeline_version"],
                name="clip_choice",
            ),
        ),
        RemoveIndexApart(model_name="clip", name="clip_counts"),
    ]
