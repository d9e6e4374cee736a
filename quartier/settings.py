"""Django settings. Everything that differs between machines comes from the environment (docs/operations.md)."""

import os
from email.utils import parseaddr
from pathlib import Path
from urllib.parse import urlsplit

from quartier.embedded import database_config
from quartier.env import Env

BASE_DIR = Path(__file__).resolve().parent.parent

env = Env(os.environ)
# Whoever sets a database or a key means it: production is assumed then, and what it lacks is told.
PRODUCTION = (
    env.choice(
        "QUARTIER_ENV",
        "production" if env.has("DATABASE_URL") or env.has("SECRET_KEY") else "demo",
        ("demo", "production"),
    )
    == "production"
)
VAR_DIR = env.folder("VAR_DIR", BASE_DIR / "var")

DEBUG = env.flag("DEBUG")
if DEBUG and PRODUCTION:
    env.wrong("DEBUG", "must not be set in production.")

# --- Names, addresses ------------------------------------------------------------------------------------------------

SITE_NAME = env.text("SITE_NAME", "Quartier")
CITY_NAME = env.text("CITY_NAME", "Stadt Aachen")
OFFICE_NAME = env.text("OFFICE_NAME", "Quartiersmanagement")
IMPRINT_URL = env.url("IMPRINT_URL", "")
PRIVACY_URL = env.url("PRIVACY_URL", "")
if PRODUCTION:
    SECRET_KEY = env.text("SECRET_KEY", at_least=50)
    SECRET_KEY_FALLBACKS = env.words("SECRET_KEY_FALLBACKS", [])
    ALLOWED_HOSTS = env.words("ALLOWED_HOSTS")
    PUBLIC_URL = env.url("PUBLIC_URL", root=True)
    DEFAULT_FROM_EMAIL = env.address("DEFAULT_FROM_EMAIL")
else:
    SECRET_KEY = env.text("SECRET_KEY", "demo-only-" + "0123456789abcdef" * 4)
    ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", ["localhost", "127.0.0.1", "[::1]", "testserver"])
    PUBLIC_URL = env.url("PUBLIC_URL", "http://localhost:8000", schemes=("http", "https"), root=True)
    DEFAULT_FROM_EMAIL = env.address("DEFAULT_FROM_EMAIL", f"{SITE_NAME} <quartier@example.org>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
# Undeliverable mails go here; the pipe of docs/operations.md reads them.
BOUNCE_ADDRESS = env.address("BOUNCE_ADDRESS", parseaddr(DEFAULT_FROM_EMAIL)[1])
# Tiles are an extra: without an address the maps show the district polygons alone and nothing is fetched elsewhere.
MAP_TILES_URL = env.url("MAP_TILES_URL", "")
MAP_TILES_ATTRIBUTION = env.text("MAP_TILES_ATTRIBUTION", "© OpenStreetMap-Mitwirkende")

# --- Applications ----------------------------------------------------------------------------------------------------

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django_htmx",
    "template_partials",
    "django_filters",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "procrastinate.contrib.django",
    "quartier.web",
    "districts",
    "concerns",
    "projects",
    "reports",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "quartier.web.middleware.SecurityHeadersMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "quartier.web.middleware.PageHeadersMiddleware",
    "quartier.web.middleware.SessionExpiredMiddleware",
    "quartier.web.middleware.MethodNotAllowedMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]
ROOT_URLCONF = "quartier.urls"
WSGI_APPLICATION = "quartier.wsgi.application"
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
                "quartier.web.navigation.shell",
            ]
        },
    }
]
# The shell: functions `user -> list[NavItem]` and `user -> URL name of the list that the search field searches`.
NAVIGATION = "districts.navigation.items"
SEARCH = "districts.navigation.search_page"
# What other apps put into the work basket: functions `(user, today) -> tile or None` (label, count, url, hint).
BASKET_TILES = [
    "projects.basket.follow_ups_due",
    "projects.basket.project_tasks_due",
    "projects.basket.effects_due",
    "projects.basket.events_to_report",
    "projects.basket.events_to_repeat",
    "projects.basket.pr_to_approve",
    "projects.basket.pr_returned",
    "projects.basket.pr_to_publish",
    "projects.basket.theme_news",
    "projects.basket.needs_to_confirm",
    "projects.basket.theme_reports_late",
    "projects.basket.applications_to_check",
    "projects.basket.notices_owed",
    "projects.basket.proofs_overdue",
]
# The same for a department's inbox (rows above its routings), the start of the Sozialplanung (tiles) and the digest
# (functions `(user, departments, led, today) -> (count, words, URL name)`).
INBOX_PARTS = ["projects.inbox.theme_reports"]
COORDINATION_TILES = ["projects.inbox.escalated", "projects.inbox.own_reports"]
DIGEST_LINES = ["projects.inbox.digest_lines"]
# What upper apps keep in somebody's name, for the check before leaving: (person) -> (words, address, permission) each.
KEPT_ELSEWHERE = [
    "projects.keeping.kept",
    "projects.leaving.named_in",
    "projects.pr_keeping.kept",
    "projects.inbox.kept_needs",
]
CSRF_FAILURE_VIEW = "quartier.web.errors.csrf_failure"

# --- Data ------------------------------------------------------------------------------------------------------------

_connection = env.database("DATABASE_URL") if PRODUCTION or env.has("DATABASE_URL") else database_config(VAR_DIR)
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        # One lasting connection per thread: with gunicorn's fixed threads this is the pool (docs/decisions).
        "CONN_MAX_AGE": env.number("DATABASE_CONNECTION_SECONDS", 600),
        "CONN_HEALTH_CHECKS": True,
        "TEST": {"NAME": env.text("TEST_DB_NAME", "test_quartier")},
        **_connection,
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# In the database so that every process counts failed sign-ins together; the table comes from `createcachetable`.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "cache",
        # The default of 300 would let somebody with many addresses push the counters of others out.
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "jobs"
PROCRASTINATE_IMPORT_PATHS = ["quartier.jobs"]
PROCRASTINATE_WORKER_DEFAULTS = {"concurrency": 2, "shutdown_graceful_timeout": 20}

