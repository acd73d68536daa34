from django.db import migrations, models

from common.migrating import AddIndexApart, AddUniqueApart, WithoutOwnIndex


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("validation", "0008_place_votes")]

    operations = [
        AddIndexApart(
            model_name="vote",
            index=models.Index(fields=["speaker", "place", "clip"], name="vote_walk"),
        ),
        AddUniqueApart(
            model_name="vote",
            constraint=models.UniqueConstraint("clip", "speaker", name="clip_judged_once"),
        ),
        migrations.RemoveConstraint(model_name="vote", name="vote_once"),
        WithoutOwnIndex(
            model_name="vote",
            name="clip",
            field=models.ForeignKey(
                db_index=False,
                on_delete=models.deletion.CASCADE,
                related_name="votes",
                to="recordings.clip",
            ),
        ),
    ]
