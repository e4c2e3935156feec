"""All settings of the site, twelve-factor: everything that differs between installations is read from the environment.

``DELIVEROPS_MODE`` says which of two sets of defaults holds:

* ``embedded`` (default): one machine, SQLite, a broker on disk, mails readable on a page, keys made on first use.
* ``production``: nothing is guessed; a missing variable stops the process with its name.

Every variable read here has its row in docs/operator/settings.md; a test compares the two.
"""

import importlib.util
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import dj_database_url
import dj_email_url
import structlog
from csp.constants import NONCE, NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from environs import Env

from deliverops import __version__
from deliverops.embedded import local_secret

BASE_DIR = Path(__file__).resolve().parent.parent
env = Env()
env.read_env(str(BASE_DIR / ".env"), recurse=False)

VERSION = __version__
MODE = env.str("DELIVEROPS_MODE", "embedded")
if MODE not in {"embedded", "production"}:
    raise ImproperlyConfigured("DELIVEROPS_MODE must be embedded or production.")
PRODUCTION = MODE == "production"
VAR_DIR = Path(env.str("DELIVEROPS_VAR_DIR", str(BASE_DIR / "var"))).resolve()
VAR_DIR.mkdir(parents=True, exist_ok=True)


def required(name: str) -> str:
    """A variable without which production does not start; elsewhere it may be empty.

    Raises: ImproperlyConfigured, naming the variable.
    """
    value = env.str(name, "")
    if PRODUCTION and not value:
        raise ImproperlyConfigured(f"Set {name}: production does not start without it (docs/operator/settings.md).")
    return value


SECRET_KEY = required("SECRET_KEY") or local_secret(VAR_DIR, "secret_key")
DEBUG = env.bool("DEBUG", False)
if PRODUCTION and DEBUG:
    raise ImproperlyConfigured("Unset DEBUG: its error pages show settings and must not run in production.")
ALLOWED_HOSTS = [h.strip() for h in required("ALLOWED_HOSTS").split(",") if h.strip()] or ["127.0.0.1", "localhost"]
CSRF_TRUSTED_ORIGINS: list[str] = env.list("CSRF_TRUSTED_ORIGINS", [])
SITE_URL = required("SITE_URL") or f"http://127.0.0.1:{env.int('PORT', 8000)}"  # where mails link to

INSTALLED_APPS = [
    "reviews",
    "projects",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "deliverops.staticfiles.TrimmedStaticFiles",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "crispy_forms",
    "crispy_bootstrap5",
    "django_htmx",
    "django_filters",
    "django_structlog",
    "template_partials",
    "js_lib_bootstrap5",
    "bs_icon_templates",
]

MIDDLEWARE = [
    "deliverops.health.probes",  # first: a probe knows no host name, no session, no redirect
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "projects.middleware.LedgerOriginMiddleware",
    "projects.middleware.BadgeMiddleware",
    "projects.middleware.SessionLimitsMiddleware",
    "projects.middleware.ReaderTimeZoneMiddleware",
    "projects.middleware.LoginRequiredMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_structlog.middlewares.RequestMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

ROOT_URLCONF = "deliverops.urls"
WSGI_APPLICATION = "deliverops.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "projects.context.navigation",
            ],
        },
    }
]

# --- Data -------------------------------------------------------------------
DATABASES: dict[str, dict[str, Any]] = {
    "default": dict(dj_database_url.parse(required("DATABASE_URL") or f"sqlite:///{VAR_DIR}/deliverops.sqlite3"))
}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        # recursive_triggers: else INSERT OR REPLACE slips past the ledger's DELETE trigger.
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA recursive_triggers=ON;",
    }
else:
    DATABASES["default"]["CONN_MAX_AGE"] = env.int("DATABASE_CONN_MAX_AGE", 60)  # seconds
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "projects.User"

# --- Redis: cache and broker; on one machine both are folders ----------------
REDIS_URL = required("REDIS_URL")
CACHES: dict[str, dict[str, Any]]
if REDIS_URL:
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}}
else:
    # Login throttling counts in the cache, so that all web processes must see one.
    CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
            "LOCATION": str(VAR_DIR / "cache"),
            "OPTIONS": {"MAX_ENTRIES": 10_000},
        }
    }

# --- Celery (docs/decisions/broker-is-a-doorbell.md) --------------------
CELERY_TIMEZONE = "UTC"
CELERY_TASK_IGNORE_RESULT = True  # no result backend: what a task did stands in the database
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_TIME_LIMIT = 240  # seconds; what runs longer is cut off before Redis hands it to somebody else
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "celerybeat-schedule")
CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, Any]
if REDIS_URL:
    CELERY_BROKER_URL = REDIS_URL
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "visibility_timeout": 300,  # seconds until the task of a dead worker is handed out again
        # Such tasks are looked for every 10 s, not every 100 s.
        "unacked_restore_interval": 10,
        "unacked_restore_throttle": 1,
    }
