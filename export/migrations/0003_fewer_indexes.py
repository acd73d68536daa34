import django.db.models.deletion
from django.db import migrations, models

from common.migrating import WithoutOwnIndex


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("export", "0002_weighed_votes"),
        ("languages", "0003_fewer_indexes"),
    ]

    operations = [
        WithoutOwnIndex(
            model_name="archive",
            name="edition",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="archives",
                to="export.edition",
            ),
        ),
        WithoutOwnIndex(
            model_name="document",
            name="release",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="documents",
                to="export.release",
            ),
        ),
        WithoutOwnIndex(
            model_name="edition",
            name="release",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="editions",
                to="export.release",
            ),
        ),
        WithoutOwnIndex(
            model_name="frozenclip",
            name="edition",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="clips",
                to="export.edition",
            ),
        ),
        WithoutOwnIndex(
            model_name="frozensentence",
            name="edition",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="sentences",
                to="export.edition",
            ),
        ),
        WithoutOwnIndex(
            model_name="frozenspeaker",
            name="edition",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="speakers",
                to="export.edition",
            ),
        ),
        WithoutOwnIndex(
            model_name="home",
            name="language",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="languages.language",
            ),
        ),
        WithoutOwnIndex(
            model_name="slice",
            name="archive",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="slices",
                to="export.archive",
            ),
        ),
        WithoutOwnIndex(
            model_name="voice",
            name="language",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="languages.language",
            ),
        ),
    ]
