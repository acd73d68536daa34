"""Routes for reviewing sentences, and for what became of one's own."""

from uuid import UUID

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.authentication import voice
from accounts.permissions import AnyVoice
from common.api import checked
from common.errors import Refused
from common.throttles import ReviewLimit, SentenceLimit
from languages.lookup import language_of, writable_language_of
from prompts import near, own, reviewing, submitting
from prompts.api.reading import CountIn
from prompts.models import Prompt
from prompts.options import Flaw, Opinion
from prompts.own import Own
from prompts.reviewables import next_to_review


class ToReviewOut(serializers.ModelSerializer[Prompt]):
    id = serializers.CharField()
    similar = serializers.SerializerMethodField()

    class Meta:
        model = Prompt
        fields = ["id", "text", "source", "licence", "evidence", "domain", "similar"]

    def get_similar(self, prompt: Prompt) -> str:
        """Return the text of a sentence that is almost the same, or ""."""
        similar: dict[str, str] = self.context["similar"]
        return similar.get(prompt.text, "")


class ReviewIn(serializers.Serializer[object]):
    opinion = serializers.ChoiceField(Opinion.choices)
    flaws = serializers.ListField(
        child=serializers.ChoiceField(Flaw.choices), max_length=len(Flaw), default=list
    )


class StateOut(serializers.Serializer[object]):
    state = serializers.CharField()


class OwnOut(serializers.Serializer[Own]):
    id = serializers.CharField(source="prompt.pk")
    text = serializers.CharField(source="prompt.text")
    state = serializers.CharField(source="prompt.state")
    flaws = serializers.ListField(child=serializers.CharField())
    note = serializers.CharField(source="prompt.note")


class CorrectionIn(serializers.Serializer[object]):
    text = serializers.CharField(max_length=1000)


class CorrectedOut(serializers.ModelSerializer[Prompt]):
    id = serializers.CharField()
    state = serializers.CharField()

    class Meta:
        model = Prompt
        fields = ["id", "text", "state"]


class SentencesToReview(APIView):
    permission_classes = [AnyVoice]

    @extend_schema(parameters=[CountIn], responses=ToReviewOut(many=True))
    def get(self, request: Request, locale: str) -> Response:
        """Hand out submitted sentences of others that this person has not reviewed."""
        asked = checked(CountIn, request.query_params)
        language = writable_language_of(locale)
        count = asked["count"]
        prompts = next_to_review(language=language, reviewer=voice(request), count=count)
        texts = [prompt.text for prompt in prompts]
        similar = {texts[at]: other for at, other in near.find(language, texts, but=prompts).items()}
        return Response(ToReviewOut(prompts, many=True, context={"similar": similar}).data)


class Reviews(APIView):
    permission_classes = [AnyVoice]
    throttle_classes = [ReviewLimit]

    @extend_schema(request=ReviewIn, responses=StateOut)
    def post(self, request: Request, locale: str, prompt_id: UUID) -> Response:
        """Say whether a submitted sentence may be read, and what is wrong with it if not."""
        sent = checked(ReviewIn, request.data)
        opinion = Opinion(sent["opinion"])
        flaws = sent["flaws"]
        state = reviewing.review(prompt_id=prompt_id, reviewer=voice(request), opinion=opinion, flaws=flaws)
        return Response({"state": str(state)})

    @extend_schema(request=None, responses={204: None})
    def delete(self, request: Request, locale: str, prompt_id: UUID) -> Response:
        """Take back one of one's last five opinions."""
        reviewing.undo(prompt_id=prompt_id, reviewer=voice(request))
        return Response(status=status.HTTP_204_NO_CONTENT)


class OwnSentences(APIView):
    permission_classes = [AnyVoice]

    @extend_schema(responses=OwnOut(many=True))
    def get(self, request: Request, locale: str) -> Response:
        """Tell what became of the newest sentences that this person sent, and why some were rejected."""
        rows = own.sentences_of(voice(request), language_of(locale))
        return Response([OwnOut(each).data for each in rows])


class Corrections(APIView):
    permission_classes = [AnyVoice]
    throttle_classes = [SentenceLimit]

    @extend_schema(request=CorrectionIn, responses=CorrectedOut)
    def post(self, request: Request, locale: str, prompt_id: UUID) -> Response:
        """Put a corrected version in the place of a sentence of one's own that nobody reads yet."""
        sent = checked(CorrectionIn, request.data)
        prompt = own.of_person(voice(request)).select_related("language").filter(pk=prompt_id).first()
        if prompt is None:
            raise Refused(_("You have no such sentence to correct."), code="prompt-gone", status=404)
        return Response(CorrectedOut(submitting.correct(prompt=prompt, text=sent["text"])).data)
