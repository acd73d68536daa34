"""The API's routes about recordings: sending a take, and asking what became of it."""

import base64
import binascii
import re
from typing import Any, cast
from uuid import UUID

from django.contrib.sessions.backends.base import SessionBase
from django.core.files.storage import storages
from django.http import HttpResponseRedirect
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema, extend_schema_field
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts import speakers
from accounts.authentication import DeviceSpeaker, SessionSpeaker, TakesPass, voice
from accounts.models import Speaker
from accounts.permissions import AnyVoice, RunsLanguage
from common.api import checked
from common.errors import Refused
from common.openapi import BYTES
from common.throttles import UploadLimit
from languages.lookup import open_language_of
from prompts.lookup import prompt_of
from prompts.options import Kind
from recordings import ingesting, intake, readings, recorder, tracking
from recordings.audio.order import Cut
from recordings.models import Recording
from recordings.parsers import RawBody
from recordings.wording import REFUSALS, WARNINGS

DIGEST = re.compile(r"sha-256=:([A-Za-z0-9+/=]+):")  # RFC 9530


class TakeIn(serializers.Serializer[object]):
    prompt = serializers.UUIDField()
    speaker = serializers.UUIDField(required=False)


class ReceiptOut(serializers.Serializer[intake.Receipt]):
    id = serializers.UUIDField()
    sha256 = serializers.CharField()
    received_at = serializers.DateTimeField()


class WordsOut(serializers.Serializer[object]):
    code = serializers.CharField()
    words = serializers.CharField()


class OwnClipOut(serializers.Serializer[object]):
    id = serializers.UUIDField()
    state = serializers.CharField()


class RecordingOut(serializers.Serializer[Recording]):
    id = serializers.UUIDField(source="take_id")
    state = serializers.CharField()
    reason = serializers.SerializerMethodField()
    warnings = serializers.SerializerMethodField()
    clips = OwnClipOut(many=True)

    @extend_schema_field(WordsOut(allow_null=True))
    def get_reason(self, recording: Recording) -> dict[str, str] | None:
        """Say why it was refused."""
        if not recording.refusal:
            return None
        return {"code": recording.refusal, "words": str(REFUSALS.get(recording.refusal, ""))}

    @extend_schema_field(WordsOut(many=True))
    def get_warnings(self, recording: Recording) -> list[dict[str, str]]:
        """Say what could be better."""
        codes = {*recording.warnings, *(code for clip in recording.clips.all() for code in clip.warnings)}
        return [{"code": code, "words": str(WARNINGS[code])} for code in sorted(codes & WARNINGS.keys())]


class Take(APIView):
    authentication_classes = [DeviceSpeaker, TakesPass, SessionSpeaker]
    permission_classes = [AnyVoice]
    parser_classes = [RawBody]

    def get_throttles(self) -> list[Any]:
        """Limit sending, not asking."""
        return [UploadLimit()] if self.request.method == "PUT" else []

    @extend_schema(
        parameters=[
            TakeIn,
            OpenApiParameter("Content-Digest", str, OpenApiParameter.HEADER, description="RFC 9530, sha-256"),
            OpenApiParameter("Recorder-Settings", str, OpenApiParameter.HEADER, description="JSON, ASCII"),
        ],
        request={"application/octet-stream": BYTES},
        responses={200: ReceiptOut, 201: ReceiptOut},
    )
    def put(self, request: Request, take_id: UUID) -> Response:
        """Keep a take under the id that the sender made. The same again gives the same receipt (200 instead of 201).

        An answer to a topic may be minutes long, and is cut at its pauses.
        """
        asked = checked(TakeIn, request.query_params)
        prompt = prompt_of(asked["prompt"])
        is_answer = prompt.kind == Kind.TOPIC
        take = intake.Take(
            take_id=take_id,
            read=request._request.read,
            digest=_digest(request),
            recorder=recorder.read(request.headers.get("Recorder-Settings", "")),
            cut=Cut.PAUSES if is_answer else Cut.WHOLE,
            at_most=intake.MAX_ANSWER_BYTES if is_answer else None,
        )
        receipt = intake.accept_take(
            take=take,
            speaker=_speaker(request, asked.get("speaker")),
            prompt=prompt,
        )
        return _receipt_response(receipt)

    @extend_schema(responses=RecordingOut)
    def get(self, request: Request, take_id: UUID) -> Response:
        """Tell the speaker what became of their take."""
        recording = tracking.take_of(voice(request), take_id)
        return Response(RecordingOut(recording).data)


def _speaker(request: Request, named: UUID | None) -> Speaker:
    """Return the voice that the take is of: the current one, or another of this browser's that the sender names."""
    current = voice(request)
    if named in (None, current.pk):
        return current
    session = cast("SessionBase | None", request.auth)
    other = speakers.held(session, named) if session is not None and named else None
    if other is None:
        raise Refused(
            _("This recording belongs to another person's browser."), code="other-speaker", status=403
        )
    return other


def _digest(request: Request) -> bytes | None:
    header = request.headers.get("Content-Digest", "")
    if not header:
        return None
    found = DIGEST.search(header)
    try:
        digest = base64.b64decode(found[1], validate=True) if found else b""
    except binascii.Error:
        digest = b""
    if len(digest) != 32:
        raise Refused(_("The checksum can't be read."), code="digest-format", status=400)
    return digest


class ReadAloud(APIView):
    @extend_schema(responses={302: OpenApiResponse(description="A short signed link to an MP3")})
    def get(self, request: Request, reading_id: UUID) -> HttpResponseRedirect:
        """Lead to the sound of a text read aloud, for people who don't read."""
        reading = readings.played(reading_id)
        return HttpResponseRedirect(storages["private"].url(reading.delivery_key))


class IngestIn(serializers.Serializer[object]):
    topic = serializers.CharField(max_length=200)
    origin = serializers.CharField(max_length=200, default="")
    speaker = serializers.UUIDField(required=False)
    agreed = serializers.BooleanField(default=False)


class LongTake(APIView):
    permission_classes = [RunsLanguage]
    parser_classes = [RawBody]

    @extend_schema(
        operation_id="recordings_ingest",
        parameters=[IngestIn],
        request={"application/octet-stream": BYTES},
        responses={200: ReceiptOut, 201: ReceiptOut},
    )
    def put(self, request: Request, locale: str, take_id: UUID) -> Response:
        """Keep a long recording, to be cut at its pauses; for organisers, who state the speaker's agreement."""
        values = checked(IngestIn, request.query_params)
        topic = ingesting.topic_of(open_language_of(locale), values["topic"], values["origin"])
        speaker = ingesting.speaker_for(values.get("speaker"), agreed=values["agreed"], upload=take_id)
        take = intake.Take(take_id, read=request._request.read, digest=_digest(request), cut=Cut.PAUSES)
        receipt = intake.accept_take(take=take, speaker=speaker, prompt=topic)
        return _receipt_response(receipt)


def _receipt_response(receipt: intake.Receipt) -> Response:
    code = status.HTTP_201_CREATED if receipt.new else status.HTTP_200_OK
    return Response(ReceiptOut(receipt).data, status=code)
