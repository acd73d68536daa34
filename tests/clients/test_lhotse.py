"""lhotse's recipe `commonvoice` prepares the splits, and recordings decode; it drops blanks at sentences' ends."""

import pytest
from lhotse.recipes.commonvoice import prepare_commonvoice
from published import rows


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(
    ("locale", "splits"), [("en", ["train", "dev", "test", "invalidated"]), ("ar", ["test"])]
)
def test_the_recipe_reads_every_clip_of_a_split(corpus, tmp_path, locale, splits):
    manifests = prepare_commonvoice(corpus, tmp_path, languages=locale, splits=splits)[locale]
    for name in splits:
        read = rows(corpus / locale / f"{name}.tsv")
        assert [_told(each) for each in manifests[name]["supervisions"]] == [_expected(row) for row in read]
        for recording in manifests[name]["recordings"]:
            assert recording.load_audio().shape == (1, recording.num_samples)


def _told(supervision):
    return supervision.id, supervision.text, supervision.speaker, supervision.gender


def _expected(row):
    return row["path"].removesuffix(".mp3"), row["sentence"].strip(), row["client_id"], row["gender"]
