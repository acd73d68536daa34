"""What a rule says when it says no."""

from django.utils.functional import Promise


class Refused(Exception):  # noqa: N818 -- a refusal is an answer, not a fault
    """A rule said no. `words` tells a person what went wrong and what to do; `code` and `status` tell a client."""

    def __init__(self, words: str | Promise, *, code: str = "refused", status: int = 409) -> None:
        super().__init__(code)
        self.words, self.code, self.status = words, code, status
