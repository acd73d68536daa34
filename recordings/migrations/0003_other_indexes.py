import django.db.models.deletion
from django.db import migrations, models

from common.migrating import AddIndexApart, RemoveIndexApart, WithoutOwnIndex


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("accounts", "0004_fewer_indexes"),
        ("languages", "0003_fewer_indexes"),
        ("prompts", "0004_fewer_indexes"),
        ("recordings", "0002_readings"),
    ]

    operations = [
        AddIndexApart(
            model_name="recording",
            index=models.Index(fields=["speaker", "prompt"], name="recording_read"),
        ),
        RemoveIndexApart(model_name="recording", name="recording_of_prompt"),
        AddIndexApart(
            model_name="recording",
            index=models.Index(
                condition=models.Q(("state", "withdrawn")), fields=["not_before"], name="recording_to_erase"
            ),
        ),
        AddIndexApart(
            model_name="recording",
            index=models.Index(
                condition=models.Q(("consent", None), ("refusal", ""), ("state", "quarantined")),
                fields=["speaker"],
                name="recording_to_agree",
            ),
        ),
        AddIndexApart(
            model_name="clip",
            index=models.Index(
                fields=["language", "state", "heard", "place"],
                include=["id", "speaker"],
                name="clip_counts",
            ),
        ),
        RemoveIndexApart(model_name="clip", name="clip_levels"),
        WithoutOwnIndex(
            model_name="clip",
            name="language",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="clips",
                to="languages.language",
            ),
        ),
        WithoutOwnIndex(
            model_name="clip",
            name="recording",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="clips",
                to="recordings.recording",
            ),
        ),
        WithoutOwnIndex(
            model_name="clip",
            name="speaker",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="clips",
                to="accounts.speaker",
            ),
        ),
        WithoutOwnIndex(
            model_name="reading",
            name="prompt",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="readings",
                to="prompts.prompt",
            ),
        ),
        WithoutOwnIndex(
            model_name="reading",
            name="text",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="readings",
                to="accounts.consenttext",
            ),
        ),
        WithoutOwnIndex(
            model_name="recording",
            name="speaker",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="recordings",
                to="accounts.speaker",
            ),
        ),
        WithoutOwnIndex(
            model_name="sessionline",
            name="recording",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="lines",
                to="recordings.recording",
            ),
        ),
        WithoutOwnIndex(
            model_name="signal",
            name="clip",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="signals",
                to="recordings.clip",
            ),
        ),
    ]
