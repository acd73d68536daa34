"""No page and no list of the API asks the database more often for a hundred rows than for ten."""

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Speaker, User
from prompts.models import SentenceImport
from tests import make
from tests.voicecollect import everybody
from tests.voicecollect.everybody import address, routes
from validation import assigning
from validation.models import Doubt, Hiding, Reliability, Report


@pytest.fixture(autouse=True)
def no_chance(monkeypatch):
    """Let gold and second opinions be asked for each time."""
    monkeypatch.setattr(assigning, "GOLD_SHARE", 1)
    monkeypatch.setattr(assigning, "SECOND_OPINIONS", 1)


CHANCE = 12  # queries more that a walk may take that begins at a random place, or a gold clip among those handed out


def more_of_everything(count, owner, user, start):
    """Make so many more rows of whatever lists show, those of the owner's where they are anybody's."""
    language = make.language()
    for number in range(start, start + count):
        make.language(f"x-number{number}")
        make.prompt(state="submitted")
        make.prompt(state="rejected", submitter=owner)
        SentenceImport.objects.create(
            language=language, user=user, submitter=owner, size=1, licence="public-domain"
        ).refused_lines.create(number=1, code="digits", text="1")
        make.consent(owner)
        clip = make.clip(recording=make.recording(speaker=owner), votes="y")
        Report.objects.create(clip=clip, prompt=None, reason="noise")
        Hiding.objects.create(prompt=make.prompt(state="retired"))
        doubted = make.clip(votes="yy", state="valid")
        Doubt.objects.create(clip=doubted, language=language, posterior=0.5)
        make.gold(is_good=True)
        Reliability.objects.create(
            speaker=doubted.speaker,
            language=language,
            skill=0.5,
            answers=1,
            gold_answers=1,
            answers_alike=False,
        )


def queries(browser, path):
    """Return how many queries a page takes whose code and tables are known already; None if it shows nothing."""
    cache.clear()
    if browser.get(path).status_code != 200:
        return None
    cache.clear()
    with CaptureQueriesContext(connection) as counted:
        browser.get(path).close()
    return len(counted)


@pytest.mark.django_db
def test_every_list_takes_as_many_queries_for_a_hundred_rows_as_for_ten():
    browsers = everybody.browsers()
    things = everybody.things(browsers)
    user = User.objects.get(email="owner@example.org")
    owner = Speaker.objects.get(pk=browsers["owner"].session["speaker"])
    more_of_everything(10, owner, user, 0)
    paths = {address(route, things) for route, _view in routes() if not route.startswith("en/account/")}
    asked = [(browsers["admin" if path.startswith("/admin/") else "owner"], path) for path in sorted(paths)]
    few = {path: queries(browser, path) for browser, path in asked}
    more_of_everything(90, owner, user, 10)
    many = {path: queries(browser, path) for browser, path in asked}
    grown = {path: (few[path], many[path]) for path in few if (many[path] or 0) > (few[path] or 0) + CHANCE}
    assert not grown
    assert sum(count is not None for count in few.values()) > 60
