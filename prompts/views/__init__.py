"""The pages for sentences, each without a need for scripts."""

from prompts.views.correct import correct
from prompts.views.files import file_report, send_file
from prompts.views.review import review
from prompts.views.write import write

__all__ = ["correct", "file_report", "review", "send_file", "write"]
