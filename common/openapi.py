"""What every route of the API document says: errors as problem details, and who may ask without saying who they are."""

from typing import Any

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiResponse
from rest_framework import serializers
from rest_framework.permissions import SAFE_METHODS

from common.api import PROBLEM_JSON

# A body of any bytes; an empty one is refused.
BYTES = {"type": "string", "format": "binary", "minLength": 1}
OPEN_TO_ALL = "open_to_all"  # permissions with this attribute let people in who bring nothing to be known by


class ProblemOut(serializers.Serializer[object]):
    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField(help_text="in words for people")
    code = serializers.CharField(required=False, help_text="for programs")
    errors = serializers.JSONField(required=False, help_text="by field")  # type: ignore[assignment]


class Described(AutoSchema):
    """A route, with what is true for all of them."""

    def get_auth(self) -> list[dict[str, list[str]]]:
        """Ask for the token of pages only where something is changed, and for nothing where anybody may read."""
        schemes: list[dict[str, list[str]]] = super().get_auth()
        if self.method not in SAFE_METHODS:
            return schemes
        schemes = [{name: [] for name in scheme if name != "csrf"} for scheme in schemes]
        to_all = any(getattr(each, OPEN_TO_ALL, False) for each in self.view.get_permissions())
        return [*schemes, {}] if to_all and {} not in schemes else schemes

    def _get_response_bodies(self, direction: Any = "response") -> Any:
        told = OpenApiResponse(ProblemOut, description="Why it was refused (RFC 9457).")
        problem = self._get_response_for_code(told, "4XX", media_types=[PROBLEM_JSON])  # type: ignore[no-untyped-call]
        problem["headers"] = {
            "Retry-After": {
                "schema": {"type": "integer"},
                "description": "Seconds, after too many requests.",
            },
            "WWW-Authenticate": {"schema": {"type": "string"}, "description": "How to say who one is."},
        }
        return super()._get_response_bodies(direction) | {"4XX": problem}

    def _get_request_body(self, direction: Any = "request") -> Any:
        body = super()._get_request_body(direction)  # type: ignore[no-untyped-call]
        if body and any(media.get("schema") == BYTES for media in body["content"].values()):
            body["required"] = True
        return body
