"""Settings of the test run: the site's own in embedded mode, in a folder apart, with what would only cost time cheap.

`DATABASE_URL` and `REDIS_URL` are taken from the environment as everywhere; without them the suite runs on SQLite.
"""

import os
import re
from pathlib import Path

WORKER = os.environ.get("PYTEST_XDIST_WORKER", "gw0")
os.environ["DELIVEROPS_MODE"] = "embedded"
os.environ["DELIVEROPS_VAR_DIR"] = str(Path(__file__).resolve().parent.parent / "var" / "test" / WORKER)
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # synchronous Playwright runs a loop in the test's thread
if os.environ.get("REDIS_URL"):
    # Each pytest process counts and queues in a Redis database of its own: the given one, the next, ... What was given
    # is kept, since the processes that xdist starts inherit what this line sets.
    given = os.environ.setdefault("PYTEST_REDIS_URL", os.environ["REDIS_URL"])
    number = int(WORKER.removeprefix("gw"))
    os.environ["REDIS_URL"] = re.sub(r"/(\d+)$", lambda match: f"/{int(match[1]) + number}", given)

from deliverops.settings import *  # noqa: E402, F403 - the environment is set first
from deliverops.settings import DATABASES, REDIS_URL, VAR_DIR  # noqa: E402 - the environment is set first

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
ALLOWED_HOSTS = ["*"]
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # A file: threads and processes must see one database, as they do in earnest.
    DATABASES["default"]["TEST"] = {"NAME": str(VAR_DIR / "test.sqlite3")}
if not REDIS_URL:
    CELERY_BROKER_URL = "memory://"  # a doorbell that rings rooms without a worker would leave files
# Else each test client looks at every static file of every package before its first page.
WHITENOISE_AUTOREFRESH = True
