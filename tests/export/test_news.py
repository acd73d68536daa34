"""Who asked for it is told of what is new: once, in their language, with a link that ends it."""

import re
from datetime import timedelta
from smtplib import SMTPRecipientsRefused, SMTPServerDisconnected

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.test import Client
from django.utils import timezone

from accounts import news as readers
from accounts.models import NewsReader, User
from export import news, publishing
from export.models import Release
from export.states import ReleaseState
from export.tasks import tell_news
from recordings import takeout
from tests import make
from tests.accounts.signing_in import sign_up
from tests.export.releasing import frozen, people

pytestmark = pytest.mark.django_db


def reader(address="amina@example.org", locale="en"):
    """Return somebody who asked for news."""
    user = User.objects.create(username=address, email=address)
    EmailAddress.objects.create(user=user, email=address, primary=True, verified=True)
    readers.join(user=user, locale=locale)
    return user


def published(number="1.0"):
    """Publish a release of two clips; its archives, which are no news, aren't built."""
    if not Release.objects.exists():
        people(2, clips_each=1)
    release = frozen("en", number=tuple(map(int, number.split(".")))).release
    for state in (ReleaseState.BUILDING, ReleaseState.READY):
        release.move_to(state)
    publishing.publish(release)


def told():
    """Tell all who wait; return the messages that left, by address."""
    mail.outbox.clear()
    tell_news()
    return {message.to[0]: message for message in mail.outbox}


def test_who_asked_is_told_once_in_their_language():
    reader("amina@example.org", "en")
    reader("brice@example.org", "fr")
    published()
    messages = told()
    assert set(messages) == {"amina@example.org", "brice@example.org"}
    assert "English 1.0" in messages["amina@example.org"].body
    assert "/datasets/en/1.0/" in messages["amina@example.org"].body
    assert "/fr/news/" in messages["brice@example.org"].body
    assert "&" not in messages["brice@example.org"].body
    assert told() == {}


def test_one_message_tells_of_all_that_is_new():
    reader()
    published("1.0")
    published("1.1")
    [message] = told().values()
    assert [f"/datasets/en/1.{minor}/" in message.body for minor in (0, 1)] == [True, True]
    published("1.2")
    [message] = told().values()
    assert [f"/datasets/en/1.{minor}/" in message.body for minor in range(3)] == [False, False, True]


def test_nobody_else_is_told():
    User.objects.create(username="never-asked", email="never@example.org")
    left, away, unsure = reader("left@example.org"), reader("away@example.org"), reader("unsure@example.org")
    published()
    readers.leave(user=left)
    User.objects.filter(pk=away.pk).update(is_active=False)
    EmailAddress.objects.filter(user=unsure).update(verified=False)
    reader("late@example.org")  # who asked when it was published already
    assert told() == {}


def test_what_is_old_or_withdrawn_is_no_news():
    reader()
    published()
    NewsReader.objects.update(told_until=timezone.now() - timedelta(days=99))
    Release.objects.update(published_at=timezone.now() - timedelta(days=15))
    assert told() == {}
    Release.objects.update(published_at=timezone.now())
    publishing.withdraw(number="1.0", because="A mistake.")
    assert told() == {}


class Faulty(EmailBackend):
    """A mail server with a fault for some addresses."""

    faults = {}

    def send_messages(self, messages):
        for message in messages:
            if fault := Faulty.faults.get(message.to[0]):
                raise fault
        return super().send_messages(messages)


@pytest.fixture
def faulty(settings, monkeypatch):
    settings.EMAIL_BACKEND = f"{__name__}.Faulty"
    monkeypatch.setattr(Faulty, "faults", {})
    return Faulty.faults


def test_a_worker_that_dies_while_it_sends_never_sends_twice(faulty, monkeypatch):
    reader("a@example.org")
    published()
    faulty["a@example.org"] = SystemExit()
    with pytest.raises(SystemExit):
        tell_news()
    faulty.clear()
    assert told() == {}


