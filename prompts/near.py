"""Finding sentences that are nearly the same: by MinHash keys that they probably share, then by the texts themselves.

Two texts with a share s of equal pieces have a key in common with a chance of 1 - (1 - s^3)^6: 99 % at
0.8, 92 % at 0.7. What shares a key is compared piece by piece, so nothing is called alike that isn't.
"""

import hashlib
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Sequence

from rensa import RMinHash

from languages.models import Language
from prompts.models import NearKey, Prompt
from prompts.states import PromptState

ALIKE = 0.7  # from this share of equal pieces on (Jaccard)
BANDS, ROWS, SEED = 6, 3, 1
PIECE, PIECE_OF_NO_WORDS = 3, 2  # letters; the second where words are not written apart, and a sign says more
COMPARED = 20  # sentences at most that one is compared with: thousands may follow one pattern
AT_ONCE = 5000  # keys in one query


def pieces(text: str) -> set[str]:
    """Return the overlapping pieces of three letters of a text, without case, marks and punctuation."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    words = " ".join("".join(c if c.isalnum() or c.isspace() else "" for c in folded).split())
    size = PIECE if " " in words else PIECE_OF_NO_WORDS
    return {words[at : at + size] for at in range(max(1, len(words) - size + 1))}


def keys(language_id: int, text: str) -> list[int]:
    """Return the keys of a text in a language: 63-bit numbers, one for each band of its MinHash."""
    minhash = RMinHash(num_perm=BANDS * ROWS, seed=SEED)
    minhash.update(sorted(pieces(text)))
    digest = minhash.digest()
    return [_key(language_id, band, digest[band * ROWS : (band + 1) * ROWS]) for band in range(BANDS)]


def _key(language_id: int, band: int, values: list[int]) -> int:
    digest = hashlib.blake2b(repr((language_id, band, values)).encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") >> 1


def similarity(one: str, other: str) -> float:
    """Return the share of pieces that two texts have in common (Jaccard), 0 to 1."""
    ours, theirs = pieces(one), pieces(other)
    return len(ours & theirs) / len(ours | theirs)


def find(language: Language, texts: Sequence[str], *, but: Iterable[Prompt] = ()) -> dict[int, str]:
    """Return, by position, the most similar sentence of the language (or earlier in `texts`) for those that have one.

    Sentences that were rejected or superseded are no reason against another; nor are those of `but`.
    """
    own = [keys(language.pk, text) for text in texts]
    known = _sharing({key for each in own for key in each}, {prompt.pk for prompt in but})
    found: dict[int, str] = {}
    for position, (text, its_keys) in enumerate(zip(texts, own, strict=True)):
        candidates = {other: None for key in its_keys for other in known[key][-COMPARED:]}
        share, nearest = max(((similarity(text, each), each) for each in candidates), default=(0.0, ""))
        if share >= ALIKE:
            found[position] = nearest
        for key in its_keys:
            known[key].append(text)
    return found


def _sharing(wanted: set[int], but: set[object]) -> dict[int, list[str]]:
    """Return the texts that have one of the keys, by key."""
    known: dict[int, list[str]] = defaultdict(list)
    listed = sorted(wanted)
    states = [PromptState.SUBMITTED, PromptState.IN_USE, PromptState.RETIRED]
    for at in range(0, len(listed), AT_ONCE):
        rows = NearKey.objects.filter(key__in=listed[at : at + AT_ONCE], prompt__state__in=states)
        rows = rows.filter(prompt__superseded_by__isnull=True)
        found = rows.values_list("key", "prompt_id", "prompt__text")[: AT_ONCE * COMPARED]
        for key, pk, text in found.iterator():
            if pk not in but and len(known[key]) < COMPARED:
                known[key].append(text)
    return known


def remember(prompts: Iterable[Prompt]) -> None:
    """Store the keys of new sentences, so that later ones are compared with them."""
    NearKey.objects.bulk_create(
        NearKey(prompt=prompt, key=key) for prompt in prompts for key in keys(prompt.language_id, prompt.text)
    )