else:
    CELERY_BROKER_URL = "disk://localhost/"
    CELERY_BROKER_TRANSPORT_OPTIONS = {"folder": str(VAR_DIR / "broker"), "polling_interval": 0.5}
    CELERY_WORKER_ENABLE_REMOTE_CONTROL = False  # control messages would pile up as files
# A sweep that waited longer than its period is worth nothing: the next one does the same work.
CELERY_BEAT_SCHEDULE = {
    "deliver-notices": {"task": "projects.tasks.deliver_notices", "schedule": 10.0, "options": {"expires": 10}},
    "run-imports": {"task": "projects.tasks.run_imports", "schedule": 15.0, "options": {"expires": 15}},
    "sweep-held-uploads": {
        "task": "projects.tasks.sweep_held_uploads",
        "schedule": 3600.0,
        "options": {"expires": 3600},
    },
    "queue-reminders": {"task": "reviews.tasks.queue_reminders", "schedule": 300.0, "options": {"expires": 300}},
}

# --- Mail ---------------------------------------------------------------------
# Without EMAIL_URL a mail becomes a file in var/mail: nothing leaves the machine and nothing is lost.
_mail = dj_email_url.parse(required("EMAIL_URL") or "file:")
if "EMAIL_BACKEND" not in _mail:
    raise ImproperlyConfigured("EMAIL_URL must begin with submission: or smtp: (docs/operator/mail.md).")
EMAIL_BACKEND = _mail["EMAIL_BACKEND"]
EMAIL_FILE_PATH = str(VAR_DIR / "mail")
EMAIL_HOST = _mail["EMAIL_HOST"]
EMAIL_PORT = _mail["EMAIL_PORT"]
EMAIL_HOST_USER = _mail["EMAIL_HOST_USER"]
EMAIL_HOST_PASSWORD = _mail["EMAIL_HOST_PASSWORD"]
EMAIL_USE_TLS = _mail["EMAIL_USE_TLS"]
EMAIL_USE_SSL = _mail["EMAIL_USE_SSL"]
EMAIL_TIMEOUT = _mail["EMAIL_TIMEOUT"] or 15  # seconds
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", f"DeliverOps <deliverops@{urlsplit(SITE_URL).hostname}>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL

# --- Files and keys -------------------------------------------------------------
MEDIA_ROOT = Path(env.str("MEDIA_ROOT", str(VAR_DIR / "media")))
FILE_UPLOAD_PERMISSIONS = 0o640
ARTIFACT_MAX_BYTES = env.int("ARTIFACT_MAX_BYTES", 50 * 1024 * 1024)
# Files of one person that wait for a form that was refused: projects/held.py.
HELD_UPLOADS_MAX_BYTES: int = env.int("HELD_UPLOADS_MAX_BYTES", 2 * ARTIFACT_MAX_BYTES)
S3_BUCKET = env.str("S3_BUCKET", "")
STATIC_URL = "static/"
STATIC_ROOT = Path(env.str("STATIC_ROOT", str(VAR_DIR / "staticfiles")))
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES: dict[str, dict[str, Any]] = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
if S3_BUCKET:
    if importlib.util.find_spec("storages") is None:
        raise ImproperlyConfigured("S3_BUCKET needs more packages: pip install -r requirements-s3.txt")
    STORAGES["default"] = {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "bucket_name": S3_BUCKET,
            "endpoint_url": env.str("S3_ENDPOINT_URL", None),
            "region_name": env.str("S3_REGION", None),
            "access_key": env.str("S3_ACCESS_KEY", None),
            "secret_key": env.str("S3_SECRET_KEY", None),
            "default_acl": None,
            "file_overwrite": False,
            "querystring_auth": True,
        },
    }
if PRODUCTION:
    STORAGES["staticfiles"]["BACKEND"] = "whitenoise.storage.CompressedManifestStaticFilesStorage"
else:
    WHITENOISE_USE_FINDERS = True  # straight from the packages: no collectstatic before the first page
    STATIC_ROOT.mkdir(parents=True, exist_ok=True)
# The private key that seals evidence packs. Embedded: made on first use.
SEAL_KEY_FILE = Path(required("SEAL_KEY_FILE") or VAR_DIR / "seal_key.pem")

# --- Time and language ------------------------------------------------------
LANGUAGE_CODE = "en-gb"
TIME_ZONE = "UTC"
USE_I18N = True
USE_TZ = True

