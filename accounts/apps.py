"""App configuration."""

from django.apps import AppConfig
from django.contrib.admin import apps as admin


class AccountsConfig(AppConfig):
    name = "accounts"
    default = True


class StaffAdminConfig(admin.AdminConfig):
    """Django's admin, with our site in place of its own."""

    default = False
    default_site = "accounts.staff.StaffSite"
