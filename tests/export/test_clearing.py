"""Published releases that hold what was taken back are kept, tombstoned or cut again, as the instance is set."""

from datetime import timedelta

import pytest

from export.clearing import ONE_BATCH
from export.models import FrozenClip, Release
from export.scheduling import make_next
from recordings.models import Clip, Withdrawal
from recordings.withdrawal import withdraw_all
from tests.export.releasing import people, publish

pytestmark = pytest.mark.django_db


def _published_then_taken_back(days=1):
    people(3)
    publish(kinds=["mp3", "metadata"])
    publish(number="1.1", kinds=["mp3", "metadata"])
    gone = Clip.objects.first().speaker
    withdraw_all(speaker=gone)
    for each in Withdrawal.objects.all():
        Withdrawal.objects.filter(pk=each.pk).update(
            withdrawn_at=each.withdrawn_at - days * ONE_BATCH - timedelta(hours=1)
        )


def _work():
    while make_next():
        pass


def _states():
    return {release.number: release.state for release in Release.objects.all()}


def test_by_default_they_stay():
    _published_then_taken_back()
    _work()
    assert _states() == {"1.0": "published", "1.1": "published"}


def test_they_are_tombstoned_with_a_reason_and_a_pointer(settings, client):
    settings.AFTER_WITHDRAWAL = "tombstone"
    _published_then_taken_back()
    publish(number="1.2")
    _work()
    assert _states() == {"1.0": "withdrawn", "1.1": "withdrawn", "1.2": "published"}
    answer = client.get("/en/datasets/1.0/")
    assert answer.status_code == 410
    assert "took back recordings" in answer.content.decode()
    assert "1.2" in answer.content.decode()


def test_the_newest_is_cut_again_without_what_was_taken_back(settings):
    settings.AFTER_WITHDRAWAL = "cut"
    _published_then_taken_back()
    _work()
    assert _states() == {"1.0": "withdrawn", "1.1": "withdrawn", "1.2": "published"}
    cut = Release.objects.numbered("1.2").get()
    assert cut.cutoff == Release.objects.numbered("1.1").get().cutoff
    assert set(cut.editions.get().archives.values_list("kind", flat=True)) == {"mp3", "metadata"}
    held = FrozenClip.objects.filter(edition__release=cut).values("clip_id")
    assert held.exists()
    assert not Withdrawal.objects.filter(pk__in=held).exists()
    _work()
    assert len(_states()) == 3


def test_what_was_taken_back_today_waits_for_the_rest_of_the_day(settings):
    settings.AFTER_WITHDRAWAL = "tombstone"
    _published_then_taken_back(days=0)
    _work()
    assert set(_states().values()) == {"published"}
