"""All settings; what an organiser may change comes from the environment (docs/configuration.md)."""

import os
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import dj_database_url
from csp.constants import NONCE, NONE, SELF
from django.utils.translation import gettext_lazy as _

from voicecollect import env, lines, stores

BASE_DIR = Path(__file__).resolve().parent.parent

# Where the instance lives
PORT = env.number("PORT", 8000, "Port that the web process listens on.")
BIND = env.text(
    "BIND", "127.0.0.1", "Address that the web process listens on; 0.0.0.0 is all of the machine's."
)
WEB_PROCESSES = env.number(
    "WEB_PROCESSES", 1, "Web processes; with more than one, give REDIS_URL, so that they count alike."
)
WEB_THREADS = env.number("WEB_THREADS", 8, "Threads of each web process: requests that it serves at a time.")
SITE_URL = env.text(
    "SITE_URL", f"http://localhost:{PORT}", "Address that people see, with https:// in production."
).rstrip("/")
SITE_HOST = urlsplit(SITE_URL).hostname or "localhost"
SITE_IS_HTTPS = SITE_URL.startswith("https://")
ALLOWED_HOSTS = [
    SITE_HOST,
    *env.words("HOSTS", "localhost,127.0.0.1,[::1]", "Further host names that are answered, with commas."),
]
BEHIND_PROXY = env.flag("BEHIND_PROXY", False, "A reverse proxy sets X-Forwarded-Proto and X-Forwarded-For.")
DATA_DIR = Path(
    env.text(
        "DATA_DIR", "./data", "Folder of the database, the files and the secrets of an embedded instance."
    )
).resolve()
DEBUG = env.flag("DEBUG", False, "Shows details of errors in the browser; never in production.")
SECRET_KEY = env.secret(
    "SECRET_KEY",
    DATA_DIR / "secret-key",
    "Signs sessions and links; by default made on the first start and kept in DATA_DIR.",
)
RELEASE_KEY = env.secret(
    "RELEASE_KEY",
    DATA_DIR / "release-key",
    "Turns speakers into the pseudonyms of releases; keep it for ever: with another key every pseudonym changes.",
)
SIGNING_KEY = env.secret(
    "SIGNING_KEY",
    DATA_DIR / "signing-key",
    "Signs releases and consent receipts; `manage.py release_key` shows the public key that belongs to it.",
)
ORGANISER = env.text(
    "ORGANISER", SITE_HOST, "Who answers for what happens with the recordings, as consent receipts name them."
)
JURISDICTION = env.text(
    "JURISDICTION",
    "unspecified",
    "Where the law applies that consent receipts go by, as ISO 3166-1 code: FR.",
)
CORPUS = env.text("CORPUS", "voicecollect", "Name of the collection, which the names of releases begin with.")

AFTER_WITHDRAWAL = env.choice(
    "AFTER_WITHDRAWAL", "keep", {"keep", "tombstone", "cut"},
    "What happens to published releases that hold what was taken back: keep, tombstone, or cut the newest again too.",
)  # fmt: skip

INSTALLED_APPS = [
    "accounts.apps.StaffAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "csp",
    "django_vite",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "rest_framework",
    "drf_spectacular",
    "common",
    "languages",
    "accounts",
    "prompts",
    "recordings",
    "validation",
    "export",
    "dashboard",
    "operations",
    "voicecollect",
]

MIDDLEWARE = [
    # First what every answer gets, that of a static file or a refused host too
    "operations.watching.Watch",
    "voicecollect.headers.EveryAnswer",
    "django.middleware.security.SecurityMiddleware",
    "voicecollect.headers.Policy",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "accounts.middleware.SpeakerMiddleware",
]

ROOT_URLCONF = "voicecollect.urls"
WSGI_APPLICATION = "voicecollect.wsgi.application"
ASGI_APPLICATION = "voicecollect.asgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "frontend" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

# Database: SQLite unless DATABASE_URL names a server
DATABASE_URL = env.text(
    "DATABASE_URL",
    f"sqlite:///{DATA_DIR / 'voicecollect.sqlite3'}",
    "Database, as postgres://user:password@host:port/name; by default SQLite in DATA_DIR.",
)
DATABASES: dict[str, Any] = {
    "default": dict(dj_database_url.parse(DATABASE_URL, conn_max_age=600, conn_health_checks=True))
}
DATABASE_POOLED = env.flag(
    "DATABASE_POOLED", False, "DATABASE_URL names a PgBouncer that shares connections between transactions."
)
DATABASES["default"]["DISABLE_SERVER_SIDE_CURSORS"] = DATABASE_POOLED
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # Deferred transactions fail with "database is locked" under load; immediate ones wait.
    # FULL: what is committed is on disk. Secure: what is deleted is overwritten.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON;",
    }
    DATABASES["default"]["CONN_MAX_AGE"] = None
else:
    DATABASES["default"]["ENGINE"] = "common.postgresql"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Bell and cache: Redis where there is one
