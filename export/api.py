"""The API's routes about releases: what the dataset pages say, for programs."""

from django.conf import settings
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from common.errors import Refused
from export import catalogue
from export.catalogue import Dataset
from export.models import Archive, Document, Release


class ArchiveOut(serializers.ModelSerializer[Archive]):
    url = serializers.CharField()
    hours = serializers.FloatField()

    class Meta:
        model = Archive
        fields = ["kind", "name", "bytes", "sha256", "clips", "hours", "url"]


class DocumentOut(serializers.ModelSerializer[Document]):
    url = serializers.CharField()

    class Meta:
        model = Document
        fields = ["name", "media_type", "url"]


class DatasetOut(serializers.Serializer[Dataset]):
    locale = serializers.CharField(source="edition.locale")
    number = serializers.CharField(source="edition.release.number")
    cutoff = serializers.DateField(source="edition.release.cutoff")
    published_at = serializers.DateTimeField(source="edition.release.published_at")
    license = serializers.SerializerMethodField()
    statistics = serializers.JSONField(source="edition.statistics")
    page = serializers.CharField()
    archives = ArchiveOut(many=True)
    documents = DocumentOut(many=True)
    checksums = serializers.SerializerMethodField()

    def get_license(self, dataset: Dataset) -> str:
        return "CC0-1.0"

    @extend_schema_field(str)
    def get_checksums(self, dataset: Dataset) -> str:
        return f"{dataset.address}SHA256SUMS"


class Datasets(APIView):
    @extend_schema(responses=DatasetOut(many=True))
    def get(self, request: Request) -> Response:
        """List every language of every published release, newest first."""
        return Response([DatasetOut(each).data for each in catalogue.datasets()])


class DatasetsOfRelease(APIView):
    @extend_schema(operation_id="datasets_of_release", responses=DatasetOut(many=True))
    def get(self, request: Request, number: str) -> Response:
        """List the languages of one release; 410 if it was withdrawn, with the newest one to use instead."""
        release = Release.objects.public().numbered(number).first()
        if release is None:
            raise NotFound
        if release.is_withdrawn:
            raise Refused(_gone(release), code="withdrawn", status=410)
        return Response([DatasetOut(each).data for each in catalogue.datasets(release=release)])


def _gone(release: Release) -> str:
    newest = catalogue.newest_after(release)
    instead = f" Use {settings.SITE_URL}/api/v1/datasets/{newest.number} instead." if newest else ""
    return f"This release was withdrawn: {release.withdrawn_because}{instead}"
