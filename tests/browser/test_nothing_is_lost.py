"""Whatever happens to network, server and browser: each take arrives, and only once."""

import random
from collections import Counter

import pytest
from playwright.sync_api import Error, expect

from tests import sound
from tests.browser.device import Device
from tests.browser.speaking import agree, open_speak, outbox, record
from tests.servers.bad_network import BadNetwork

pytestmark = [pytest.mark.browser, pytest.mark.alone]

# Who records how many takes in a row; each row is sent, without a network, before the next person takes over.
ROUNDS = [("Amina", 5), ("Ben", 5), ("Chen", 5), ("Amina", 5)]
FAULTS = ["503", "cut", "503", "deaf"]
KILLS = 10
LONGEST = 2.0  # seconds from the order to the kill: anywhere in what the browser does meanwhile


@pytest.fixture
def network(embedded_instance):
    with BadNetwork(embedded_instance.port) as network:
        yield network


@pytest.fixture
def device(playwright, folder, network):
    microphone = folder / "microphone.wav"
    microphone.write_bytes(sound.wav(sound.speech(seconds=10, around=0)))
    with Device(playwright, folder / "profile", network.url, microphone) as device:
        yield device


@pytest.fixture
def chance():
    seed = random.SystemRandom().randrange(10**6)
    print(f"seed {seed}")  # noqa: T201 -- shown when the test fails
    return random.Random(seed)


def test_twenty_takes_of_three_people_arrive_once_each(device, network, chance, embedded_instance):
    voices = {name: join(device.page, name) for name in dict(ROUNDS)}
    device.close()  # what is on a phone for a while is on its disk, cookies too
    device.start()
    steps = [
        (step, name) for name, takes in ROUNDS for step in (speak_as, *[record_one] * takes, send_all, reload)
    ]
    kills = set(chance.sample(range(len(steps)), KILLS))
    network.faults += FAULTS
    given: dict[str, str] = {}
    for number, (step, name) in enumerate(steps):
        if number in kills:
            device.kill_after(chance.uniform(0, LONGEST))
        insist(device, step, network, voices[name], given)
    device.await_killer()
    network.is_down = False
    insist(device, empty)

    assert (device.kills, network.faults) == (KILLS, [])
    assert Counter(given.values()) == {voices["Amina"]: 10, voices["Ben"]: 5, voices["Chen"]: 5}
    assert received(embedded_instance, set(voices.values())) == Counter(given.items())


def insist(device, step, *more):
    """Do a step, again from its beginning when the browser was killed in it."""
    while True:
        try:
            return step(device, *more)
        except (Error, AssertionError):
            if device.alive:
                raise
            device.start()


def join(page, name):
    """Add a voice to the device; return its id."""
    page.goto("/en/me/voices/")
    page.get_by_label("Name on this device").last.fill(name)
    page.get_by_role("button", name="Add a voice").click()
    agree(page)
    open_speak(page)
    page.evaluate("navigator.serviceWorker.ready.then(() => 0)")
    return speaker(page)


def speaker(page):
    return page.evaluate("JSON.parse(document.getElementById('speak-data').textContent).speaker")


def speak_as(device, network, voice, given):
    """Hand the device over, which needs the server, and lose the network once there are sentences."""
    network.is_down = False
    page = device.page
    open_speak(page)
    if speaker(page) != voice:
        page.goto("/en/me/voices/")
        page.locator(f"form[action$='/switch/'] button[value='{voice}']").click()
        expect(page.locator(f"form[action$='/switch/'] button[value='{voice}']")).to_have_count(0)
        open_speak(page)
    assert speaker(page) == voice
    network.is_down = True


def record_one(device, network, voice, given):
    """Record one more take, unless the one that was being recorded at a kill is there."""
    page = come_back(device.page)
    if not learn(page, given):
        if "has-take" in (page.locator("vc-speak").get_attribute("class") or ""):
            page.locator(
                "[data-piece=main]"
            ).click()  # on to the next; if the page went on by itself just now, this records
        record(page, 0.4)
        assert learn(page, given) == 1


def come_back(page):
    """Be on the page for recording, which a browser that was killed has not open any more."""
    page.bring_to_front()
    if page.locator("vc-speak").count() == 0:
        page.goto("/en/en/speak/")
    expect(page.locator("[data-piece=place]")).not_to_be_empty()
    return page


def learn(page, given):
    """Note the takes that the device holds; return how many were not known."""
    fresh = {take["id"]: take["speaker"] for take in outbox(page) if take["id"] not in given}
    given.update(fresh)
    return len(fresh)


def send_all(device, network, voice, given):
    page = come_back(device.page)
    if any(take["state"] == "kept" for take in outbox(page)):
        if page.locator("vc-speak[data-view=review]").count() == 0:
            page.locator("[data-piece=review]").click()
        page.locator("vc-speak [data-piece=send]").click()
        page.wait_for_selector("vc-speak[data-view=thanks]")


def reload(device, network, voice, given):
    come_back(device.page).reload()
    assert {take["id"] for take in outbox(device.page)} <= given.keys()


def empty(device):
    """Open page after page, as people do, until nothing is left on the device."""
    for _ in range(60):
        device.page.goto("/en/help/")
        if not outbox(device.page):
            return
        device.page.wait_for_timeout(500)
    raise AssertionError(outbox(device.page))


def received(instance, speakers):
    """Count the takes that the server has of these voices."""
    script = (
        "from recordings.models import Recording\n"
        "for each in Recording.objects.values_list('take_id', 'speaker_id'): print(*each)"
    )
    lines = instance.manage("shell", "-v", "0", "-c", script).stdout.splitlines()
    return Counter((take, voice) for take, voice in map(str.split, lines) if voice in speakers)
