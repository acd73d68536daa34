"""What people write is shown as text: three hundred pieces of it run no script, even where the policy doesn't hold."""

import itertools

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from accounts.models import Speaker
from tests import make
from tests.browser.speaking import agree
from tests.export.releasing import publish
from tests.routes import ROUTES
from tests.security.payloads import PAYLOADS, RUN
from tests.security.planting import models_of_ours, plant

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SKIPPED = ("/admin/logout/", "/private/", "/datasets/", "/api/v1/schema")


@pytest.fixture
def reader(chromium, live_server):
    """Someone with an account of staff whose browser enforces no policy, so that only escaping keeps scripts out."""
    visitor = chromium.visitor(live_server.url, None, bypass_csp=True)
    visitor.page.goto("/en/consent/")
    agree(visitor.page)
    account = get_user_model().objects.create_superuser("staff", password=None)
    client = Client()
    client.force_login(account)
    cookie = {"name": "sessionid", "value": client.session.session_key, "url": live_server.url}
    yield visitor.page, cookie
    visitor.leave()


def write_everywhere():
    """Make rows of many kinds until each payload stands in some column."""
    owner = Speaker.objects.latest("created_at")
    language = make.language()
    for _ in range(3):
        make.stored_clip(votes="yy")
    publish("en")
    for number in range(80):
        prompt = make.prompt(f"The baker counted loaf {number} after loaf.")
        recording = make.recording(prompt=prompt, speaker=owner if number % 2 else make.speaker())
        make.clip(recording=recording, votes="yy" if number % 3 else "")
    language.variants.create(code="en-x-one", name="One")
    language.accents.create(name="Two")
    owner.own_accents.create(language=language, words="Three")
    texts = itertools.cycle(PAYLOADS)
    planted = plant(lambda: next(texts))
    assert planted >= len(PAYLOADS)


def ran(page, path):
    """Open a page and tell whether a script of a stranger ran on it."""
    answer = page.request.get(path)
    if not (answer.headers.get("content-type", "").startswith("text/html") and answer.body()):
        return False  # not a page
    page.goto(path)
    page.evaluate("document.querySelectorAll('details').forEach(each => { each.open = true; })")
    return page.evaluate("new Promise(done => setTimeout(() => done(top.ran === 1)))")


def admin_pages():
    for model in models_of_ours():
        name = f"{model._meta.app_label}/{model._meta.model_name}"
        yield f"/admin/{name}/"
        if row := model._base_manager.first():
            yield f"/admin/{name}/{row.pk}/change/"


def test_a_payload_that_is_not_escaped_would_be_seen(reader):
    page, _ = reader
    page.goto("/en/about/")
    page.evaluate(f"document.body.insertAdjacentHTML('beforeend', '<img src=x onerror={RUN}>')")
    page.wait_for_function("top.ran === 1")


def test_no_payload_runs_on_any_page(reader):
    page, staff = reader
    write_everywhere()
    asked = [path for path in ROUTES if not path.startswith(SKIPPED)]
    assert [path for path in asked if not path.startswith("/admin/") and ran(page, path)] == []
    page.context.add_cookies([staff])
    assert [path for path in admin_pages() if ran(page, path)] == []
