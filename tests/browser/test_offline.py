"""Nothing is lost without a network, or with a bad one: each take arrives exactly once."""

import pytest
from playwright.sync_api import expect

from tests.browser.giving import say
from tests.browser.speaking import open_speak, outbox, record, send, wait_until_sent

pytestmark = [pytest.mark.browser, pytest.mark.alone]

BROKEN = "ERR_INTERNET_DISCONNECTED|ERR_FAILED|503|Failed to load resource"


@pytest.fixture(scope="module")
def reading(tmp_path_factory):
    folder = tmp_path_factory.mktemp("reading")
    return say("The ferry leaves at dawn, when the harbour is still dark and calm.", folder / "reading.wav")


@pytest.fixture
def received(embedded_instance):
    """Ask the instance which takes it has."""

    def takes():
        script = "from recordings.models import Recording; print(*Recording.objects.values_list('take_id', flat=True))"
        return embedded_instance.manage("shell", "-v", "0", "-c", script).stdout.split()

    return takes


def test_recording_goes_on_without_a_network_and_each_take_arrives_once(visitor, reading, received):
    page = visitor(microphone=reading, forgive=BROKEN)
    open_speak(page)
    page.evaluate("navigator.serviceWorker.ready.then(() => 0)")
    page.reload()  # from here on the worker keeps the pages
    open_speak(page)
    before = received()

    page.context.set_offline(True)
    record(page)
    page.locator("[data-piece=main]").click()
    record(page)
    send(page)
    expect(page.locator("vc-outbox")).to_contain_text("No connection")
    expect(page.locator("vc-outbox [data-piece=waiting]")).to_have_text("2")

    page.reload()
    expect(page.locator("vc-outbox [data-piece=waiting]")).to_have_text("2")
    expect(page.locator("[data-piece=sentence]")).to_be_visible()
    sentences = {take["text"] for take in outbox(page)}
    record(page)
    fresh = [take["text"] for take in outbox(page) if take["state"] == "kept"]
    assert len(fresh) == 1
    assert not sentences & set(fresh)
    send(page)
    waiting = {take["id"] for take in outbox(page)}
    assert len(waiting) == 3

    page.context.set_offline(False)
    wait_until_sent(page)
    arrived = [take for take in received() if take not in before]
    assert sorted(arrived) == sorted(waiting)


def test_pages_that_were_not_visited_say_that_there_is_no_network(visitor):
    page = visitor(forgive=BROKEN)
    page.goto("/fr/")
    page.evaluate("navigator.serviceWorker.ready.then(() => 0)")
    page.reload()
    page.goto("/fr/me/")
    page.goto("/manifest.webmanifest")
    kept = "caches.open('pages').then(pages => pages.keys()).then(keys => keys.map(key => new URL(key.url).pathname))"
    assert set(page.evaluate(kept)) == {"/en/offline/", "/fr/offline/", "/ar/offline/", "/fr/"}
    page.context.set_offline(True)
    page.goto("/fr/about/")
    expect(page.locator("html")).to_have_attribute("lang", "fr")
    expect(page.get_by_role("heading", level=1)).to_have_count(1)
    page.goto("/fr/")
    expect(page.locator(".card").first).to_be_visible()
    page.context.set_offline(False)


@pytest.mark.parametrize("fault", ["503", "cut", "answer lost"])
def test_a_take_outlives_a_bad_connection(visitor, reading, received, fault):
    # Without its service worker, which would send in the background
    page = visitor(microphone=reading, forgive=BROKEN, service_workers="block")
    open_speak(page)
    record(page)
    before = received()
    faults = [fault, fault]

    def meddle(route):
        if not faults:
            return route.continue_()
        faults.pop()
        if fault == "503":
            return route.fulfill(status=503, body="busy")
        if fault == "answer lost":
            route.fetch()
        return route.abort()

    page.route("**/api/v1/recordings/**", meddle)
    send(page)
    expect(page.locator("vc-outbox [data-piece=waiting]")).to_have_text("1")
    [take] = outbox(page)
    page.locator("vc-outbox [data-piece=send]").click()
    wait_until_sent(page)
    assert not faults
    assert [each for each in received() if each not in before] == [take["id"]]


def test_a_refusal_is_shown_and_kept_until_the_person_dismisses_it(visitor, reading):
    page = visitor(microphone=reading, forgive="422")
    open_speak(page)
    record(page)
    words = {"status": 422, "title": "No", "detail": "This sentence was taken back."}
    page.route("**/api/v1/recordings/**", lambda route: route.fulfill(status=422, json=words))
    send(page)
    expect(page.locator("vc-outbox .for-refused")).to_be_visible()
    page.goto("/en/me/")
    row = page.locator("vc-outbox-list .row")
    expect(row).to_contain_text("This sentence was taken back.")
    row.get_by_role("button", name="Delete").click()
    expect(row).to_have_count(0)
    assert outbox(page) == []


def test_two_tabs_send_a_take_once(visitor, reading):
    page = visitor(microphone=reading)
    open_speak(page)
    record(page)
    other = page.context.new_page()
    other.goto("/en/help/")
    sent = []
    page.context.on(
        "request", lambda request: "/api/v1/recordings/" in request.url and sent.append(request.url)
    )
    send(page)
    other.evaluate("dispatchEvent(new Event('online'))")
    wait_until_sent(page)
    assert len(sent) == 1


def test_background_sync_empties_the_outbox_from_the_service_worker(visitor, reading):
    page = visitor(microphone=reading, forgive=BROKEN)
    open_speak(page)
    page.evaluate("navigator.serviceWorker.ready.then(() => 0)")
    page.reload()
    open_speak(page)
    record(page)
    page.route("**/api/v1/recordings/**", lambda route: route.abort())  # the page can't; the worker can
    page.context.set_offline(True)
    send(page)
    expect(page.locator("vc-outbox [data-piece=waiting]")).to_have_text("1")
    page.context.set_offline(False)
    cdp = page.context.new_cdp_session(page)
    registrations = []
    cdp.on(
        "ServiceWorker.workerRegistrationUpdated", lambda event: registrations.extend(event["registrations"])
    )
    cdp.send("ServiceWorker.enable")
    page.wait_for_timeout(200)
    cdp.send(
        "ServiceWorker.dispatchSyncEvent",
        {
            "origin": page.url.split("/en/")[0],
            "registrationId": registrations[0]["registrationId"],
            "tag": "outbox",
            "lastChance": False,
        },
    )
    wait_until_sent(page)
