import django.db.models.deletion
from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from common.migrating import WithoutOwnIndex


def keep_pages(_apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """Let PostgreSQL keep the pages of reservations that lapsed.

    Else it plans for an empty table in the night, and reads all of it for each sentence in the morning.
    """
    if editor.connection.vendor == "postgresql":
        editor.execute("ALTER TABLE prompts_reservation SET (vacuum_truncate = off)")


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("accounts", "0004_fewer_indexes"),
        ("languages", "0003_fewer_indexes"),
        ("prompts", "0004_fewer_indexes"),
    ]

    operations = [
        WithoutOwnIndex(
            model_name="stretch",
            name="language",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="languages.language",
            ),
        ),
        WithoutOwnIndex(
            model_name="reservation",
            name="prompt",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="reservations",
                to="prompts.prompt",
            ),
        ),
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
                db_index=False,
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
        migrations.RunPython(keep_pages, migrations.RunPython.noop),
    ]