REDIS_URL = env.text(
    "REDIS_URL",
    "",
    "Redis, as redis://host:port/0: Celery workers then do the work; without it embedded workers do.",
)
CACHES: dict[str, Any] = (
    {
        "default": {
            "BACKEND": "common.cache.RedisOrMemory",
            "LOCATION": REDIS_URL,
            "OPTIONS": {"socket_connect_timeout": 0.5, "socket_timeout": 0.5},
        }
    }
    if REDIS_URL
    else {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
)
WORKERS = env.number(
    "WORKERS", os.cpu_count() or 1, "Embedded workers that `make run` starts; by default one a core."
)
CELERY_BROKER_URL = REDIS_URL  # how workers work: celery.py
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "socket_connect_timeout": 2,
    "socket_timeout": 5,
    "max_retries": 0,  # else ringing tries for six seconds, while somebody waits for the receipt
    "visibility_timeout": 3600,
}
# What embedded workers do when no recording waits: each looks for one row that is due, and tells whether there was one
EMBEDDED_WORK = [
    "prompts.processing.process_next",
    "recordings.rendering.process_next",
    "prompts.reservations.sweep",
    "validation.weighing.weigh_next",
    "dashboard.counting.count_next",
    "export.scheduling.make_next",
    "export.news.tell_next",
]

# Objects: files in DATA_DIR, or any S3-compatible store
S3_ENDPOINT_URL = env.text(
    "S3_ENDPOINT_URL", "", "Address of an S3-compatible store; without it objects are files in DATA_DIR."
)
S3_ACCESS_KEY_ID = env.text("S3_ACCESS_KEY_ID", "", "Access key of the store.")
S3_SECRET_ACCESS_KEY = env.text("S3_SECRET_ACCESS_KEY", "", "Secret key of the store.")
S3_REGION = env.text("S3_REGION", "us-east-1", "Region of the store.")
S3_PRIVATE_BUCKET = env.text(
    "S3_PRIVATE_BUCKET",
    "voicecollect-private",
    "Bucket of originals and clips; nobody reads it but the instance.",
)
S3_PUBLIC_BUCKET = env.text("S3_PUBLIC_BUCKET", "voicecollect-public", "Bucket of published releases.")
S3_BROWSER_URL = env.text(
    "S3_BROWSER_URL",
    S3_ENDPOINT_URL,
    "Address of the same store as browsers reach it, if that is another one.",
)
LINK_SECONDS = env.number("LINK_SECONDS", 900, "How long a signed link to a clip can be used, in seconds.")


def _objects(bucket: str, folder: str) -> dict[str, Any]:
    """Return the storage of one bucket, or of one folder where no store is set."""
    if not S3_ENDPOINT_URL:
        return stores.files(DATA_DIR / "objects" / folder)
    return stores.bucket(
        bucket, S3_ENDPOINT_URL, browser_url=S3_BROWSER_URL, access_key=S3_ACCESS_KEY_ID,
        secret_key=S3_SECRET_ACCESS_KEY, region_name=S3_REGION, querystring_expire=LINK_SECONDS,
    )  # fmt: skip


STORAGES = {
    "private": _objects(S3_PRIVATE_BUCKET, "private"),
    "releases": _objects(S3_PUBLIC_BUCKET, "releases"),
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedStaticFilesStorage"},
}

# Static files: Vite gives each file a name by its content, so they may be kept for ever
STATIC_URL = "/static/"
STATIC_ROOT = Path(
    env.text(
        "STATIC_ROOT", str(BASE_DIR / "staticfiles"), "Folder that collected static files are served from."
    )
)
STATICFILES_DIRS = [BASE_DIR / "frontend" / "dist"] if (BASE_DIR / "frontend" / "dist").is_dir() else []
WHITENOISE_IMMUTABLE_FILE_TEST = r"^.+[-.][0-9a-zA-Z_-]{8,12}\.(js|css|svg|png|woff2)$"
DJANGO_VITE = {
    "default": {"dev_mode": False, "manifest_path": BASE_DIR / "frontend" / "dist" / "manifest.json"}
}

# Languages of the interface; languages of contributions are rows (app `languages`)
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("fr", _("French")), ("ar", _("Arabic"))]
FORMAT_MODULE_PATH = ["voicecollect.formats"]
LOCALE_PATHS = [BASE_DIR / "frontend" / "locale"]
USE_TZ = True
TIME_ZONE = "UTC"

# People
AUTH_USER_MODEL = "accounts.User"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
CLIENT_CONSENT = env.choice(
    "CLIENT_CONSENT", "quarantine", {"accept", "quarantine"},
    "What happens to takes of apps that know no consent: accept, or keep until the speaker agrees.",
)  # fmt: skip
LISTENED_PERCENT = env.number(
    "LISTENED_PERCENT",
    80,
    "Share of a clip's length, in percent, before which a vote on it is kept but not counted.",
)
SESSION_COOKIE_AGE = (
    2 * 365 * 24 * 3600
)  # an anonymous voice is known by its session; losing it loses their way back
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SITE_IS_HTTPS
if SITE_IS_HTTPS:  # browsers then take these cookies from this very host alone
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-sessionid", "__Host-csrftoken"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"

