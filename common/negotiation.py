"""In which format an answer goes out: JSON, for whoever wants that or anything at all."""

from collections.abc import Iterable
from typing import Any

from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request

ANYTHING = ("", "*/*")


class Negotiation(DefaultContentNegotiation):
    """Asks no further where nothing is asked for: to read the header takes as long as to find the route."""

    def select_renderer(
        self, request: Request, renderers: Iterable[BaseRenderer], format_suffix: str | None = None
    ) -> Any:
        """Return the renderer and its media type. Raises NotAcceptable for a format that there is not."""
        if request.headers.get("Accept", "") in ANYTHING:
            first = next(iter(renderers))
            return first, first.media_type
        return super().select_renderer(request, renderers, format_suffix)