# --- Transport and browser ----------------------------------------------------
# How many reverse proxies of ours stand in front; only then are their headers believed.
TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", 0)
ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXY_COUNT
if TRUSTED_PROXY_COUNT:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT = env.bool("SSL_REDIRECT", PRODUCTION)
SESSION_COOKIE_SECURE = PRODUCTION
CSRF_COOKIE_SECURE = PRODUCTION
SECURE_HSTS_SECONDS = env.int("HSTS_SECONDS", 365 * 24 * 3600 if PRODUCTION else 0)
SECURE_HSTS_INCLUDE_SUBDOMAINS = env.bool("HSTS_INCLUDE_SUBDOMAINS", PRODUCTION)
SILENCED_SYSTEM_CHECKS = ["security.W021"]  # HSTS preloading is for the owner of the whole domain to choose
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],  # data: is for the marks that Bootstrap draws in its form controls
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}

# --- Accounts: docs/operator/accounts.md ---------------------------------------
SECRET_KEY_FALLBACKS: list[str] = env.list("SECRET_KEY_FALLBACKS", [])
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("username", "name", "email")},
    },
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": env.int("PASSWORD_MIN_LENGTH", 12)},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
PASSWORD_RESET_TIMEOUT = env.int("PASSWORD_RESET_HOURS", 72) * 3600  # seconds
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "account_login"
# A session ends so long after its last request, and so long after its login in any case.
SESSION_IDLE_SECONDS = env.int("SESSION_IDLE_MINUTES", 60) * 60
SESSION_COOKIE_AGE = env.int("SESSION_HOURS", 12) * 3600  # seconds
ACCOUNT_ADAPTER = "projects.accounts.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "email*", "password1*", "password2*"]  # nobody signs up: see the adapter
ACCOUNT_EMAIL_VERIFICATION = "none"  # addresses are given by the operator
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_EMAIL_NOTIFICATIONS = True  # a changed password or second factor is told to its owner
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_DEFAULT_HTTP_PROTOCOL = urlsplit(SITE_URL).scheme
ACCOUNT_USER_DISPLAY = str
MFA_ADAPTER = "projects.accounts.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_TOTP_ISSUER = "DeliverOps"
# The domain that passkeys are bound to. In production the site's own; else whatever name the browser uses.
PASSKEY_DOMAIN = env.str("PASSKEY_DOMAIN", (urlsplit(SITE_URL).hostname or "") if PRODUCTION else "")
# own: asked of whoever has one. profile: also demanded where the change category says so. always: of every signature.
SECOND_FACTOR_POLICY = env.str("SECOND_FACTOR_POLICY", "profile" if PRODUCTION else "own")
if SECOND_FACTOR_POLICY not in {"own", "profile", "always"}:
    raise ImproperlyConfigured("SECOND_FACTOR_POLICY must be own, profile or always.")

# --- Pages ----------------------------------------------------------------------
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"

# --- Outbox: docs/operator/mail.md --------------------------------------------
# Without a mail server notices are not mailed: each person reads them on the page /mailbox/.
MAIL_TO_MAILBOX = not env.str("EMAIL_URL", "")
# So long a worker that died holds the notice it was sending; longer than one mail may take.
NOTICE_LEASE_SECONDS = env.int("NOTICE_LEASE_SECONDS", 300)

# --- Logs: one structured line a request and a task, on standard error ------------
LOG_LEVEL = env.str("LOG_LEVEL", "INFO" if PRODUCTION else "WARNING").upper()
LOG_FORMAT = env.str("LOG_FORMAT", "json" if PRODUCTION else "console")
if LOG_FORMAT not in {"json", "console"}:
    raise ImproperlyConfigured("LOG_FORMAT must be json or console.")
DJANGO_STRUCTLOG_CELERY_ENABLED = True
DJANGO_STRUCTLOG_IP_LOGGING_ENABLED = False  # it would believe any X-Forwarded-For; the proxy's log has the address
_stamps: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]
_renderer: list[Any] = (
    [structlog.processors.dict_tracebacks, structlog.processors.JSONRenderer()]
    if LOG_FORMAT == "json"
    # Plain: with the values of all variables beside it a traceback takes half a minute, and holds what was typed.
    else [structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback)]
)
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": structlog.stdlib.ProcessorFormatter,
            "foreign_pre_chain": _stamps,
            "processors": [structlog.stdlib.ProcessorFormatter.remove_processors_meta, *_renderer],
        }
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": LOG_LEVEL},
    "loggers": {
        "django.server": {"handlers": ["stderr"], "level": LOG_LEVEL, "propagate": False},
        "django.request": {"level": "ERROR"},  # its 4xx lines repeat the request's own
    },
}
structlog.configure(
    processors=[
        structlog.stdlib.filter_by_level,
        *_stamps,
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.processors.StackInfoRenderer(),
        structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
    ],
    logger_factory=structlog.stdlib.LoggerFactory(),
    cache_logger_on_first_use=True,
)