# Accounts: an e-mail address with codes, a password, or another site by OpenID Connect
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend", "accounts.backends.ByRole"]
LOGIN_URL, LOGIN_REDIRECT_URL, LOGOUT_REDIRECT_URL = "account_login", "account", "home"
ACCOUNT_ADAPTER, MFA_ADAPTER = "accounts.adapters.Accounts", "accounts.adapters.SecondFactors"
ACCOUNT_USER_DISPLAY = "accounts.adapters.displayed"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_LOGIN_BY_CODE_ENABLED = ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_PASSWORD_RESET_BY_CODE_ENABLED = ACCOUNT_CHANGE_EMAIL = ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_EMAIL_NOTIFICATIONS = True  # of a changed password or second factor
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if SITE_IS_HTTPS else "http"
ALLAUTH_TRUSTED_PROXY_COUNT = int(BEHIND_PROXY)
MFA_TOTP_TOLERANCE = 1  # half a minute of a clock that goes wrong
OIDC_URL = env.text("OIDC_URL", "", "OpenID Connect provider that people may sign in with.").rstrip("/")
OIDC_ORIGIN = "{0.scheme}://{0.netloc}".format(urlsplit(OIDC_URL))
OIDC_APP = {
    "provider_id": "oidc",
    "name": env.text("OIDC_NAME", "OpenID Connect", "What the button for signing in there says."),
    "client_id": env.text("OIDC_CLIENT_ID", "", "Id of this site at the provider."),
    "secret": env.text("OIDC_CLIENT_SECRET", "", "Secret of this site at the provider."),
    "settings": {"server_url": OIDC_URL},
}
SOCIALACCOUNT_PROVIDERS: dict[str, Any] = {
    "openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": [OIDC_APP] if OIDC_URL else []}
}
# E-mail: printed by the web process until a server is set
EMAIL_HOST = env.text("EMAIL_HOST", "", "SMTP server; without it e-mail is printed, not sent.")
EMAIL_PORT = env.number("EMAIL_PORT", 587, "Port of that server.")
EMAIL_HOST_USER = env.text("EMAIL_USER", "", "User of that server.")
EMAIL_HOST_PASSWORD = env.text("EMAIL_PASSWORD", "", "Password of that user.")
EMAIL_USE_TLS = env.flag("EMAIL_TLS", True, "Talks to that server encrypted (STARTTLS).")
DEFAULT_FROM_EMAIL = env.text("EMAIL_FROM", f"voices@{SITE_HOST}", "Address that e-mail comes from.")
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if EMAIL_HOST else 'console'}.EmailBackend"
EMAIL_TIMEOUT = 20

# Security
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "media-src": [SELF, "blob:", *([S3_BROWSER_URL] if S3_BROWSER_URL else [])],
        "connect-src": [SELF, *([S3_BROWSER_URL] if S3_BROWSER_URL else [])],
        "worker-src": [SELF],
        "manifest-src": [SELF],
        "base-uri": [NONE],
        "form-action": [SELF, *([OIDC_ORIGIN] if OIDC_URL else [])],
        "frame-ancestors": [NONE],
    }
}
SECURE_SSL_REDIRECT = SITE_IS_HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_PROXY else None
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if SITE_IS_HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = SITE_IS_HTTPS
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024  # forms and JSON; takes are streamed past this

# API
API_LIMITS = {  # how many, in how many seconds
    "upload": (70, 600), "vote": (150, 600), "report": (30, 600), "sentence": (100, 600), "review": (300, 600),
    "check": (300, 600), "file": (10, 3600), "code": (20, 600), "take-out": (10, 3600), "letter": (5, 3600),
}  # fmt: skip
LIMITS_TIMES = {
    "volunteer": 2,
    "moderator": 10,
    "organiser": 10,
    "admin": 10,
}  # so many times as much by role
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "accounts.authentication.DeviceSpeaker",
        "accounts.authentication.SessionSpeaker",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.AllowAny"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "common.negotiation.Negotiation",
    "DEFAULT_PARSER_CLASSES": ["common.parsers.Json"],
    "DEFAULT_SCHEMA_CLASS": "common.openapi.Described",
    "EXCEPTION_HANDLER": "common.api.problem",
    "UNAUTHENTICATED_USER": None,
    "NUM_PROXIES": int(BEHIND_PROXY),  # whose word about an address counts; what a stranger claims does not
}
SPECTACULAR_SETTINGS = {
    "TITLE": "VoiceCollect",
    "DESCRIPTION": "Record, validate and download open speech data.",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "COMPONENT_SPLIT_REQUEST": True,  # what is sent is not what is answered: a file is no address
}

LOG_FORMAT = env.choice(
    "LOG_FORMAT", "line", {"line", "json"}, "How log lines look: line, to be read, or json, to be collected."
)
LOG_LEVEL = env.text("LOG_LEVEL", "INFO", "How much is logged: DEBUG, INFO, WARNING or ERROR.").upper()
LOGGING = lines.configuration(LOG_FORMAT, LOG_LEVEL)
METRICS_TOKEN = env.text(
    "METRICS_TOKEN",
    "",
    "Who sends this as a Bearer token may read /metrics; without it only this machine may.",
)
