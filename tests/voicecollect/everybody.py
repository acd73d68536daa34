"""Every route of the site, and everybody who may ask for it: a browser for each role, and one of each thing."""

import re

from django.contrib import admin
from django.core.signing import TimestampSigner
from django.test import Client
from django.urls import get_resolver
from django.utils import translation

from accounts import roles
from accounts.models import Speaker, User
from accounts.options import Role
from prompts.models import SentenceImport
from recordings.models import Recording
from tests import make
from tests.accounts.signing_in import set_up_second_factor, sign_up, use_second_factor
from validation.models import Doubt, Hiding, Reliability, Report
from validation.options import Choice

ROLES = ("anonymous", "owner", "other", "moderator", "admin")
MOUNTED = re.compile(r"^(admin/(?P<app>\w+)/(?P<model>\w+)/)")
PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>|\(\?P<(\w+)>(?:[^()]|\([^()]*\))*\)")


def routes(resolver=None, prefix=""):
    """Yield every route of the site with its view, pages in English."""
    with translation.override("en"):
        for pattern in (resolver or get_resolver()).url_patterns:
            whole = prefix + str(pattern.pattern).removeprefix("^").removesuffix("$")
            whole = re.sub(r"(?<=<app_label>)[\w|]+", r"\\w+", whole)  # which names every app
            if hasattr(pattern, "url_patterns"):
                yield from routes(pattern, whole)
            else:
                yield whole, pattern.callback


def methods(route, view):
    if of_api := getattr(view, "cls", None):
        return [name.upper() for name in ("get", "post", "put", "patch", "delete") if hasattr(of_api, name)]
    return ["GET"] if route.startswith("admin/") else ["GET", "POST"]


def asked():
    return [(method, route) for route, view in routes() for method in methods(route, view)]


def address(route, things):
    """Fill in what a route names; of the admin's models, their first row."""
    if found := MOUNTED.match(route):
        things = things | {"object_id": first_of(found["app"], found["model"])}
    path = PARAMETER.sub(lambda name: str(things.get(name[1] or name[2], "nothing")), route)
    return "/" + path.replace(r"[\s\S]*", "nothing")


def first_of(app, model):
    shown = {(each._meta.app_label, each._meta.model_name): each for each in admin.site._registry}
    row = shown[app, model]._default_manager.first() if (app, model) in shown else None
    return row.pk if row else "0"


def staff(address, **fields):
    """Return the browser of somebody who signed in with both factors."""
    browser = Client(raise_request_exception=False)
    user = sign_up(browser, address)
    User.objects.filter(pk=user.pk).update(**fields)
    use_second_factor(browser, set_up_second_factor(browser, address))
    return browser


def browsers():
    found = {role: Client(raise_request_exception=False) for role in ROLES[:3]}
    for role in ROLES[1:3]:
        sign_up(found[role], f"{role}@example.org")
        make.language()
        found[role].get("/en/en/listen/")  # which makes a voice
    found["moderator"] = staff("moderator@example.org", is_staff=True)
    roles.give(
        user=User.objects.get(email="moderator@example.org"), role=Role.MODERATOR, actor="command:test"
    )
    found["admin"] = staff("admin@example.org", is_staff=True, is_superuser=True)
    return found


def things(browsers):
    """Make one of each thing that routes name, the owner's where it is anybody's; return what to fill in."""
    user = User.objects.get(email="owner@example.org")
    owner = Speaker.objects.get(pk=browsers["owner"].session["speaker"])
    consent = make.consent(owner)
    written = make.prompt(state="rejected", submitter=owner)
    file = SentenceImport.objects.create(
        language=make.language(), user=user, submitter=owner, size=1, licence="public-domain"
    )
    clip = make.clip(recording=make.recording(speaker=owner))
    listener = make.speaker()
    make.vote(make.gold(is_good=True), Choice.YES, by=listener)
    Report.objects.create(clip=clip, reason="noise")
    Hiding.objects.create(clip=make.clip(state="hidden"))
    Doubt.objects.create(clip=clip, language=clip.language, posterior=0.5)
    reading = make.reading()
    Reliability.objects.create(
        speaker=listener, language=clip.language, skill=0.5, answers=1, gold_answers=1, answers_alike=False
    )
    return {
        "locale": "en", "clip_id": clip.pk, "prompt_id": written.pk, "import_id": file.pk, "number": consent.pk,
        "take_id": Recording.objects.get(clips=clip).take_id, "claim_id": 1, "name": "SHA256SUMS", "id": user.pk,
        "signed": TimestampSigner(salt="private-object").sign("nothing"), "app_label": "validation",
        "content_type_id": 1, "object_id": 1, "reading_id": reading.pk,
    }  # fmt: skip
