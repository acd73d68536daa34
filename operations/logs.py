"""Log lines as JSON, each with the id of the request that it belongs to, and nothing of a person.

Of an exception the kind and the places are told and not its words: those of a database quote what people wrote.
"""

import json
import logging
import traceback
from datetime import UTC, datetime
from typing import Any

from operations.watching import request_id


class JsonLines(logging.Formatter):
    """One JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            "process": record.process,
        }
        if number := request_id.get():
            line["request"] = number
        if record.exc_info and record.exc_info[0]:
            kind, _words, trace = record.exc_info
            line["fault"] = kind.__name__
            line["places"] = [
                f"{each.filename}:{each.lineno} {each.name}" for each in traceback.extract_tb(trace)
            ]
        return json.dumps(line, ensure_ascii=False)


class Lines(logging.Formatter):
    """A line to read, with the kind and the places of an exception."""

    def formatException(self, ei: Any) -> str:  # noqa: N802 -- the library's name
        """Return where an exception came from and its kind, without its words."""
        return "".join(traceback.format_tb(ei[2])) + str(ei[0].__name__)
