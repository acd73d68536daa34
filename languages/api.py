"""The API's routes about languages."""

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from languages.models import Language


class LanguageOut(serializers.ModelSerializer[Language]):
    name = serializers.CharField(source="tag")

    class Meta:
        model = Language
        fields = ["id", "name", "english_name", "native_name", "direction", "state"]


class Languages(APIView):
    @extend_schema(responses=LanguageOut(many=True))
    def get(self, request: Request) -> Response:
        """List the languages that are collected here."""
        return Response(LanguageOut(Language.objects.all(), many=True).data)
