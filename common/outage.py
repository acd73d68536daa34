"""Faults of the servers behind: they pass, so the answer is "try again" and not "something is broken"."""

import logging
import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.defaults import server_error

from common.storage import STORE_FAULTS

log = logging.getLogger(__name__)

OUTAGES = (OperationalError, InterfaceError, *STORE_FAULTS)
RETRY_AFTER = 5  # seconds


def words() -> str:
    """Return what to tell people."""
    return _(
        "The site is busy with a fault of its own. Nothing that you have is lost; please try again in a moment."
    )


def fault(request: HttpRequest) -> HttpResponse:
    """Answer what no view foresaw: 503 if a server behind is out of reach, 500 if the fault is in the code."""
    response = server_error(request)
    if isinstance(sys.exc_info()[1], OUTAGES):
        response.status_code = 503
        response["Retry-After"] = str(RETRY_AFTER)
    return response
