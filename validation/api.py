"""The API's routes about judging clips; names and shapes are those that existing clients know."""

import uuid
from hashlib import sha256
from io import BytesIO
from typing import Any
from urllib.parse import unquote
from uuid import UUID

from django.core.files.storage import storages
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.authentication import asking, voice
from accounts.permissions import AnyVoice
from common.api import checked
from common.openapi import BYTES
from common.throttles import ReportLimit, UploadLimit, VoteLimit
from languages.lookup import language_of, open_language_of
from prompts.api import CountIn, SentenceOut
from prompts.lookup import prompt_for_client
from recordings import intake
from recordings.models import Clip
from recordings.parsers import RawBody
from validation import counting, reporting, voting
from validation.assigning import hand_out
from validation.boards import leaderboard
from validation.options import Choice, Reason

WORDS = r"^[^\x00]*[^\x00\s][^\x00]*$"  # anything but nothing


class ClipOut(serializers.Serializer[Any]):
    id = serializers.CharField()
    glob = serializers.CharField(source="id")
    sentence = SentenceOut(source="prompt")
    audioSrc = serializers.CharField(  # noqa: N815 -- the contract's name
        help_text="Short signed link, which needs no credentials."
    )

    def to_representation(self, instance: Clip) -> dict[str, Any]:
        """Say it without going through the fields, which takes ten times as long."""
        number, prompt = str(instance.pk), instance.prompt
        sentence = {"id": str(prompt.pk), "text": prompt.text}
        return {"id": number, "glob": number, "sentence": sentence, "audioSrc": self._link(instance)}

    def _link(self, clip: Clip) -> str:
        link: str = storages["private"].url(clip.delivery_key)
        return self.context["site"] + link if link.startswith("/") else link


class UploadedOut(serializers.Serializer[object]):
    filePrefix = serializers.CharField()  # noqa: N815


class VoteIn(serializers.Serializer[object]):
    isValid = serializers.BooleanField(allow_null=True)  # noqa: N815
    reasons = serializers.ListField(
        child=serializers.ChoiceField(Reason.choices), max_length=len(Reason), default=list
    )


class VoteOut(serializers.Serializer[object]):
    glob = serializers.CharField()


class ReportIn(serializers.Serializer[object]):
    id = serializers.UUIDField()
    kind = serializers.ChoiceField(["sentence", "clip"])
    reasons = serializers.ListField(
        child=serializers.RegexField(WORDS, max_length=200), min_length=1, max_length=10
    )


class Clips(APIView):
    permission_classes = [AnyVoice]
    parser_classes = [RawBody]

    def get_throttles(self) -> list[Any]:
        """Limit sending, not listening."""
        return [UploadLimit()] if self.request.method == "POST" else []

    @extend_schema(parameters=[CountIn], responses=ClipOut(many=True))
    def get(self, request: Request, locale: str) -> Response:
        """Hand out clips of others to judge."""
        asked = checked(CountIn, request.query_params)
        clips = hand_out(
            language=open_language_of(locale),
            listener=voice(request),
            count=asked["count"],
        )
        return Response(
            ClipOut(clips, many=True, context={"site": request.build_absolute_uri("/")[:-1]}).data
        )

    @extend_schema(
        parameters=[
            OpenApiParameter(
                "sentence-id", str, OpenApiParameter.HEADER, description="found by text without it"
            ),
            OpenApiParameter("sentence", str, OpenApiParameter.HEADER, description="percent-encoded UTF-8"),
        ],
        request={"application/octet-stream": BYTES, "audio/*": BYTES},
        responses=UploadedOut,
    )
    def post(self, request: Request, locale: str) -> Response:
        """Keep a take of an app, whatever it says the bytes are; the same bytes for the same sentence are one take."""
        sentence_id, text = (
            request.headers.get("sentence-id", ""),
            unquote(request.headers.get("sentence", "")),
        )
        prompt = prompt_for_client(language_of(locale), sentence_id, text)
        body = request._request.read(intake.MAX_TAKE_BYTES + 1)
        take_id = uuid.uuid5(prompt.pk, sha256(body).hexdigest())
        receipt = intake.accept_take(
            take=intake.Take(take_id=take_id, read=BytesIO(body).read),
            speaker=voice(request),
            prompt=prompt,
            knows_consent=request.auth is not None,
        )
        return Response({"filePrefix": str(receipt.id)})


