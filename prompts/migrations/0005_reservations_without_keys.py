import django.db.models.deletion
from django.db import migrations, models

from common.migrating import WithoutOwnIndex


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("accounts", "0004_fewer_indexes"),
        ("languages", "0003_fewer_indexes"),
        ("prompts", "0004_fewer_indexes"),
    ]

    operations = [
        WithoutOwnIndex(
            model_name="reservation",
            name="language",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="languages.language",
            ),
        ),
        migrations.AlterField(
            model_name="reservation",
            name="language",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="languages.language",
            ),
        ),
        migrations.AlterField(
            model_name="reservation",
            name="prompt",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="reservations",
                to="prompts.prompt",
            ),
        ),
        migrations.AlterField(
            model_name="reservation",
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
