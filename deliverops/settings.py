"""All settings of the site, twelve-factor: everything that differs between installations is read from the environment.

``DELIVEROPS_MODE`` says which of three sets of defaults holds:

* ``embedded`` (default): one machine, SQLite, a broker on disk, mails readable on a page, keys made on first use.
* ``production``: nothing is guessed; a missing secret stops the process with the variable's name.
* ``test``: like embedded, with fast password hashing.
"""

from pathlib import Path

from django.core.exceptions import ImproperlyConfigured
from environs import Env

from deliverops import __version__
from deliverops.embedded import local_secret

BASE_DIR = Path(__file__).resolve().parent.parent
env = Env()
env.read_env(str(BASE_DIR / ".env"), recurse=False)

VERSION = __version__
MODE = env.str("DELIVEROPS_MODE", "embedded")
if MODE not in {"embedded", "production", "test"}:
    raise ImproperlyConfigured("DELIVEROPS_MODE must be embedded, production or test.")
PRODUCTION = MODE == "production"
VAR_DIR = Path(env.str("DELIVEROPS_VAR_DIR", str(BASE_DIR / "var")))


def required(name: str) -> str:
    """A variable without which production does not start. Raises: ImproperlyConfigured, naming it."""
    value = env.str(name, "")
    if PRODUCTION and not value:
        raise ImproperlyConfigured(f"Set {name}: production does not start without it (see docs/operator/settings.md).")
    return value


SECRET_KEY = required("SECRET_KEY") or local_secret(VAR_DIR, "secret_key")
DEBUG = env.bool("DEBUG", False)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", [] if PRODUCTION else ["127.0.0.1", "localhost", "[::1]", "testserver"])
if PRODUCTION and not ALLOWED_HOSTS:
    raise ImproperlyConfigured("Set ALLOWED_HOSTS to the names this site answers to, comma-separated.")
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", [])
SITE_URL = required("SITE_URL") or "http://127.0.0.1:8000"

INSTALLED_APPS = [
    "reviews",
    "projects",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "crispy_forms",
    "crispy_bootstrap5",
    "django_htmx",
    "django_filters",
    "template_partials",
    "js_lib_bootstrap5",
    "bs_icon_templates",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
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
DATABASES = {
    "default": env.dj_db_url("DATABASE_URL", required("DATABASE_URL") or f"sqlite:///{VAR_DIR}/deliverops.sqlite3")
}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    VAR_DIR.mkdir(parents=True, exist_ok=True)
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        # recursive_triggers: else INSERT OR REPLACE slips past the ledger's DELETE trigger.
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA recursive_triggers=ON;",
    }
    # A file, as in use: threads of one test see each other's locks, which in memory they would not wait for.
    DATABASES["default"]["TEST"] = {"NAME": VAR_DIR / "test.sqlite3"}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "projects.User"

# --- Time and language ------------------------------------------------------
LANGUAGE_CODE = "en-gb"
TIME_ZONE = "UTC"
USE_I18N = True
USE_TZ = True

STATIC_URL = "static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = VAR_DIR / "staticfiles"
MEDIA_ROOT = Path(env.str("MEDIA_ROOT", str(VAR_DIR / "media")))

CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"

# --- Outbox: docs/operator/mail.md --------------------------------------------
# Without a mail server notices are not mailed: each person reads them on the page /mailbox/.
MAIL_TO_MAILBOX = not env.str("EMAIL_URL", "")
# So long a worker that died holds the notice it was sending; longer than one mail may take.
NOTICE_LEASE_SECONDS = env.int("NOTICE_LEASE_SECONDS", 300)
