"""Addresses of the pages about people."""

from django.urls import path

from accounts.views import (
    about_me,
    account,
    consent,
    goals,
    guardian,
    kiosk,
    news,
    receipts,
    recovery,
    voices,
)

urlpatterns = [
    path("consent/", consent.consent, name="consent"),
    path("me/about/", about_me.about_me, name="about-me"),
    path("me/account/", account.account, name="account"),
    path("me/account/claim/", account.claim, name="claim"),
    path("me/account/claims/<int:claim_id>/undo/", account.undo_claim, name="undo-claim"),
    path("me/goals/", goals.choose, name="goals"),
    path("me/guardian/", guardian.ask, name="ask-guardian"),
    path("guardian/<str:token>/", guardian.answer, name="guardian"),
    path("me/news/", news.choose, name="account-news"),
    path("news/<str:token>/", news.leave, name="leave-news"),
    path("me/code/", recovery.code, name="recovery-code"),
    path("me/consents/", receipts.history, name="consents"),
    path("me/consents/<int:number>/", receipts.receipt, name="receipt"),
    path("me/consents/<int:number>/receipt.json", receipts.download, name="receipt-json"),
    path("me/consents/<int:number>/receipt.json.minisig", receipts.signature, name="receipt-signature"),
    path("me/voices/", voices.voices, name="voices"),
    path("me/voices/add/", voices.add, name="add-voice"),
    path("me/voices/switch/", voices.switch, name="switch-voice"),
    path("me/voices/name/", voices.name, name="name-voice"),
    path("me/voices/forget/", voices.forget, name="forget-voice"),
    path("<tag:locale>/kiosk/", kiosk.kiosk, name="kiosk"),
    path("recover/", recovery.recover, name="recover"),
]
