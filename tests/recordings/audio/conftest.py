"""What many tests of sound need."""

from pathlib import Path

import numpy as np
import pytest

from recordings.audio.sandbox import Sandbox
from tests.recordings.audio import sounds


@pytest.fixture(scope="session")
def sandbox():
    with Sandbox() as one:
        yield one


@pytest.fixture(scope="session")
def sentence() -> np.ndarray:
    """5 s at 48 kHz, a little room tone before and after."""
    return sounds.in_room(sounds.read_speech(0)[: 4 * sounds.RATE])


@pytest.fixture(scope="session")
def wav(sentence, tmp_path_factory) -> Path:
    return sounds.write(tmp_path_factory.mktemp("sentence") / "sentence.wav", sentence)
