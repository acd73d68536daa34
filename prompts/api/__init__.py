"""The API's routes about prompts: what is read, what people write and review, and whole files of sentences."""

from prompts.api.files import SentenceFile, SentenceFileReport, SentenceFiles
from prompts.api.reading import (
    CountIn,
    SentenceCheck,
    SentenceOut,
    Sentences,
    SkippedSentence,
    ToReadOut,
)
from prompts.api.writing import Corrections, OwnSentences, Reviews, SentencesToReview

__all__ = [
    "Corrections",
    "CountIn",
    "OwnSentences",
    "Reviews",
    "SentenceCheck",
    "SentenceFile",
    "SentenceFileReport",
    "SentenceFiles",
    "SentenceOut",
    "Sentences",
    "SentencesToReview",
    "SkippedSentence",
    "ToReadOut",
]
