import django.db.models.deletion
from django.db import migrations, models

from common.migrating import WithoutOwnIndex


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("dashboard", "0001_initial"),
        ("languages", "0003_fewer_indexes"),
    ]

    operations = [
        WithoutOwnIndex(
            model_name="day",
            name="language",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="days",
                to="languages.language",
            ),
        ),
        WithoutOwnIndex(
            model_name="group",
            name="language",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="groups",
                to="languages.language",
            ),
        ),
    ]
