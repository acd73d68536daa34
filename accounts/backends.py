"""Lets the admin ask the table of roles."""

from typing import Any

from django.contrib.auth.backends import BaseBackend

from accounts.roles import Account, act_of_page, may_somewhere


class ByRole(BaseBackend):
    """Answers for every permission of a model, named as `app.verb_model`, by the act that its pages are."""

    def has_perm(self, user_obj: Any, perm: str, obj: Any = None) -> bool:
        app, _dot, codename = perm.partition(".")
        return _may_see(user_obj, f"{app}.{codename.partition('_')[2]}")

    def has_module_perms(self, user_obj: Any, app_label: str) -> bool:
        """Tell whether an app is shown at all; its pages are asked about one by one."""
        return _may_see(user_obj, app_label)


def _may_see(user: Account, page: str) -> bool:
    return user.is_authenticated and user.is_staff and may_somewhere(user, act_of_page(page))
