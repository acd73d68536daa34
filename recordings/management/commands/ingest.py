"""Takes in long files, such as an archive's, and cuts them into utterances at the pauses."""

import sys
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from django.core.management.base import CommandError, CommandParser
from tqdm import tqdm

from accounts.commands import PrivilegedCommand
from common.errors import Refused
from languages.lookup import open_language_of
from languages.models import Language
from prompts.models import Prompt
from recordings import ingesting, processing
from recordings.models import Recording
from recordings.states import RecordingState
from recordings.wording import REFUSALS


class Command(PrivilegedCommand):
    help = "Cuts long files into clips at the pauses, and says what became of each file."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
        parser.add_argument("--locale", required=True, help="tag of the language that is spoken")
        what = parser.add_mutually_exclusive_group(required=True)
        what.add_argument(
            "--topic", help="what is spoken about, in a few words; people write down the words later"
        )
        what.add_argument(
            "--sentences", type=Path, help="a text with the sentences that are read, one a line, in order"
        )
        parser.add_argument("--source", default="", help="where the files come from, and under which licence")
        parser.add_argument("--speaker", type=UUID, help="id of the voice, if we know it")
        parser.add_argument(
            "--agreed", action="store_true", help="the speaker agreed to the consent text; you hold the proof"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            language = open_language_of(options["locale"])
            prompt, session = self._read(language, options)
            speaker = ingesting.speaker_for(options["speaker"], agreed=options["agreed"], upload=uuid4())
            sizes = {path: path.stat().st_size for path in options["files"]}
        except Refused as no:
            raise CommandError(str(no.words)) from no
        except (OSError, UnicodeDecodeError) as fault:
            raise CommandError(f"A file can't be read: {fault}.") from fault
        left_out = 0
        with tqdm(
            total=sum(sizes.values()), unit="B", unit_scale=True, disable=not sys.stderr.isatty()
        ) as bar:
            for path, size in sizes.items():
                bar.set_description(path.name)
                left_out += not self._ingest(path, speaker=speaker, prompt=prompt, session=session)
                bar.update(size)
        if left_out:
            raise CommandError(f"{left_out} of {len(sizes)} files were not taken in.")

    def _ingest(self, path: Path, **what: Any) -> bool:
        """Take in one file and say what became of it; one that can't be taken in does not stop the others."""
        try:
            self._tell(path, ingesting.ingest_file(path=path, **what))
        except Refused as no:
            self.stderr.write(f"{path.name}: {no.words}")
        except OSError as fault:
            self.stderr.write(f"{path.name} can't be read: {fault.strerror}.")
        else:
            return True
        return False

    def _read(self, language: Language, options: dict[str, Any]) -> tuple[Prompt, list[Prompt]]:
        """Return what the files respond to: a topic, or the first of a list of sentences and the list."""
        if options["topic"]:
            return ingesting.topic_of(language, options["topic"], options["source"]), []
        texts = options["sentences"].read_text(encoding="utf-8").splitlines()
        session = ingesting.sentences_of(language, [text for text in texts if text.strip()])
        return session[0], session

    def _tell(self, path: Path, recording: Recording) -> None:
        """Process the file here, unless a worker was faster, and say what became of it."""
        processing.process(recording.pk)
        recording.refresh_from_db()
        if recording.state == RecordingState.REFUSED:
            self.stderr.write(f"{path.name}: {REFUSALS[recording.refusal]}")
        elif recording.state == RecordingState.PROCESSED:
            clips = recording.clips.count()
            voiced = sum(recording.clips.values_list("duration_ms", flat=True)) / 1000
            self.stdout.write(f"{path.name}: {clips} clips, {voiced:.0f} s")
        else:
            self.stdout.write(f"{path.name}: kept, and waiting for a worker")
