"""How log lines are written; a module without imports, since settings need it before anything else stands."""

from typing import Any


def configuration(form: str, level: str) -> dict[str, Any]:
    """Return Django's LOGGING for a form of lines ("line" or "json") and the least level that is logged."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "line": {
                "()": "operations.logs.Lines",
                "format": "{asctime} {levelname} {name}: {message}",
                "style": "{",
            },
            "json": {"()": "operations.logs.JsonLines"},
        },
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": form}},
        "root": {"handlers": ["console"], "level": level},
        # Django would log addresses; operations/watching.py logs each request by its route
        "loggers": {"django.request": {"level": "ERROR"}, "django.security": {"level": "ERROR"}},
    }
