"""The parts that some tests need: each mark skips with the reason where its part is not there.

CI has them all and refuses skips. What holds for one database only is marked ``@pytest.mark.database("sqlite")`` and
left out of the run on the other one, where it says nothing.
"""

import os
import shutil
from urllib.parse import urlsplit

import pytest
import redis
from django.conf import settings
from django.db import connection

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or ""
# Journeys take minutes: `make test` leaves them to the run that has every part, wherever a browser happens to be.
BROWSES = bool(os.environ.get("DELIVEROPS_CI") or os.environ.get("BROWSER"))


def redis_answers() -> bool:
    if not settings.REDIS_URL:
        return False
    try:
        return bool(redis.Redis.from_url(settings.REDIS_URL, socket_connect_timeout=2).ping())
    except redis.RedisError:
        return False


def on_postgresql() -> bool:
    return settings.DATABASES["default"]["ENGINE"].endswith("postgresql")


def database_url() -> str:
    """The database of this test run, for another process."""
    given = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{given['NAME']}"
    password = f":{given['PASSWORD']}" if given["PASSWORD"] else ""
    return f"postgres://{given['USER']}{password}@{given['HOST']}:{given['PORT'] or 5432}/{given['NAME']}"


needs_chromium = pytest.mark.skipif(
    not (CHROMIUM and BROWSES), reason="needs Chromium (apt-get install chromium) and BROWSER=1"
)
long_journey = pytest.mark.skipif(not BROWSES, reason="takes minutes: needs BROWSER=1")
needs_postgresql = pytest.mark.skipif(not on_postgresql(), reason="needs PostgreSQL (set DATABASE_URL)")
needs_redis = pytest.mark.skipif(
    not redis_answers(),
    reason=f"needs Redis ({urlsplit(settings.REDIS_URL).netloc or 'set REDIS_URL'})",
)
