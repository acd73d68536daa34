"""Where a clip's files lie depends on the version of the pipeline that made them."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("export", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="frozenclip",
            name="pipeline_version",
            field=models.PositiveSmallIntegerField(default=1),
            preserve_default=False,
        ),
    ]
