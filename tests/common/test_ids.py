"""Ids read as text are written as those read as UUIDs."""

import uuid

import pytest

from common.ids import Dashed
from prompts.models import Prompt
from tests import make

pytestmark = pytest.mark.django_db


def test_an_id_reads_as_the_text_of_its_uuid_and_has_the_same_order():
    for _number in range(5):
        make.prompt()
    found = list(Prompt.objects.order_by("pk").values_list("pk", Dashed("pk")))
    assert [text for _pk, text in found] == [str(pk) for pk, _text in found]
    assert all(uuid.UUID(text) == pk for pk, text in found)
    assert sorted(text for _pk, text in found) == [text for _pk, text in found]