class Votes(APIView):
    permission_classes = [AnyVoice]
    throttle_classes = [VoteLimit]

    @extend_schema(request=VoteIn, responses=VoteOut)
    def post(self, request: Request, locale: str, clip_id: UUID) -> Response:
        """Judge a clip: isValid true, false with reasons, or null for "not sure"."""
        sent = checked(VoteIn, request.data)
        choice = {True: Choice.YES, False: Choice.NO, None: Choice.UNSURE}[sent["isValid"]]
        voting.cast_vote(
            clip_id=clip_id,
            listener=voice(request),
            choice=choice,
            reasons=sent["reasons"],
        )
        return Response({"glob": str(clip_id)})

    @extend_schema(request=None, responses={204: None})
    def delete(self, request: Request, locale: str, clip_id: UUID) -> Response:
        """Take back one of one's last five votes."""
        voting.undo(clip_id=clip_id, listener=voice(request))
        return Response(status=status.HTTP_204_NO_CONTENT)


class SkippedClip(APIView):
    permission_classes = [AnyVoice]

    @extend_schema(request=None, responses={204: None})
    def post(self, request: Request, clip_id: UUID) -> Response:
        """Don't hand this clip to this listener again."""
        voting.skip_clip(clip_id=clip_id, listener=voice(request))
        return Response(status=status.HTTP_204_NO_CONTENT)


class Reports(APIView):
    permission_classes = [AnyVoice]
    throttle_classes = [ReportLimit]

    @extend_schema(request=ReportIn, responses={204: None})
    def post(self, request: Request) -> Response:
        """Complain about a sentence or a clip."""
        values = checked(ReportIn, request.data)
        reporting.report(
            kind=values["kind"],
            thing_id=values["id"],
            reporter=voice(request),
            reasons=values["reasons"],
        )
        return Response(status=status.HTTP_204_NO_CONTENT)


class DayOut(serializers.Serializer[object]):
    date = serializers.DateField()
    total = serializers.IntegerField(help_text="clips that were made on that day")
    valid = serializers.IntegerField(help_text="those of them that listeners found good")


class VoicesOut(serializers.Serializer[object]):
    date = serializers.DateField()
    value = serializers.IntegerField(source="voices", help_text="people who recorded on that day")


class RankOut(serializers.Serializer[object]):
    position = serializers.IntegerField()
    username = serializers.CharField()
    total = serializers.IntegerField()
    you = serializers.BooleanField()


class ClipsOfToday(APIView):
    @extend_schema(responses=OpenApiTypes.INT)
    def get(self, request: Request, locale: str) -> Response:
        """Count the clips made since midnight (UTC)."""
        return Response(counting.clips_today(language_of(locale)))


class VotesOfToday(APIView):
    @extend_schema(responses=OpenApiTypes.INT)
    def get(self, request: Request, locale: str) -> Response:
        """Count the votes cast since midnight (UTC)."""
        return Response(counting.votes_today(language_of(locale)))


class Stats(APIView):
    @extend_schema(responses=DayOut(many=True))
    def get(self, request: Request, locale: str) -> Response:
        """Count the clips of each of the last ten days that has any."""
        return Response(DayOut(counting.last_days(language_of(locale)), many=True).data)


class Voices(APIView):
    @extend_schema(responses=VoicesOut(many=True))
    def get(self, request: Request, locale: str) -> Response:
        """Count the people who recorded on each of the last ten days that has any."""
        return Response(VoicesOut(counting.last_days(language_of(locale)), many=True).data)


class Leaderboard(APIView):
    of = "clips"

    @extend_schema(responses=RankOut(many=True))
    def get(self, request: Request, locale: str) -> Response:
        """Rank those who asked to be listed by the seconds of theirs that listeners approved; votes rank nobody."""
        language = language_of(locale)
        ranks = leaderboard(language, asking(request)) if self.of == "clips" else []
        return Response(RankOut(ranks, many=True).data)
