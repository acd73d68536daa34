"""Routes for whole files of sentences."""

from typing import cast
from uuid import UUID

from django.http import StreamingHttpResponse
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.authentication import voice
from accounts.permissions import AnyVoice
from accounts.persons import voices_of
from common.api import checked
from common.errors import Refused
from common.throttles import FileLimit
from languages.lookup import writable_language_of
from prompts.api.origins import OriginIn
from prompts.importing import report, start_import
from prompts.models import SentenceImport


class FileIn(OriginIn):
    file = serializers.FileField()
    similar_too = serializers.BooleanField(default=False)


class FileOut(serializers.ModelSerializer[SentenceImport]):
    id = serializers.CharField()
    state = serializers.CharField()

    class Meta:
        model = SentenceImport
        fields = ["id", "state", "fault", "size", "offset", "line", "accepted", "refused"]


class SentenceFiles(APIView):
    permission_classes = [AnyVoice]
    throttle_classes = [FileLimit]
    parser_classes = [MultiPartParser]

    @extend_schema(request={"multipart/form-data": FileIn}, responses={202: FileOut})
    def post(self, request: Request, locale: str) -> Response:
        """Send a text with one sentence a line, or a TSV with a column `sentence`; a worker takes it in."""
        said = checked(FileIn, request.data)
        job = start_import(
            language=writable_language_of(locale),
            file=said["file"],
            submitter=voice(request),
            similar_too=said["similar_too"],
            source=said["source"],
            licence=said["licence"],
            evidence=said["evidence"],
        )
        return Response(FileOut(job).data, status=status.HTTP_202_ACCEPTED)


class SentenceFile(APIView):
    permission_classes = [AnyVoice]

    @extend_schema(responses=FileOut)
    def get(self, request: Request, locale: str, import_id: UUID) -> Response:
        """Tell how far a file is that this person sent."""
        return Response(FileOut(_own(request, locale, import_id)).data)


class SentenceFileReport(APIView):
    permission_classes = [AnyVoice]

    @extend_schema(responses={(200, "text/tab-separated-values"): OpenApiTypes.STR})
    def get(self, request: Request, locale: str, import_id: UUID) -> Response:
        """Hand out the lines of a file that were not taken in, and why, as TSV."""
        rows = report(_own(request, locale, import_id))
        response = StreamingHttpResponse(rows, content_type="text/tab-separated-values; charset=utf-8")
        return cast("Response", response)


def _own(request: Request, locale: str, import_id: UUID) -> SentenceImport:
    rows = SentenceImport.objects.filter(language__tag=locale, submitter__in=voices_of(voice(request)))
    job = rows.filter(pk=import_id).first()
    if job is None:
        raise Refused(_("You sent no such file."), code="unknown-file", status=404)
    return job
