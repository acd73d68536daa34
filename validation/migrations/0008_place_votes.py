from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import Max, OuterRef, Subquery

AT_ONCE = 5000


def place(apps: Apps, _editor: BaseDatabaseSchemaEditor) -> None:
    """Give votes the places of their clips, some at a time; begun again, it goes by those that have theirs."""
    votes, clips = apps.get_model("validation", "Vote").objects, apps.get_model("recordings", "Clip").objects
    newest = votes.aggregate(newest=Max("pk"))["newest"] or 0
    of_clip = Subquery(clips.filter(pk=OuterRef("clip")).values("place"))
    for first in range(0, newest + 1, AT_ONCE):
        some = votes.filter(pk__gte=first, pk__lt=first + AT_ONCE, place=None)
        some.update(place=of_clip)


class Migration(migrations.Migration):
    atomic = False  # and apart from its neighbours: cut off, it is begun again

    dependencies = [
        ("recordings", "0004_clip_choice"),
        ("validation", "0007_vote_place"),
    ]

    operations = [migrations.RunPython(place, migrations.RunPython.noop)]
