import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0004_fewer_indexes"),
        ("recordings", "0004_clip_choice"),
        ("validation", "0004_gold_walk"),
    ]

    operations = [
        migrations.AlterField(
            model_name="assignment",
            name="clip",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="recordings.clip",
            ),
        ),
        migrations.AlterField(
            model_name="assignment",
            name="speaker",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="accounts.speaker",
            ),
        ),
    ]
