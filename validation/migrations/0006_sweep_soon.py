from django.db import migrations

from common.migrating import SweepSoon


class Migration(migrations.Migration):
    dependencies = [("validation", "0005_assignments_without_keys")]

    operations = [SweepSoon("validation_assignment")]
