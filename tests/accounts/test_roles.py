"""Who may do what: by role, everywhere or in one language."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache
from django.db import IntegrityError

from accounts import roles
from accounts.models import AuditEntry, Grant, User
from accounts.options import Role
from accounts.roles import Act
from common.errors import Refused
from tests import make

pytestmark = pytest.mark.django_db


def account(name="someone", **fields):
    return User.objects.create(username=name, **fields)


def given(role, language=None):
    user = account(str(role))
    roles.give(user=user, role=role, language=language, actor="user:1")
    return User.objects.get(pk=user.pk)


def test_every_act_has_a_role_and_every_app_of_the_admin_an_act():
    assert set(roles.MAY) == set(Act)
    assert {page.split(".")[0] for page in roles.ADMIN_PAGES} <= {
        "admin", "languages", "prompts", "recordings", "validation", "export", "accounts",
    }  # fmt: skip


ANYBODY = {Act.RECORD, Act.JUDGE, Act.REPORT, Act.SUBMIT, Act.SEE_OWN}
MODERATORS = ANYBODY | {Act.MODERATE}
ORGANISERS = MODERATORS | {Act.RUN_LANGUAGES, Act.RELEASE, Act.SEE_PEOPLE, Act.SEE_AUDIT}
ALLOWED = {
    Role.ANONYMOUS: ANYBODY,
    Role.VOLUNTEER: ANYBODY,
    Role.MODERATOR: MODERATORS,
    Role.ORGANISER: ORGANISERS,
    Role.ADMIN: set(Act),
}


def somebody(role):
    match role:
        case Role.ANONYMOUS:
            return AnonymousUser()
        case Role.VOLUNTEER:
            return account()
        case Role.ADMIN:
            return account(is_superuser=True)
        case _:
            return given(role)


@pytest.mark.parametrize("role", Role)
def test_each_role_may_what_the_table_says(role):
    user = somebody(role)
    assert roles.role_of(user) == role
    assert {act for act in Act if roles.may(user, act)} == ALLOWED[role]


def test_a_role_for_one_language_counts_there_alone():
    breton, welsh = make.language("br"), make.language("cy")
    user = given(Role.MODERATOR, breton)
    assert roles.may(user, Act.MODERATE, breton)
    assert not roles.may(user, Act.MODERATE, welsh)
    assert not roles.may(user, Act.MODERATE)
    assert roles.may_somewhere(user, Act.MODERATE)
    assert not roles.may_somewhere(user, Act.RUN_LANGUAGES)
    assert roles.languages_of(user, Act.MODERATE) == {breton.pk}


def test_an_account_that_was_closed_may_no_more_than_anybody():
    user = given(Role.ORGANISER)
    user.is_active = False
    assert roles.role_of(user) == Role.ANONYMOUS


def test_giving_twice_is_giving_once_and_both_ways_are_logged():
    user, breton = account(), make.language("br")
    for language in (None, None, breton, breton):
        roles.give(user=user, role=Role.MODERATOR, language=language, actor="user:1")
    assert User.objects.get().is_staff
    roles.take(user=user, role=Role.MODERATOR, actor="user:1")
    assert roles.role_of(user, breton) == Role.MODERATOR
    roles.take(user=user, role=Role.MODERATOR, language=breton, actor="user:1")
    roles.take(user=user, role=Role.MODERATOR, language=breton, actor="user:1")
    assert (roles.role_of(user, breton), User.objects.get().is_staff) == (Role.VOLUNTEER, False)
    said = AuditEntry.objects.order_by("number").values_list("act", "details__language")
    assert list(said) == [
        ("role.give", "all"), ("role.give", "br"), ("role.take", "all"), ("role.take", "br"),
    ]  # fmt: skip


@pytest.mark.parametrize("role", [Role.ADMIN, Role.VOLUNTEER, Role.ANONYMOUS])
def test_other_roles_are_not_given(role):
    with pytest.raises(Refused):
        roles.give(user=account(), role=role, actor="user:1")


@pytest.mark.parametrize("language", [None, "br"])
def test_no_role_is_held_twice(language):
    user = account()
    where = make.language(language) if language else None
    Grant.objects.create(user=user, role=Role.MODERATOR, language=where)
    with pytest.raises(IntegrityError):
        Grant.objects.create(user=user, role=Role.MODERATOR, language=where)


def test_only_known_roles_are_held():
    with pytest.raises(IntegrityError):
        Grant.objects.create(user=account(), role="admin")


def test_roles_are_looked_up_once_for_an_account(django_assert_num_queries):
    user = given(Role.MODERATOR)
    with django_assert_num_queries(1):
        for act in Act:
            roles.may(user, act)
            roles.may_somewhere(user, act)


@pytest.mark.parametrize(("role", "times"), [(Role.ANONYMOUS, 1), (Role.VOLUNTEER, 2), (Role.MODERATOR, 10)])
def test_each_role_may_as_often_as_the_settings_say(client, settings, role, times):
    settings.API_LIMITS = settings.API_LIMITS | {"report": (2, 600)}
    settings.LIMITS_TIMES = {"volunteer": 2, "moderator": 10}
    cache.clear()
    if role is not Role.ANONYMOUS:
        client.force_login(somebody(role))
    clip = make.clip()
    sent = {"kind": "clip", "id": str(clip.pk), "reasons": ["other"]}
    said = [
        client.post("/api/v1/reports", sent, content_type="application/json").status_code
        for _ in range(2 * times + 1)
    ]
    assert said == [204] * (2 * times) + [429]
    cache.clear()
