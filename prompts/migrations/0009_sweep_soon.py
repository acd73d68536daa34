from django.db import migrations

from common.migrating import SweepSoon


class Migration(migrations.Migration):
    dependencies = [("prompts", "0008_prompt_choice")]

    operations = [SweepSoon("prompts_reservation")]
