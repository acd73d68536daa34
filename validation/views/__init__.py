"""The pages for judging clips and for writing down what was spoken freely."""

from validation.views.board import board
from validation.views.listen import listen
from validation.views.transcribe import transcribe

__all__ = ["board", "listen", "transcribe"]
