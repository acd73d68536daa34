"""How the API says where sentences come from, and why some are refused."""

from typing import Any

from rest_framework import serializers

from prompts.options import Licence
from prompts.receiving import Refusal
from prompts.wording import FAULTS


class OriginIn(serializers.Serializer[object]):
    source = serializers.CharField(max_length=200)  # type: ignore[assignment]  # the name is the contract's
    licence = serializers.ChoiceField(Licence.choices)
    evidence = serializers.CharField(max_length=500, allow_blank=True, default="")


def origin_in(said: dict[str, Any]) -> dict[str, str]:
    """Return the three as use cases take them."""
    return {name: said[name] for name in ("source", "licence", "evidence")}


class RefusedOut(serializers.Serializer[Refusal]):
    position = serializers.IntegerField(source="line.number")
    code = serializers.CharField()
    detail = serializers.CharField()
    words = serializers.SerializerMethodField()

    def get_words(self, refusal: Refusal) -> str:
        """Say what is wrong."""
        return str(FAULTS[refusal.code])
