"""The API's routes about the one who asks."""

from django.http import JsonResponse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.authentication import asking

TEXT, NUMBER, NOT_KNOWN = {"type": "string"}, {"type": "integer"}, {"type": "null"}
CLIENT = {  # what existing clients parse; null for somebody new
    "type": ["object", "null"],
    "properties": {
        "age": TEXT, "gender": TEXT, "email": NOT_KNOWN, "username": NOT_KNOWN, "avatar_url": NOT_KNOWN,
        "avatar_clip_url": NOT_KNOWN, "clips_count": NUMBER, "votes_count": NUMBER,
    },
    "required": ["age", "gender", "email", "username", "clips_count", "votes_count"],
}  # fmt: skip


class UserClient(APIView):
    @extend_schema(responses={(200, "application/json"): CLIENT})
    def get(self, request: Request) -> Response | JsonResponse:
        """Tell what is known of the speaker who asks; null for somebody new."""
        speaker = asking(request)
        if speaker is None:
            return JsonResponse(None, safe=False)  # the word null; the API's renderer would send nothing
        return Response(
            {
                "age": speaker.age,
                "gender": speaker.gender,
                "email": None,
                "username": None,
                "avatar_url": None,
                "avatar_clip_url": None,
                "clips_count": speaker.clips.count(),
                "votes_count": speaker.votes.count(),
            }
        )
