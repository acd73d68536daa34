"""Which question next, to be answered freely: those with the fewest answers first, any number of people each."""

from django.db.models import Exists, OuterRef

from accounts.models import Speaker
from languages.models import Language
from prompts.models import Prompt, PromptSkip

AT_MOST = 50


def next_topics(*, language: Language, speaker: Speaker | None, count: int) -> list[Prompt]:
    """Return up to `count` (at most 50) questions that the speaker has neither answered nor passed over.

    There are hundreds of them at most, and a question may be answered by everybody: nothing is reserved.
    """
    rows = Prompt.objects.topics(language)
    if speaker:
        answered = Prompt.objects.filter(pk=OuterRef("pk"), recordings__speaker=speaker)
        skipped = PromptSkip.objects.filter(prompt=OuterRef("pk"), speaker=speaker)
        rows = rows.exclude(Exists(answered)).exclude(Exists(skipped))
    return list(rows.order_by("clips_count", "place")[: min(count, AT_MOST)])