def test_of_two_workers_one_sends():
    user = reader()
    published()
    [mine], [theirs] = (list(NewsReader.objects.filter(pk=user.pk)) for _ in range(2))
    newest = Release.objects.get().published_at
    assert readers.claim(reader=mine, until=newest)
    assert not readers.claim(reader=theirs, until=newest)
    assert told() == {}


def test_a_server_that_is_away_is_asked_again(faulty):
    reader("a@example.org")
    published()
    faulty["a@example.org"] = SMTPServerDisconnected("gone")
    assert told() == {}
    faulty.clear()
    assert set(told()) == {"a@example.org"}


@pytest.mark.parametrize(("code", "is_tried_again"), [(452, True), (550, False)])
def test_a_mailbox_that_refuses_holds_up_nobody(faulty, code, is_tried_again):
    reader("full@example.org")
    reader("well@example.org")
    published()
    faulty["full@example.org"] = SMTPRecipientsRefused({"full@example.org": (code, b"no")})
    assert set(told()) == {"well@example.org"}
    faulty.clear()
    assert bool(told()) == is_tried_again


def test_the_log_names_no_address(faulty, caplog):
    reader("amina@example.org")
    published()
    faulty["amina@example.org"] = SMTPRecipientsRefused({"amina@example.org": (550, b"amina who?")})
    told()
    assert "news refused" in caplog.text
    assert "amina" not in caplog.text


def test_batches_go_on_until_all_are_told(monkeypatch):
    monkeypatch.setattr(news, "AT_ONCE", 2)
    for number in range(5):
        reader(f"{number}@example.org")
    published()
    assert len(told()) == 5


def test_a_message_costs_one_query(django_assert_max_num_queries):
    for number in range(10):
        reader(f"{number}@example.org")
    published()
    with django_assert_max_num_queries(10 + 10):  # a claim each
        assert news.tell_next()
    assert len(mail.outbox) == 10


def test_one_click_ends_it_without_signing_in():
    user = reader()
    published()
    [message] = told().values()
    link = re.fullmatch(r"<https?://[^/]+(/en/news/\S+/)>", message.extra_headers["List-Unsubscribe"])[1]
    assert message.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    browser = Client(enforce_csrf_checks=True)
    page = browser.get(link)
    assert page.status_code == 200
    assert b'method="post"' in page.content
    assert NewsReader.objects.filter(user=user).exists()  # looking alone ends nothing
    for _again in range(2):
        answer = browser.post(link, "List-Unsubscribe=One-Click", "application/x-www-form-urlencoded")
        assert (answer.status_code, answer.cookies) == (200, {})
        assert not NewsReader.objects.filter(user=user).exists()


@pytest.mark.parametrize("token", ["1", "1:forged", "x"])
def test_a_link_that_is_not_ours_ends_nothing(token):
    user = reader()
    for asked in (Client().get, Client().post):
        assert asked(f"/en/news/{token.replace('1', str(user.pk))}/").status_code == 404
    assert NewsReader.objects.filter(user=user).exists()


def test_people_ask_for_news_and_end_it_on_their_page(client):
    user = sign_up(client)
    assert "checked" not in client.get("/fr/me/news/").content.decode()
    client.post("/fr/me/news/", {"news": "on"})
    assert NewsReader.objects.get(user=user).locale == "fr"
    assert "checked" in client.get("/fr/me/news/").content.decode()
    client.post("/fr/me/news/", {})
    assert not NewsReader.objects.filter(user=user).exists()


def test_what_is_known_goes_with_the_account():
    reader().delete()
    assert not NewsReader.objects.exists()


def test_a_voice_reads_in_its_take_out_since_when_it_is_told():
    user = reader()
    speaker = make.speaker(user=user)
    assert takeout._voice(speaker)["told_of_releases_since"] == NewsReader.objects.get().since
    assert takeout._voice(make.speaker())["told_of_releases_since"] is None
