import django.db.models.deletion
from django.db import migrations, models

from common.migrating import AddIndexApart, WithoutOwnIndex


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("accounts", "0004_fewer_indexes"),
        ("languages", "0003_fewer_indexes"),
        ("validation", "0002_weighed_votes"),
    ]

    operations = [
        AddIndexApart(
            model_name="judgement",
            index=models.Index(fields=["clip", "id"], name="judgement_newest"),
        ),
        WithoutOwnIndex(
            model_name="judgement",
            name="clip",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="judgements",
                to="recordings.clip",
            ),
        ),
        WithoutOwnIndex(
            model_name="assignment",
            name="speaker",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="accounts.speaker",
            ),
        ),
        WithoutOwnIndex(
            model_name="clipskip",
            name="speaker",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="accounts.speaker",
            ),
        ),
        WithoutOwnIndex(
            model_name="doubt",
            name="language",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="languages.language",
            ),
        ),
        WithoutOwnIndex(
            model_name="heard",
            name="speaker",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="accounts.speaker",
            ),
        ),
        WithoutOwnIndex(
            model_name="reliability",
            name="speaker",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="reliabilities",
                to="accounts.speaker",
            ),
        ),
        WithoutOwnIndex(
            model_name="report",
            name="speaker",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="reports",
                to="accounts.speaker",
            ),
        ),
        WithoutOwnIndex(
            model_name="vote",
            name="speaker",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="votes",
                to="accounts.speaker",
            ),
        ),
    ]
