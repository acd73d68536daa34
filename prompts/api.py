"""The API's routes about prompts; names and shapes are those that existing clients know."""

from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.authentication import asking, voice
from accounts.permissions import AnyVoice
from languages.lookup import open_language_of
from prompts.models import Prompt
from prompts.selection import AT_MOST, next_prompts
from prompts.skipping import skip_prompt


class CountIn(serializers.Serializer[object]):
    count = serializers.IntegerField(min_value=1, max_value=AT_MOST, default=10)


class SentenceOut(serializers.ModelSerializer[Prompt]):
    id = serializers.CharField()

    class Meta:
        model = Prompt
        fields = ["id", "text"]


class Sentences(APIView):
    @extend_schema(parameters=[CountIn], responses=SentenceOut(many=True))
    def get(self, request: Request, locale: str) -> Response:
        """Hand out sentences that the speaker has neither recorded nor skipped."""
        asked = CountIn(data=request.query_params)
        asked.is_valid(raise_exception=True)
        prompts = next_prompts(
            language=open_language_of(locale),
            speaker=asking(request),
            count=asked.validated_data["count"],
        )
        return Response(SentenceOut(prompts, many=True).data)


class SkippedSentence(APIView):
    permission_classes = [AnyVoice]

    @extend_schema(request=None, responses={204: None})
    def post(self, request: Request, prompt_id: UUID) -> Response:
        """Don't hand this sentence to this speaker again."""
        skip_prompt(prompt_id=prompt_id, speaker=voice(request))
        return Response(status=status.HTTP_204_NO_CONTENT)
