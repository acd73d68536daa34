import django.db.models.deletion
from django.db import migrations, models

from common.migrating import WithoutOwnIndex


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("languages", "0002_weighed_votes"),
    ]

    operations = [
        WithoutOwnIndex(
            model_name="accent",
            name="language",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="accents",
                to="languages.language",
            ),
        ),
        WithoutOwnIndex(
            model_name="variant",
            name="language",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="variants",
                to="languages.language",
            ),
        ),
    ]
