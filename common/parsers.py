"""How the API reads JSON."""

import json
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser


class Json(JSONParser):
    """JSON that may also be nested too deeply, or hold what is no text: that is the sender's fault, not ours."""

    def parse(
        self, stream: Any, media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        """Return the value; raises ParseError for what can't be read."""
        try:
            value = super().parse(stream, media_type, parser_context)
            json.dumps(value, ensure_ascii=False).encode()  # half of a pair of surrogates is no text
        except RecursionError as fault:
            raise ParseError(_("This JSON is nested too deeply.")) from fault
        except UnicodeEncodeError as fault:
            raise ParseError(_("This JSON holds signs that are no text.")) from fault
        return value
