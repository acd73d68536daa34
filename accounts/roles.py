"""Who may do what: the one table that API, pages and admin ask.

An act is allowed from a role upwards. A role is given for one language or for all; acts that don't concern a language
need a role for all.
"""

from enum import StrEnum

from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts import audit
from accounts.models import Grant, User
from accounts.options import Role
from common.errors import Refused
from languages.models import Language

Account = User | AnonymousUser


class Act(StrEnum):
    RECORD = "record"
    JUDGE = "judge"  # clips and sentences of others
    REPORT = "report"
    SUBMIT = "submit"  # sentences
    SEE_OWN = "see own"  # recordings, answers, take-out; and take them back
    MODERATE = "moderate"  # settle reports, look at signals, let recordings go on
    RUN_LANGUAGES = "run languages"  # open them, set their thresholds, import their sentences
    RELEASE = "release"
    SEE_PEOPLE = "see people"  # voices by number, consents, withdrawals; never names
    SEE_AUDIT = "see audit"
    GIVE_ROLES = "give roles"


MAY: dict[Act, Role] = {
    Act.RECORD: Role.ANONYMOUS,
    Act.JUDGE: Role.ANONYMOUS,
    Act.REPORT: Role.ANONYMOUS,
    Act.SUBMIT: Role.ANONYMOUS,
    Act.SEE_OWN: Role.ANONYMOUS,
    Act.MODERATE: Role.MODERATOR,
    Act.RUN_LANGUAGES: Role.ORGANISER,
    Act.RELEASE: Role.ORGANISER,
    Act.SEE_PEOPLE: Role.ORGANISER,
    Act.SEE_AUDIT: Role.ORGANISER,
    Act.GIVE_ROLES: Role.ADMIN,
}
# Which act the admin's pages of an app are; of single models where they differ
ADMIN_PAGES: dict[str, Act] = {
    "languages": Act.RUN_LANGUAGES,
    "prompts": Act.MODERATE,
    "recordings": Act.MODERATE,
    "recordings.withdrawal": Act.SEE_PEOPLE,
    "recordings.reading": Act.RUN_LANGUAGES,
    "validation": Act.MODERATE,
    "export": Act.RELEASE,
    "accounts": Act.SEE_PEOPLE,
    "accounts.user": Act.GIVE_ROLES,
    "accounts.grant": Act.GIVE_ROLES,
    "accounts.auditentry": Act.SEE_AUDIT,
    "admin.logentry": Act.SEE_AUDIT,
}
# Where a row of the admin's pages says which language it is of; pages that aren't named are for roles for all languages
LANGUAGE_OF: dict[str, list[str]] = {
    "languages.language": ["pk"],
    "prompts.prompt": ["language"],
    "prompts.sentenceimport": ["language"],
    "recordings.recording": ["language"],
    "recordings.clip": ["language"],
    "recordings.reading": ["prompt__language"],
    "validation.report": ["clip__language", "prompt__language"],
    "validation.hiding": ["clip__language", "prompt__language"],
    "validation.gold": ["clip__language"],
    "validation.doubt": ["language"],
    "validation.reliability": ["language"],
}


def role_of(user: Account, language: Language | None = None) -> Role:
    """Return the highest role that somebody has in a language; without one, the highest that they have for all."""
    if not user.is_authenticated or not user.is_active:
        return Role.ANONYMOUS
    if user.is_superuser:
        return Role.ADMIN
    grants = _grants(user)
    roles = {role for role, where in grants if where is None or (language and where == language.pk)}
    return max(roles | {Role.VOLUNTEER}, key=lambda role: role.rank)


def may(user: Account, act: Act, language: Language | None = None) -> bool:
    """Tell whether somebody may do a thing, in a language if it concerns one."""
    return role_of(user, language).rank >= MAY[act].rank


def may_somewhere(user: Account, act: Act) -> bool:
    """Tell whether somebody may do a thing in any language at all."""
    if may(user, act):
        return True
    return user.is_authenticated and bool(languages_of(user, act))


def languages_of(user: User, act: Act) -> set[int]:
    """Return the languages, by primary key, that somebody may do a thing in by a role for that language."""
    return {where for role, where in _grants(user) if where is not None and role.rank >= MAY[act].rank}


def act_of_page(model: str) -> Act:
    """Return the act that the admin's pages of a model are, named as `app.model`; what isn't known is for admins."""
    return ADMIN_PAGES.get(model) or ADMIN_PAGES.get(model.split(".", maxsplit=1)[0], Act.GIVE_ROLES)


@transaction.atomic
def give(*, user: User, role: Role, language: Language | None = None, actor: str) -> Grant:
    """Give somebody a role, in one language or in all; again changes nothing. Raises Refused for other roles."""
    if not role.is_granted:
        raise Refused(_("This role can't be given."), code="not-a-grant", status=400)
    grant, is_new = Grant.objects.get_or_create(user=user, role=role, language=language)
    if is_new:
        where = language.tag if language else "all"
        audit.record(actor=actor, act="role.give", about=audit.by(user), role=str(role), language=where)
    User.objects.filter(pk=user.pk).update(is_staff=True)
    user.__dict__.pop("_roles", None)
    return grant


@transaction.atomic
def take(*, user: User, role: Role, language: Language | None = None, actor: str) -> None:
    """Take a role from somebody; whoever has none left is no staff any more."""
    if Grant.objects.filter(user=user, role=role, language=language).delete()[0]:
        where = language.tag if language else "all"
        audit.record(actor=actor, act="role.take", about=audit.by(user), role=str(role), language=where)
    user.__dict__.pop("_roles", None)
    if not user.grants.exists():
        User.objects.filter(pk=user.pk, is_superuser=False).update(is_staff=False)


def _grants(user: User) -> list[tuple[Role, int | None]]:
    """Return the roles of an account and the language of each, looked up once for each request's account."""
    known: list[tuple[Role, int | None]] | None = user.__dict__.get("_roles")
    if known is None:
        known = [(Role(role), where) for role, where in user.grants.values_list("role", "language_id")]
        user.__dict__["_roles"] = known
    return known
