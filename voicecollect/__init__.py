"""The site: the only package that knows every app."""

from voicecollect.celery import app as celery_app

__all__ = ["celery_app"]
