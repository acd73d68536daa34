"""The admin: for staff who proved twice who they are, and nothing happens there without an entry in the log."""

import pytest
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.test import Client

from accounts import audit, claiming, roles
from accounts.models import AuditEntry, User
from accounts.options import Role
from languages.models import Language
from tests import make
from tests.accounts.signing_in import (
    set_up_second_factor,
    sign_in,
    sign_up,
    use_second_factor,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nobody_tried_yet():
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def admin(client):
    """A browser in which an administrator has signed in with both factors."""
    user = sign_up(client)
    User.objects.filter(pk=user.pk).update(is_staff=True, is_superuser=True)
    use_second_factor(client, set_up_second_factor(client))
    return client


def with_role(client, role, language=None):
    user = sign_up(client)
    roles.give(user=user, role=role, language=language, actor="command:test")
    use_second_factor(client, set_up_second_factor(client))
    return user


def test_strangers_are_led_to_signing_in_and_volunteers_are_refused(client):
    assert client.get("/admin/", follow=True).redirect_chain[-1][0].startswith("/en/account/login/")
    sign_up(client)
    assert client.get("/admin/", follow=True).status_code == 403


def test_staff_without_a_second_factor_are_led_to_set_one_up(client):
    User.objects.filter(pk=sign_up(client).pk).update(is_staff=True, is_superuser=True)
    page = client.get("/admin/languages/language/", follow=True)
    assert [way.split("?")[0] for way, _status in page.redirect_chain[-2:]] == [
        "/en/account/second-factor/totp/activate/",
        "/en/account/reauthenticate/code/",
    ]
    assert "need a second factor" in page.content.decode()
    client.post("/admin/languages/language/add/", {"tag": "br"})
    assert not Language.objects.exists()


def test_setting_it_up_is_not_enough_it_has_to_be_used(client):
    User.objects.filter(pk=sign_up(client).pk).update(is_staff=True, is_superuser=True)
    secret = set_up_second_factor(client)
    page = client.get("/admin/", follow=True)
    assert page.redirect_chain[-1][0].startswith("/en/account/second-factor/reauthenticate/")
    use_second_factor(client, secret)
    assert client.get("/admin/").status_code == 200


def test_signing_in_asks_for_it(admin):
    elsewhere = Client()
    page = sign_in(elsewhere)
    assert page.redirect_chain[-1][0].startswith("/en/account/second-factor/authenticate/")
    assert elsewhere.get("/admin/").status_code == 302
    codes = Authenticator.objects.get(type="recovery_codes").wrap().get_unused_codes()
    elsewhere.post("/en/account/second-factor/authenticate/", {"code": codes[0]})
    assert elsewhere.get("/admin/").status_code == 200


def test_secrets_lie_encrypted(client):
    sign_up(client)
    secret = set_up_second_factor(client)
    for kept in Authenticator.objects.all():
        assert secret not in str(kept.data)
    codes = Authenticator.objects.get(type="recovery_codes").wrap().get_unused_codes()
    assert len(codes) == 10


def delete(admin, language):
    sent = {"action": "delete_selected", "_selected_action": [language.pk], "post": "yes"}
    admin.post("/admin/languages/language/", sent)


def test_a_change_in_the_admin_and_its_entry_stand_or_fall_together(admin, monkeypatch):
    language = make.language("br")
    monkeypatch.setattr(audit, "record", lambda **said: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        admin.post(
            "/admin/languages/language/",
            {"action": "delete_selected", "_selected_action": [language.pk], "post": "yes"},
        )
    assert Language.objects.exists()


def test_what_was_done_to_what_is_told(admin):
    language = make.language("br")
    delete(admin, language)
    assert not Language.objects.exists()
    entry = AuditEntry.objects.first()
    assert entry.actor == audit.by(User.objects.get())
    assert (entry.act, entry.details["action"]) == ("admin:languages_language_changelist", "delete_selected")
    assert entry.details["chosen"] == [str(language.pk)]
    assert list(audit.faults()) == []


def test_looking_and_faulty_forms_are_no_acts(admin):
    before = AuditEntry.objects.count()
    admin.get("/admin/languages/language/")
    admin.post("/admin/languages/language/add/", {"tag": "not a tag"})
    assert AuditEntry.objects.count() == before


PAGES = {
    "/admin/validation/hiding/": Role.MODERATOR,
    "/admin/prompts/prompt/": Role.MODERATOR,
    "/admin/recordings/recording/": Role.MODERATOR,
    "/admin/languages/language/": Role.ORGANISER,
    "/admin/export/release/": Role.ORGANISER,
    "/admin/accounts/user/": Role.ADMIN,
}


@pytest.mark.parametrize("role", [Role.MODERATOR, Role.ORGANISER])
def test_pages_are_open_to_the_roles_of_the_table(client, role):
    with_role(client, role)
    for page, least in PAGES.items():
        expected = 200 if role.rank >= least.rank else 403
        assert client.get(page).status_code == expected, page


def test_a_role_for_one_language_shows_that_language_alone(client):
    breton, welsh = make.language("br"), make.language("cy")
    with_role(client, Role.MODERATOR, breton)
    rows = {}
    for language in (breton, welsh):
        clip = make.clip(prompt=make.prompt(language=language))
        rows[language.tag] = [clip.recording, clip.reports.create(reason="other"), clip]
    for tag, status in (("br", 200), ("cy", 302)):
        recording, report, clip = rows[tag]
        for page in (
            f"recordings/recording/{recording.pk}",
            f"validation/report/{report.pk}",
            f"recordings/clip/{clip.pk}",
        ):
            assert client.get(f"/admin/{page}/change/").status_code == status, (tag, page)
    assert client.get("/admin/languages/language/").status_code == 403


def test_roles_are_given_and_taken_in_the_admin(admin):
    user = User.objects.create(username="someone", email="ben@example.org")
    breton = make.language("br")
    admin.post("/admin/accounts/grant/add/", {"user": user.pk, "role": "moderator", "language": breton.pk})
    user.refresh_from_db()
    assert (user.is_staff, roles.role_of(user, breton)) == (True, Role.MODERATOR)
    admin.post(f"/admin/accounts/grant/{user.grants.get().pk}/delete/", {"post": "yes"})
    user.refresh_from_db()
    assert (user.is_staff, user.grants.count()) == (False, 0)
    acts = list(AuditEntry.objects.order_by("number").values_list("act", flat=True))
    assert acts == ["role.give", "admin:accounts_grant_add", "role.take", "admin:accounts_grant_delete"]
    assert list(audit.faults()) == []


LISTS = ["speaker", "consent", "consenttext", "claim", "auditentry", "user", "grant"]


@pytest.mark.parametrize("name", LISTS)
def test_lists_of_people_cost_the_same_for_10_and_100(
    admin, name, django_assert_num_queries, django_assert_max_num_queries
):
    def fill(start, count):
        for n in range(start, start + count):
            user = User.objects.create(username=f"user {n}")
            claiming.claim(user=user, voices=[make.speaker().pk])
            roles.give(user=user, role=Role.MODERATOR, actor="command:test")

    fill(0, 10)
    admin.get(f"/admin/accounts/{name}/")  # which makes the consent texts known
    with django_assert_max_num_queries(15) as few:
        assert admin.get(f"/admin/accounts/{name}/").status_code == 200
    fill(10, 90)
    with django_assert_num_queries(len(few)):
        admin.get(f"/admin/accounts/{name}/")


def test_voices_are_found_by_number_and_shown_without_a_name(admin):
    speaker, other = make.speaker(), make.speaker()
    speaker.user = User.objects.create(username="nightingale", email="nightingale@example.org")
    speaker.save()
    for page in ("speaker", "consent"):
        found = admin.get(f"/admin/accounts/{page}/", {"q": str(speaker.pk)}).content.decode()
        assert str(speaker.pk) in found
        assert str(other.pk) not in found
        assert "nightingale" not in found
        assert admin.get(f"/admin/accounts/{page}/", {"q": "no number"}).status_code == 200
    assert "nightingale" not in admin.get(f"/admin/accounts/speaker/{speaker.pk}/change/").content.decode()


def test_who_lost_the_role_is_out_at_once(client):
    user = with_role(client, Role.MODERATOR)
    assert client.get("/admin/").status_code == 200
    roles.take(user=user, role=Role.MODERATOR, actor="command:test")
    assert client.get("/admin/").status_code == 302
