from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import OuterRef, Subquery

import validation.models
from common.migrating import AddIndexApart, AddUniqueApart, WithoutOwnIndex

AT_ONCE = 5000


def place(apps: Apps, _editor: BaseDatabaseSchemaEditor) -> None:
    """Give votes the places of their clips, some at a time; begun again, it goes by those that have theirs."""
    votes, clips = apps.get_model("validation", "Vote").objects, apps.get_model("recordings", "Clip").objects
    newest = votes.aggregate(newest=models.Max("pk"))["newest"] or 0
    of_clip = Subquery(clips.filter(pk=OuterRef("clip")).values("place"))
    for first in range(0, newest + 1, AT_ONCE):
        some = votes.filter(pk__gte=first, pk__lt=first + AT_ONCE, place=None)
        some.update(place=of_clip)


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("recordings", "0004_clip_choice"),
        ("validation", "0006_sweep_soon"),
    ]

    operations = [
        migrations.AddField(
            model_name="vote",
            name="place",
            field=validation.models.PlaceOfClip(editable=False, null=True),
        ),
        migrations.RunPython(place, migrations.RunPython.noop),
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
