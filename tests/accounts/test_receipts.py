"""Receipts of consents verify offline and hold no more of a person than they must."""

import json
import subprocess

import pytest

from accounts import portrait, receipts
from accounts.models import Consent, Speaker, User
from accounts.options import Purpose
from common.signing import Signer
from recordings.models import Recording
from recordings.states import RecordingState
from tests import make

pytestmark = pytest.mark.django_db

# The keys that Kantara's Consent Receipt Specification 1.1 and this project's promises ask for
KEYS = {
    "version", "jurisdiction", "consentTimestamp", "collectionMethod", "consentReceiptID", "publicKey", "language",
    "piiPrincipalId", "piiControllers", "policyUrl", "services", "sensitive", "spiCat",
}  # fmt: skip


@pytest.fixture
def answer(client):
    """The answer of the client's browser: yes to collecting and publishing."""
    client.post("/fr/consent/", {"purpose": ["collect", "publish"]})
    return Consent.objects.get()


def receipt(client, answer):
    return client.get(f"/en/me/consents/{answer.pk}/receipt.json")


def test_a_receipt_has_the_keys_of_the_standard_and_says_what_was_agreed_to(client, answer, settings):
    settings.ORGANISER, settings.JURISDICTION = "Ti ar Vro", "FR"
    response = receipt(client, answer)
    assert 'filename="receipt.json"' in response["Content-Disposition"]
    said = json.loads(response.content)
    assert said.keys() >= KEYS
    assert (said["version"], said["jurisdiction"], said["language"]) == ("KI-CR-v1.1.0", "FR", "fr")
    assert said["piiControllers"][0]["piiController"] == "Ti ar Vro"
    assert said["consentTimestamp"] == int(answer.given_at.timestamp())
    purposes = said["services"][0]["purposes"]
    assert [purpose["purposeCategory"] for purpose in purposes] == [["collect"], ["publish"]]
    assert [purpose["primaryPurpose"] for purpose in purposes] == [True, False]
    assert purposes[1]["thirdPartyName"]
    assert len(said["purposesRefused"]) == 3
    assert said["textSha256"] == answer.text.sha256


def test_a_receipt_verifies_with_the_stock_minisign_and_not_once_it_is_changed(client, answer, tmp_path):
    content = receipt(client, answer).content
    (tmp_path / "receipt.json").write_bytes(content)
    signature = client.get(f"/en/me/consents/{answer.pk}/receipt.json.minisig").content
    (tmp_path / "receipt.json.minisig").write_bytes(signature)
    (tmp_path / "minisign.pub").write_bytes(client.get("/datasets/minisign.pub").content)
    command = ["minisign", "-V", "-p", "minisign.pub", "-m", "receipt.json"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True)
    assert str(receipts.number(answer)) in done.stdout
    (tmp_path / "receipt.json").write_bytes(content.replace(b'"publish"', b'"research"'))
    assert subprocess.run(command, cwd=tmp_path, capture_output=True, check=False).returncode != 0


def test_the_same_answer_has_the_same_receipt(client, answer):
    assert receipt(client, answer).content == receipt(client, answer).content
    assert Signer.from_secret("another").sign(b"", "") != receipts.signature(answer)


def test_a_receipt_holds_no_mail_and_no_name(client, answer):
    user = User.objects.create(username="amina", email="amina@example.org", first_name="Amina")
    answer.speaker.user = user
    answer.speaker.save()
    for page in ("", "receipt.json", "receipt.json.minisig"):
        text = client.get(f"/en/me/consents/{answer.pk}/{page}").content.decode().lower()
        assert "amina" not in text
        assert "@" not in text


def test_nobody_sees_the_receipts_of_others(client, answer):
    other = make.consent(make.speaker())
    for number in (other.pk, 0, 2**63, 10**30):
        for page in ("", "receipt.json", "receipt.json.minisig"):
            assert client.get(f"/en/me/consents/{number}/{page}").status_code == 404
    client.cookies.clear()
    assert receipt(client, answer).status_code == 404


def test_the_printable_page_has_all_that_counts(client, answer):
    page = client.get(f"/en/me/consents/{answer.pk}/").content.decode()
    assert answer.text.sha256 in page
    assert str(receipts.number(answer)) in page
    assert page.count("<td><strong>Yes</strong></td>") == 2
    assert page.count("<td>No</td>") == 3
    assert 'lang="fr"' in page


def test_every_answer_stays_in_the_history_with_the_newest_in_force(client, answer):
    client.post("/en/consent/", {"purpose": ["collect"]})
    page = client.get("/en/me/consents/")
    assert [each.publish for each in page.context["answers"]] == [False, True]
    assert [allowed for _purpose, allowed in page.context["purposes"]] == [True, False, False, False, False]


def test_without_an_answer_it_is_said_that_nothing_is_recorded(client):
    assert "has not agreed to anything" in client.get("/en/me/consents/").content.decode()


CHANGES = [
    (["collect"], ["left out of the datasets that come out from now on"]),
    (["collect", "publish"], []),
    (["collect", "research"], ["left out of the datasets"]),
]


@pytest.mark.parametrize(("purposes", "words"), CHANGES)
def test_what_follows_from_a_change_of_mind_is_said(client, answer, purposes, words):
    page = client.post("/en/consent/", {"purpose": purposes, "next": "/en/help/"}, follow=True)
    said = [str(message) for message in page.context["messages"]]
    assert len(said) == len(words)
    assert all(word in text for word, text in zip(words, said, strict=True))


def test_the_same_words_are_said_once(client, answer):
    client.post("/en/consent/", {"purpose": list(Purpose)})
    page = client.post("/en/consent/", {"purpose": ["collect", "publish"], "next": "/en/help/"}, follow=True)
    assert ["CC0 allows all" in str(message) for message in page.context["messages"]] == [True]


def test_stopping_altogether_takes_all_back_and_ends_the_agreement(client, answer):
    make.clip(speaker=answer.speaker)
    portrait.describe(
        speaker=answer.speaker,
        age="fifties",
        speeches=[portrait.Speech(make.language(), own_words="Kentish")],
    )
    client.post("/en/me/withdraw/", {"all": "1", "end": "1"})
    assert not any(portrait.of(Speaker.objects.get(), make.language().pk).values())
    assert Recording.objects.get().state == RecordingState.WITHDRAWN
    newest = Consent.objects.latest("pk")
    assert not any(newest.allows(purpose) for purpose in Purpose)
    assert client.get("/en/en/speak/").url.startswith("/en/consent/")
    assert [bool(each.collect) for each in Consent.objects.order_by("pk")] == [True, False]


def test_the_history_costs_the_same_for_many_answers(
    client, answer, django_assert_num_queries, django_assert_max_num_queries
):
    with django_assert_max_num_queries(4) as few:
        client.get("/en/me/consents/")
    for _ in range(20):
        make.consent(answer.speaker)
    with django_assert_num_queries(len(few)):
        client.get("/en/me/consents/")
