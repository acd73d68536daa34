"""Pages about people."""

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme


def after_this(request: HttpRequest, otherwise: str) -> str:
    """Return where to go on: the address that the form or link names if it is one of this site, or the other one."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    is_ours = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if is_ours else otherwise
