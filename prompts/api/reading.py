"""Routes for what is read next, and for sending sentences; names and shapes are those that existing clients know."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.authentication import asking, voice
from accounts.permissions import AnyVoice
from common.api import checked
from common.throttles import CheckLimit, SentenceLimit
from languages.lookup import open_language_of, writable_language_of
from prompts import receiving
from prompts.api.origins import OriginIn, RefusedOut, origin_in
from prompts.lines import Line
from prompts.models import Prompt
from prompts.options import Domain
from prompts.receiving import Refusal
from prompts.selection import AT_MOST, next_prompts
from prompts.skipping import skip_prompt
from prompts.submitting import AT_MOST as AT_ONCE
from prompts.submitting import submit
from prompts.wording import refusal_in_words


class CountIn(serializers.Serializer[object]):
    count = serializers.IntegerField(min_value=1, max_value=AT_MOST, default=10)


class SentenceOut(serializers.ModelSerializer[Prompt]):
    id = serializers.CharField()

    class Meta:
        model = Prompt
        fields = ["id", "text"]


class ToReadOut(SentenceOut):
    """A sentence for somebody to say, and to hear first if they don't read."""

    audio = serializers.CharField(
        required=False, help_text="Address of the sentence, read aloud; left out where nobody read it."
    )

    class Meta(SentenceOut.Meta):
        fields = ["id", "text", "audio"]

    def to_representation(self, instance: Prompt) -> dict[str, Any]:
        """Say it without going through the fields, which takes ten times as long.

        The sound is left out where there is none; apps need its whole address.
        """
        told = {"id": str(instance.pk), "text": instance.text}
        audio, request = instance.audio, self.context.get("request")
        if not audio:
            return told
        return told | {"audio": request.build_absolute_uri(audio) if request else audio}


class SentencesIn(OriginIn):
    sentences = serializers.ListField(
        child=serializers.CharField(max_length=1000), min_length=1, max_length=AT_ONCE
    )
    domain = serializers.ChoiceField(Domain.choices, allow_blank=True, default="")
    variant = serializers.CharField(max_length=35, allow_blank=True, default="")
    similar_too = serializers.BooleanField(default=False)


class CheckIn(serializers.Serializer[object]):
    sentences = serializers.ListField(
        child=serializers.CharField(max_length=1000), min_length=1, max_length=AT_ONCE
    )


class FoundOut(RefusedOut):
    def get_words(self, refusal: Refusal) -> str:
        """Say what is wrong, with what shows it."""
        return refusal_in_words(refusal.code, refusal.detail)


class SubmittedOut(serializers.Serializer[object]):
    accepted = serializers.IntegerField()
    refused = RefusedOut(many=True)


class Sentences(APIView):
    def get_permissions(self) -> list[Any]:
        """Let anybody read; who sends becomes a voice, so that what becomes of it can be told."""
        return [AnyVoice()] if self.request.method == "POST" else []

    def get_throttles(self) -> list[Any]:
        """Limit sending, not reading."""
        return [SentenceLimit()] if self.request.method == "POST" else []

    @extend_schema(parameters=[CountIn], responses=ToReadOut(many=True))
    def get(self, request: Request, locale: str) -> Response:
        """Hand out sentences that the speaker has neither recorded nor skipped."""
        asked = checked(CountIn, request.query_params)
        prompts = next_prompts(
            language=open_language_of(locale),
            speaker=asking(request),
            count=asked["count"],
        )
        return Response(ToReadOut(prompts, many=True, context={"request": request}).data)

    @extend_schema(request=SentencesIn, responses=SubmittedOut)
    def post(self, request: Request, locale: str) -> Response:
        """Send sentences to be reviewed; those that can't be used come back, by position from 0, with the reason."""
        said = checked(SentencesIn, request.data)
        anyway = said["similar_too"]
        lines = [
            Line(number, text, said["domain"], said["variant"], anyway=anyway)
            for number, text in enumerate(said["sentences"])
        ]
        refused = submit(
            language=writable_language_of(locale), lines=lines, submitter=voice(request), **origin_in(said)
        )
        answer = {"accepted": len(lines) - len(refused), "refused": refused}
        return Response(SubmittedOut(answer).data)


class SentenceCheck(APIView):
    throttle_classes = [CheckLimit]

    @extend_schema(request=CheckIn, responses=FoundOut(many=True))
    def post(self, request: Request, locale: str) -> Response:
        """Say, by position from 0, which sentences could not be used and why; nothing is kept."""
        sent = checked(CheckIn, request.data)
        lines = [Line(number, text) for number, text in enumerate(sent["sentences"])]
        found = receiving.check(lines=lines, language=writable_language_of(locale))
        return Response([FoundOut(each).data for each in found])


class SkippedSentence(APIView):
    permission_classes = [AnyVoice]

    @extend_schema(request=None, responses={204: None})
    def post(self, request: Request, prompt_id: UUID) -> Response:
        """Don't hand this sentence to this speaker again."""
        skip_prompt(prompt_id=prompt_id, speaker=voice(request))
        return Response(status=status.HTTP_204_NO_CONTENT)