# --- Signing in ------------------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "districts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_ADAPTER = "districts.accounts.AccountAdapter"
SOCIALACCOUNT_ADAPTER = "districts.accounts.SocialAccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
# Addresses are entered by the administration, not by the people: there is nothing to confirm.
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = f"[{SITE_NAME}] "
ACCOUNT_DEFAULT_HTTP_PROTOCOL = urlsplit(PUBLIC_URL).scheme or "https"
ACCOUNT_SESSION_REMEMBER = False
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_TOTP_ISSUER = SITE_NAME
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not PRODUCTION
# The city's identity provider (Keycloak, Entra, …): off until configured; it signs in people who have an account here.
SOCIALACCOUNT_PROVIDERS = {}
if env.has("OIDC_SERVER_URL"):
    SOCIALACCOUNT_PROVIDERS["openid_connect"] = {
        "OAUTH_PKCE_ENABLED": True,
        "APPS": [
            {
                "provider_id": "city",
                "name": env.text("OIDC_NAME", CITY_NAME),
                "client_id": env.text("OIDC_CLIENT_ID"),
                "secret": env.text("OIDC_CLIENT_SECRET"),
                "settings": {
                    "server_url": env.url("OIDC_SERVER_URL"),
                    # For providers that check addresses but never say so (no claim `email_verified`).
                    "verified_email": env.flag("OIDC_TRUST_EMAIL"),
                },
            }
        ],
    }
# How many proxies stand in front and may be believed about the client's address (rate limits) and about https.
_proxies = env.number("PROXY_COUNT", 1 if PRODUCTION else 0, maximum=5)
ALLAUTH_TRUSTED_PROXY_COUNT = _proxies
# Wrong status codes: this many from one address, and in all, in a window of so many seconds.
STATUS_TRIES = env.number("STATUS_TRIES", 20, minimum=1)
STATUS_TRIES_OVERALL = env.number("STATUS_TRIES_OVERALL", 600, minimum=1)
STATUS_TRIES_SECONDS = env.number("STATUS_TRIES_SECONDS", 600, minimum=10, maximum=86_400)

# --- Protection ------------------------------------------------------------------------------------------------------

SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = 3600 * env.number("SESSION_HOURS", 12, minimum=1, maximum=24 * 31)
SESSION_COOKIE_SECURE = PRODUCTION
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SECURE = PRODUCTION
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
# Messages may name a concern: on the server, not in a cookie.
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
if _proxies:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
if PRODUCTION:
    SECURE_SSL_REDIRECT = True
    SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
    SECURE_HSTS_SECONDS = env.number("HSTS_SECONDS", 365 * 24 * 3600)
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
# Preloading (W021) is a decision about the city's whole domain, not ours.
SILENCED_SYSTEM_CHECKS = ["security.W021"]
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
DATA_UPLOAD_MAX_NUMBER_FILES = 12
FILE_UPLOAD_PERMISSIONS = 0o640
FILE_UPLOAD_HANDLERS = [
    "quartier.web.uploads.LimitedUpload",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

# --- Mail ------------------------------------------------------------------------------------------------------------

EMAIL_TIMEOUT = 30
if PRODUCTION or env.has("EMAIL_URL"):
    globals().update(env.mail("EMAIL_URL"))
else:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = VAR_DIR / "mail"

# --- Language, files -------------------------------------------------------------------------------------------------

LANGUAGE_CODE = "de"
TIME_ZONE = "Europe/Berlin"
USE_I18N = True
USE_TZ = True
LOCALE_PATHS = [BASE_DIR / "locale"]
STATIC_URL = "static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = env.folder("STATIC_ROOT", VAR_DIR / "static")
MEDIA_ROOT = env.folder("MEDIA_ROOT", VAR_DIR / "media")
# Hashed and compressed after `collectstatic` (production and `make run`), straight from the folders otherwise.
STATIC_HASHED = env.flag("STATIC_HASHED", PRODUCTION)
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = not STATIC_HASHED
WHITENOISE_ALLOW_ALL_ORIGINS = False
_static_storage = (
    "quartier.web.storage.HashedStaticFiles"
    if STATIC_HASHED
    else "django.contrib.staticfiles.storage.StaticFilesStorage"
)
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": _static_storage},
}

# --- Log -------------------------------------------------------------------------------------------------------------

LOG_LEVEL = env.choice("LOG_LEVEL", "INFO" if PRODUCTION else "WARNING", ("DEBUG", "INFO", "WARNING", "ERROR"))
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "quartier.logs.ScrubbingFormatter",
            "format": "{asctime} {levelname} {name} {message}",
            "style": "{",
        }
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": LOG_LEVEL},
    # Django's own handlers are silent without DEBUG or mail the whole request, forms included, to the administrators.
    "loggers": {
        "django": {"handlers": ["stderr"], "level": LOG_LEVEL, "propagate": False},
        # Every scanner on the internet tries wrong host names; they get a 400.
        "django.security.DisallowedHost": {"level": "CRITICAL"},
        "fontTools": {"level": "ERROR"},
        # Tell about every start and every page of a paper.
        "pikepdf": {"level": "WARNING"},
        "weasyprint.progress": {"level": "WARNING"},
        # Tells about every task at every start of every command.
        "procrastinate.blueprints": {"level": "WARNING"},
        "procrastinate.periodic": {"level": "WARNING"},
    },
}

env.finish()
