import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from common.migrating import WithoutOwnIndex


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("accounts", "0003_news_reader"),
    ]

    operations = [
        WithoutOwnIndex(
            model_name="claimedvoice",
            name="claim",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="voices",
                to="accounts.claim",
            ),
        ),
        WithoutOwnIndex(
            model_name="consent",
            name="speaker",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="consents",
                to="accounts.speaker",
            ),
        ),
        WithoutOwnIndex(
            model_name="grant",
            name="user",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="grants",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        WithoutOwnIndex(
            model_name="ownaccent",
            name="speaker",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="own_accents",
                to="accounts.speaker",
            ),
        ),
    ]
