"""Addresses of the API, version 1; those of sentences, clips, votes and reports are what existing clients call."""

from django.urls import path, re_path
from drf_spectacular.views import SpectacularAPIView

from accounts.api import UserClient
from common.api import nowhere
from export.api import Datasets, DatasetsOfRelease
from languages.api import Languages
from prompts.api import (
    Corrections,
    OwnSentences,
    Reviews,
    SentenceCheck,
    SentenceFile,
    SentenceFileReport,
    SentenceFiles,
    Sentences,
    SentencesToReview,
    SkippedSentence,
)
from recordings.api import LongTake, ReadAloud, Take
from validation.api import (
    Clips,
    ClipsOfToday,
    Leaderboard,
    Reports,
    SkippedClip,
    Stats,
    Voices,
    Votes,
    VotesOfToday,
)

urlpatterns = [
    # First what is asked all the time, since routes are tried in their order
    path("recordings/<uuid:take_id>", Take.as_view(), name="api-take"),
    path("<tag:locale>/sentences", Sentences.as_view()),
    path("<tag:locale>/clips", Clips.as_view()),
    path("<tag:locale>/clips/<uuid:clip_id>/votes", Votes.as_view()),
    path("schema", SpectacularAPIView.as_view(), name="api-schema"),
    path("languages", Languages.as_view()),
    path("user_client", UserClient.as_view()),
    path("readings/<uuid:reading_id>", ReadAloud.as_view(), name="api-reading"),
    path("skipped_sentences/<uuid:prompt_id>", SkippedSentence.as_view()),
    path("skipped_clips/<uuid:clip_id>", SkippedClip.as_view()),
    path("reports", Reports.as_view()),
    path("datasets", Datasets.as_view()),
    re_path(r"^datasets/(?P<number>\d+\.\d+)$", DatasetsOfRelease.as_view()),
    path("<tag:locale>/recordings/<uuid:take_id>", LongTake.as_view()),
    path("<tag:locale>/sentences/check", SentenceCheck.as_view()),
    path("<tag:locale>/sentences/review", SentencesToReview.as_view()),
    path("<tag:locale>/sentences/own", OwnSentences.as_view()),
    path("<tag:locale>/sentences/<uuid:prompt_id>/reviews", Reviews.as_view()),
    path("<tag:locale>/sentences/<uuid:prompt_id>/corrections", Corrections.as_view()),
    path("<tag:locale>/sentence_files", SentenceFiles.as_view()),
    path("<tag:locale>/sentence_files/<uuid:import_id>", SentenceFile.as_view()),
    path("<tag:locale>/sentence_files/<uuid:import_id>/report", SentenceFileReport.as_view()),
    path("<tag:locale>/clips/daily_count", ClipsOfToday.as_view()),
    path("<tag:locale>/clips/votes/daily_count", VotesOfToday.as_view()),
    path("<tag:locale>/clips/stats", Stats.as_view()),
    path("<tag:locale>/clips/voices", Voices.as_view()),
    path("<tag:locale>/clips/leaderboard", Leaderboard.as_view(), name="api-clips-leaderboard"),
    path(
        "<tag:locale>/clips/votes/leaderboard", Leaderboard.as_view(of="votes"), name="api-votes-leaderboard"
    ),
    re_path(r"[\s\S]*", nowhere),
]
