"""Gives sentences that are there already the keys by which others like them are found."""

from itertools import islice
from typing import Any

from django.db import migrations

from prompts.near import keys


def remember_sentences(apps: Any, schema_editor: Any) -> None:
    prompt, near_key = apps.get_model("prompts", "Prompt"), apps.get_model("prompts", "NearKey")
    rows = prompt.objects.filter(kind="sentence").values_list("pk", "language_id", "text").iterator(1000)
    while batch := list(islice(rows, 1000)):
        near_key.objects.bulk_create(
            near_key(prompt_id=pk, key=key) for pk, language, text in batch for key in keys(language, text)
        )


class Migration(migrations.Migration):
    dependencies = [("prompts", "0004_sentence_life")]

    operations = [migrations.RunPython(remember_sentences, migrations.RunPython.noop)]
