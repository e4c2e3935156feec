"""The Celery application. Its settings are the ``CELERY_`` ones of `deliverops.settings`."""

import logging.config
import os
from typing import Any

from celery import Celery
from celery.signals import setup_logging
from django.conf import settings
from django_structlog.celery.steps import DjangoStructLogInitStep
from kombu.transport import TRANSPORT_ALIASES

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "deliverops.settings")
TRANSPORT_ALIASES["disk"] = "deliverops.diskbroker:Transport"

app = Celery("deliverops")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.steps["worker"].add(DjangoStructLogInitStep)


@setup_logging.connect
def use_the_sites_logging(**kwargs: Any) -> None:
    """The worker and beat write the same lines as the web process; Celery sets up no handlers of its own."""
    logging.config.dictConfig(settings.LOGGING)
