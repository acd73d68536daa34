"""Everything that the API document allows, and much that it does not: no fault of the server, no word untrue."""

import base64
import random
import uuid

import pytest
import schemathesis
from django.core.cache import cache
from django.test import Client
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.specs.openapi.checks import positive_data_acceptance

from tests import make
from tests.accounts.signing_in import set_up_second_factor, sign_up, use_second_factor
from voicecollect.wsgi import application

EXAMPLES = {GenerationMode.POSITIVE: 6, GenerationMode.NEGATIVE: 3}  # of each route and role
TOKEN = "0123456789abcdefghij0123456789abcdefghij"
# What is written is held against rules that no document can tell: those of a language, or that a citation has evidence.
RULED = ("/sentences", "/check", "/corrections", "/sentence_files")
quickly = settings(
    deadline=None,
    database=None,
    derandomize=True,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


def nobody():
    return {}


def volunteer():
    """Return what an app sends to say who it is."""
    credentials = base64.b64encode(f"{uuid.uuid4()}:{TOKEN}".encode()).decode()
    return {"headers": {"Authorization": f"Basic {credentials}"}}


def staff():
    """Return what the browser of somebody who signed in with both factors sends."""
    browser = Client()
    address = "staff@example.org"
    user = sign_up(browser, address)
    type(user).objects.filter(pk=user.pk).update(is_staff=True, is_superuser=True)
    use_second_factor(browser, set_up_second_factor(browser, address))
    session = browser.cookies["sessionid"].value
    return {"headers": {"X-CSRFToken": "t" * 32}, "cookies": {"sessionid": session, "csrftoken": "t" * 32}}


def point_at(things, case):
    """Let most of what the address names exist, so that not all that is asked for is missing, and no digest differ."""
    for header in ("Content-Digest", "content-digest"):
        (case.headers or {}).pop(header, None)
    for name in set(case.path_parameters or {}) & set(things):
        if random.random() < 0.8:
            case.path_parameters[name] = things[name]


@pytest.mark.parametrize("role", [nobody, volunteer, staff])
@pytest.mark.django_db
def test_no_route_does_otherwise_than_its_document_says(role):
    credentials, clip = role(), make.clip()
    things = {"locale": "en", "clip_id": str(clip.pk), "prompt_id": str(clip.prompt.pk)}
    operations = [
        each.ok()
        for each in schemathesis.openapi.from_wsgi("/api/v1/schema", application).get_all_operations()
    ]
    for operation in operations:
        takes_nothing = not list(operation.iter_parameters()) and not len(operation.body)
        for mode, count in EXAMPLES.items():
            if takes_nothing and mode is GenerationMode.NEGATIVE:
                continue

            @settings(quickly, max_examples=count)
            @given(case=operation.as_strategy(generation_mode=mode))
            def check(case):
                cache.clear()  # which counts requests
                point_at(things, case)
                excluded = [positive_data_acceptance] if case.operation.path.endswith(RULED) else []
                case.call_and_validate(excluded_checks=excluded, **credentials)

            check()
    assert len(operations) > 20
