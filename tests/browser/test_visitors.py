import math
import struct
import threading
import wave
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

PAGE = b"""<!doctype html><html lang="en"><title>Page</title><link rel="icon" href="data:,"><p>Habari</p>"""
HEAR_THE_PITCH = """async () => {
  const stream = await navigator.mediaDevices.getUserMedia({
    audio: { echoCancellation: false, noiseSuppression: false, autoGainControl: false } });
  const context = new AudioContext();
  const ear = new AnalyserNode(context, { fftSize: 4096 });
  context.createMediaStreamSource(stream).connect(ear);
  const levels = new Uint8Array(ear.frequencyBinCount);
  for (;;) {
    await new Promise(requestAnimationFrame);
    ear.getByteFrequencyData(levels);
    const loudest = Math.max(...levels);
    if (loudest > 100) return levels.indexOf(loudest) * context.sampleRate / ear.fftSize;
  }
}"""


class OnePage(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(PAGE)

    def log_message(self, *_):
        pass


@pytest.fixture(scope="module")
def site():
    server = ThreadingHTTPServer(("127.0.0.1", 0), OnePage)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="module")
def whistle(tmp_path_factory):
    """A WAV of one tone of 880 Hz."""
    path = tmp_path_factory.mktemp("sound") / "whistle.wav"
    samples = [int(16000 * math.sin(2 * math.pi * 880 * n / 48000)) for n in range(48000)]
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, 48000, len(samples), "NONE", ""))
        file.writeframes(struct.pack(f"<{len(samples)}h", *samples))
    return path


@pytest.fixture
def someone(chromium, site):
    opened = []

    def come(microphone=None, **options):
        opened.append(chromium.visitor(site, microphone, **options))
        return opened[-1]

    yield come
    for visitor in opened:
        visitor.leave()


def test_the_microphone_plays_the_given_file(someone, whistle):
    page = someone(microphone=whistle).page
    page.goto("/")
    assert page.evaluate(HEAR_THE_PITCH) == pytest.approx(880, abs=24)


def test_without_a_file_the_microphone_is_refused(someone):
    page = someone().page
    page.goto("/")
    ask = (
        "() => navigator.mediaDevices.getUserMedia({ audio: true }).then(() => 'given', error => error.name)"
    )
    assert page.evaluate(ask) == "NotAllowedError"


def test_visitors_share_nothing(someone):
    first, second = someone().page, someone().page
    for page in (first, second):
        page.goto("/")
    first.evaluate("localStorage.name = 'Amina'")
    assert second.evaluate("localStorage.name") is None


@pytest.mark.parametrize(
    ("event", "fault", "complaint"),
    [
        ("console", "console.error('sorry')", "logged: sorry"),
        ("weberror", "setTimeout(() => { throw new Error('oh') })", "uncaught: oh"),
        (
            "request",
            "fetch('http://stranger.example/').catch(() => 0)",
            "asked a stranger: http://stranger.example/",
        ),
    ],
)
def test_what_goes_wrong_is_complained_of(someone, event, fault, complaint):
    visitor = someone()
    visitor.page.goto("/")
    with visitor.page.context.expect_event(event):
        visitor.page.evaluate(fault)
    assert visitor.complaints[0].startswith(complaint)


def test_an_expected_error_is_forgiven(someone):
    visitor = someone(forgive="sorry")
    visitor.page.goto("/")
    visitor.page.evaluate("console", "console.error('sorry')")
    assert not visitor.complaints


def test_a_page_in_order_gives_no_complaint(someone):
    visitor = someone()
    visitor.page.goto("/")
    assert visitor.page.get_by_text("Habari").is_visible()
    assert not visitor.complaints
