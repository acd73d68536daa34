import django.db.models.deletion
from django.db import migrations, models

from common.migrating import WithoutOwnIndex


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("accounts", "0004_fewer_indexes"),
        ("languages", "0003_fewer_indexes"),
        ("prompts", "0003_reservations_as_rows"),
    ]

    operations = [
        WithoutOwnIndex(
            model_name="prompt",
            name="language",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="prompts",
                to="languages.language",
            ),
        ),
        WithoutOwnIndex(
            model_name="promptskip",
            name="speaker",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="accounts.speaker",
            ),
        ),
        WithoutOwnIndex(
            model_name="refusedline",
            name="of",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="refused_lines",
                to="prompts.sentenceimport",
            ),
        ),
        WithoutOwnIndex(
            model_name="reservation",
            name="speaker",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="accounts.speaker",
            ),
        ),
        WithoutOwnIndex(
            model_name="review",
            name="speaker",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="reviews",
                to="accounts.speaker",
            ),
        ),
        WithoutOwnIndex(
            model_name="stretch",
            name="speaker",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="accounts.speaker",
            ),
        ),
    ]
