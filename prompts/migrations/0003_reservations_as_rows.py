from django.db import migrations, models

from common.migrating import AddIndexApart, AddUniqueApart, RemoveIndexApart


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("prompts", "0002_readings"),
    ]

    operations = [
        migrations.AddField(
            model_name="reservation",
            name="alone",
            field=models.BooleanField(db_default=False),
        ),
        AddUniqueApart(
            model_name="reservation",
            constraint=models.UniqueConstraint(
                condition=models.Q(("alone", True)), fields=("prompt",), name="reservation_alone"
            ),
        ),
        AddIndexApart(
            model_name="prompt",
            index=models.Index(
                fields=["language", "state", "clips_count", "place"],
                include=["id", "kind", "domain", "variant"],
                name="prompt_counts",
            ),
        ),
        RemoveIndexApart(model_name="prompt", name="prompt_levels"),
        # The columns go a release later: until then code of before may still write and read them
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.AlterField(
                    model_name="prompt",
                    name="reserved",
                    field=models.PositiveIntegerField(default=0, db_default=0, editable=False),
                ),
            ],
            state_operations=[
                migrations.RemoveField(model_name="prompt", name="taken"),
                migrations.RemoveField(model_name="prompt", name="reserved"),
            ],
        ),
    ]
