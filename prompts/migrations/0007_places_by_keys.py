from uuid import UUID

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from common.ring import PlaceByKey, place_of

AT_ONCE = 500


def move(apps: Apps, _editor: BaseDatabaseSchemaEditor) -> None:
    """Move prompts to the places that their keys tell, some at a time; begun again, it goes by those that moved."""
    prompts = apps.get_model("prompts", "Prompt").objects.order_by("pk")
    last = UUID(int=0)
    while some := list(prompts.filter(pk__gt=last).only("pk", "place")[:AT_ONCE]):
        stray = [each for each in some if each.place != place_of(each.pk)]
        for each in stray:
            each.place = place_of(each.pk)
        prompts.bulk_update(stray, ["place"])
        last = some[-1].pk


def forget(apps: Apps, _editor: BaseDatabaseSchemaEditor) -> None:
    """Forget what walks learnt of the places of before."""
    apps.get_model("prompts", "Stretch").objects.exclude(of__startswith="clips").delete()


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("prompts", "0006_prompt_levels")]

    operations = [
        migrations.SeparateDatabaseAndState(  # the column stays what it is
            state_operations=[
                migrations.AlterField(model_name="prompt", name="place", field=PlaceByKey(editable=False))
            ]
        ),
        migrations.RunPython(move, migrations.RunPython.noop),
        migrations.RunPython(forget, migrations.RunPython.noop),
    ]
