"""Receipts of consents, with the keys of Kantara's Consent Receipt Specification 1.1, signed for minisign.

They name the voice by its number and hold nothing else of the person.
"""

import json
import uuid
from typing import Any

from django.conf import settings
from django.utils import translation

from accounts.models import Consent
from accounts.options import Purpose
from common.signing import Signer

VERSION = "KI-CR-v1.1.0"
GIVEN = ["voice recordings", "age band, gender, accents, variant and first language, where told"]


def document(consent: Consent) -> bytes:
    """Return the receipt as JSON; the same consent has the same receipt as long as the settings stand."""
    return json.dumps(_receipt(consent), ensure_ascii=False, indent=2, sort_keys=True).encode() + b"\n"


def signature(consent: Consent) -> str:
    """Return the `.minisig` file that belongs to the receipt."""
    signer = Signer.from_secret(settings.SIGNING_KEY)
    return signer.sign(document(consent), f"consent receipt {number(consent)}")


def number(consent: Consent) -> uuid.UUID:
    """Return the number of the receipt, which no other receipt of any instance has."""
    return uuid.uuid5(uuid.NAMESPACE_URL, f"{settings.SITE_URL}/consents/{consent.pk}")


def _receipt(consent: Consent) -> dict[str, Any]:
    locale = consent.text.locale
    with translation.override(locale):
        yes = [_purpose(purpose) for purpose in Purpose if consent.allows(purpose)]
        no = [str(purpose.label) for purpose in Purpose if not consent.allows(purpose)]
    return {
        "version": VERSION,
        "jurisdiction": settings.JURISDICTION,
        "consentTimestamp": int(consent.given_at.timestamp()),
        "collectionMethod": consent.method,
        "consentReceiptID": str(number(consent)),
        "publicKey": Signer.from_secret(settings.SIGNING_KEY).public_key(),
        "language": locale,
        "piiPrincipalId": str(consent.speaker_id),
        "piiControllers": [{"piiController": settings.ORGANISER, "piiControllerUrl": settings.SITE_URL}],
        "policyUrl": f"{settings.SITE_URL}/{locale}/consent/",
        "services": [{"service": settings.CORPUS, "purposes": yes}],
        "sensitive": True,
        "spiCat": GIVEN,
        # Beside the standard's keys: the text that was shown, and what was not agreed to
        "textVersion": consent.text.version,
        "textSha256": consent.text.sha256,
        "purposesRefused": no,
    }


def _purpose(purpose: Purpose) -> dict[str, Any]:
    is_public = purpose != Purpose.COLLECT
    return {
        "purpose": str(purpose.label),
        "purposeCategory": [purpose.value],
        "consentType": "EXPLICIT",
        "piiCategory": GIVEN,
        "primaryPurpose": purpose == Purpose.COLLECT,
        "termination": f"{settings.SITE_URL}/me/",
        "thirdPartyDisclosure": is_public,
        **({"thirdPartyName": "the public"} if is_public else {}),
    }
