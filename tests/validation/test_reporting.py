"""Complaints."""

import uuid

import pytest
from django.db import IntegrityError, transaction

from common.errors import Refused
from tests import make
from validation.models import Report
from validation.reporting import report

pytestmark = pytest.mark.django_db


def test_a_report_is_one_row_a_reason_however_often_it_is_sent():
    clip, reporter = make.clip(), make.speaker()
    for _ in range(2):
        report(
            kind="clip",
            thing_id=clip.pk,
            reporter=reporter,
            reasons=["noise of a dog", "difficult-pronunciation"],
        )
    assert sorted(clip.reports.values_list("reason", flat=True)) == ["difficult-pronounce", "noise of a dog"]


def test_what_is_not_there_cannot_be_reported():
    with pytest.raises(Refused) as no:
        report(
            kind="sentence", thing_id=uuid.uuid4(), reporter=make.speaker(), reasons=["offensive-language"]
        )
    assert no.value.status == 404


def test_a_report_is_about_a_clip_or_a_prompt_but_not_both():
    clip = make.clip()
    for about in ({}, {"clip": clip, "prompt": clip.prompt}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Report.objects.create(reason="x", **about)
