"""How the API reads JSON."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser


class Json(JSONParser):
    """JSON that may also be nested too deeply to be read: that is the sender's fault, not ours."""

    def parse(
        self, stream: Any, media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        """Return the value; raises ParseError for what can't be read."""
        try:
            return super().parse(stream, media_type, parser_context)
        except RecursionError as fault:
            raise ParseError(_("This JSON is nested too deeply.")) from fault
