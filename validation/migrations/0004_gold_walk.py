import django.db.models.deletion
from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

import common.ring
from common.migrating import AddIndexApart


def spread(apps: Apps, _editor: BaseDatabaseSchemaEditor) -> None:
    """Give each gold clip the language of its clip and a place of its own; there are hundreds at most."""
    for gold in apps.get_model("validation", "Gold").objects.select_related("clip"):
        gold.language_id = gold.clip.language_id
        gold.place = common.ring.random_place()
        gold.save(update_fields=["language", "place"])


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("languages", "0003_fewer_indexes"),
        ("validation", "0003_fewer_indexes"),
    ]

    operations = [
        migrations.AddField(
            model_name="gold",
            name="language",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="languages.language",
            ),
        ),
        migrations.AddField(
            model_name="gold",
            name="place",
            field=models.PositiveBigIntegerField(default=common.ring.random_place, editable=False, null=True),
        ),
        migrations.RunPython(spread, migrations.RunPython.noop),
        AddIndexApart(model_name="gold", index=models.Index(fields=["language", "place"], name="gold_walk")),
    ]
