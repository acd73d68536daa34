"""What has to be said about where a sentence comes from."""

from django.utils.translation import gettext_lazy as _

from common.errors import Refused
from prompts.options import Licence


def check_origin(source: str, licence: str, evidence: str) -> None:
    """Raise Refused unless source and licence are named, and what others allow can be looked up."""
    if not source.strip():
        raise Refused(_("Please say where the sentences come from."), code="no-source", status=400)
    if len(source.strip()) > 200 or len(evidence.strip()) > 500 or "\0" in source + evidence:
        raise Refused(_("What you say about the origin is too long."), code="long-source", status=400)
    if licence not in Licence.values:
        raise Refused(_("Please say why the sentences may be used."), code="no-licence", status=400)
    if licence == Licence.CITATION and not evidence.strip():
        raise Refused(
            _("Please say where it can be looked up that the holder of the rights allows it."),
            code="no-evidence",
            status=400,
        )
