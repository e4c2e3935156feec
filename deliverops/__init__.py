"""The site: settings, addresses, processes. Loading it loads Celery, so that a task called anywhere has its broker."""

from deliverops.celery import app as celery_app

__all__ = ["__version__", "celery_app"]
__version__ = "0.1.0"
