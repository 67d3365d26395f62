"""The one settings file. Production is another environment, not another file.

Without DATABASE_URL this is local mode: everything that is not set comes from the data
directory that `manage.py up` keeps. docs/how-to/deploy.md lists every variable.
"""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import urlsplit

import django_stubs_ext
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from cxm.env import Environment, database, mail, process_environment
from cxm.local.environment import local_environment
from cxm.unfold import UNFOLD  # noqa: F401 - a setting

# Lets annotations such as ModelAdmin[Kpi] stand where classes are derived.
django_stubs_ext.monkeypatch()

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = Path(os.environ.get("DATA_DIR") or BASE_DIR / ".data")

env = process_environment()
LOCAL = env.flag("CXM_LOCAL", default=not env.text("DATABASE_URL"))
if LOCAL:
    env = Environment({**local_environment(DATA_DIR), **os.environ})

# --- safety ------------------------------------------------------------------------------

DEBUG = env.flag("DEBUG")
SECRET_KEY = env.text("SECRET_KEY")
SITE_URL = env.text("SITE_URL", "http://127.0.0.1:8000" if LOCAL else "").rstrip("/")
ALLOWED_HOSTS = env.listed("ALLOWED_HOSTS", "127.0.0.1,localhost,[::1]" if LOCAL else "")
_site = urlsplit(SITE_URL)
if LOCAL and _site.hostname and _site.hostname not in ALLOWED_HOSTS:
    ALLOWED_HOSTS.append(_site.hostname)

if not LOCAL:
    if len(SECRET_KEY) < 50 or SECRET_KEY.startswith(("change-me", "django-insecure")):
        raise ImproperlyConfigured(
            "Set SECRET_KEY to a secret of your own, at least 50 random characters long."
        )
    if not ALLOWED_HOSTS or "*" in ALLOWED_HOSTS:
        raise ImproperlyConfigured("Set ALLOWED_HOSTS to the names of this site; * is refused.")
    if _site.scheme not in {"http", "https"} or not _site.hostname:
        raise ImproperlyConfigured("Set SITE_URL to the address of this site, https://….")
    if DEBUG:
        raise ImproperlyConfigured("DEBUG is for local mode only; unset it.")

HTTPS = _site.scheme == "https"
CSRF_TRUSTED_ORIGINS = [SITE_URL] if HTTPS else []
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_AGE = 60 * 60 * 24 * 14
SECURE_SSL_REDIRECT = HTTPS and env.flag("REDIRECT_TO_HTTPS", default=True)
SECURE_REDIRECT_EXEMPT = [r"^health/"]
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
# How many proxies in front of us write X-Forwarded-For and X-Forwarded-Proto; 0 trusts none.
TRUSTED_PROXIES = env.whole("TRUSTED_PROXIES", 0)
if TRUSTED_PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# --- the house ---------------------------------------------------------------------------

INSTALLED_APPS = [
    "unfold",
    "unfold.contrib.filters",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "anymail",
    "django_celery_beat",
    "django_filters",
    "django_htmx",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "rest_framework",
    "cxm",
    "cxm.local",
    "cxm.health",
    "cxm.api",
    "cxm.workspaces",
    "cxm.customers",
    "cxm.kpis",
    "cxm.dashboards",
    "touchpoints.catalogue",
    "touchpoints.campaigns",
    "touchpoints.interactions",
    "touchpoints.tracking",
    "surveys.questionnaires",
    "surveys.invitations",
    "surveys.responses",
    "journeys.personas",
    "journeys.maps",
    "journeys.scores",
    "journeys.exports",
    "journeys.sharing",
    "demo",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "cxm.common.csp.CspMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "cxm.workspaces.middleware.WorkspaceMiddleware",
    "cxm.api.idempotency.IdempotencyMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

ROOT_URLCONF = "cxm.urls"
ASGI_APPLICATION = "cxm.asgi.application"
WSGI_APPLICATION = "cxm.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
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
                "cxm.workspaces.context.workspace",
            ],
        },
    },
]

# --- users -------------------------------------------------------------------------------

AUTH_USER_MODEL = "workspaces.User"
AUTHENTICATION_BACKENDS = ["cxm.workspaces.backends.RoleBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_URL = "admin:login"
LOGIN_REDIRECT_URL = "admin:index"
LOGIN_ATTEMPTS_PER_MINUTE = 10

# --- database, broker, mail --------------------------------------------------------------

DATABASE_URL = env.text("DATABASE_URL")
DATABASES = {"default": database(DATABASE_URL)}

CELERY_BROKER_URL = env.text("CELERY_BROKER_URL") or "pgmq://"
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_TIME_LIMIT = 240
CELERY_TASK_SOFT_TIME_LIMIT = 210
CELERY_WORKER_PREFETCH_MULTIPLIER = 2
CELERY_WORKER_ENABLE_REMOTE_CONTROL = False
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = True
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES: int | None = None
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULER = "django_celery_beat.schedulers:DatabaseScheduler"
# A message that was taken and not finished comes back after this long: above the time limit.
VISIBILITY_TIMEOUT = 300
CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, object] = {"visibility_timeout": VISIBILITY_TIMEOUT}
if CELERY_BROKER_URL.startswith("pgmq"):
    CELERY_BROKER_TRANSPORT = "cxm.local.pgmq_transport:Transport"
    CELERY_BROKER_TRANSPORT_OPTIONS |= {
        # The queue lies with the data, unless pgmq://… names another database.
        "conn_string": DATABASE_URL
        if CELERY_BROKER_URL == "pgmq://"
        else "postgresql" + CELERY_BROKER_URL.removeprefix("pgmq"),
        "use_notify": True,
        "notify_throttle_interval_ms": 20,
        "wait_time_seconds": 0,
        "polling_interval": 1,
        "init_extension": False,
    }
    CELERY_BROKER_URL = "pgmq://"
# What runs by itself, seconds apart; django-celery-beat takes these over into its table.
CELERY_BEAT_SCHEDULE: dict[str, dict[str, object]] = {
    "health-canary": {"task": "cxm.health.tasks.canary", "schedule": 10.0, "args": ["beat"]},
    "score-due": {"task": "cxm.kpis.tasks.score_due", "schedule": 5.0},
    "remeasure-all": {"task": "cxm.kpis.tasks.remeasure_all", "schedule": 900.0},
    "process-inbox": {
        "task": "touchpoints.interactions.tasks.process_inbox",
        "schedule": 1.0,
        # A run that comes late finds what the ones before it left: old ones may go.
        "options": {"expires": 5},
    },
    "reassign-due": {"task": "touchpoints.interactions.tasks.reassign_due", "schedule": 5.0},
    "forget-interactions": {
        "task": "touchpoints.interactions.tasks.forget_expired",
        "schedule": 86_400.0,
    },
    "work-interactions": {"task": "touchpoints.interactions.tasks.work_due", "schedule": 2.0},
    "tidy-interactions": {"task": "touchpoints.interactions.tasks.tidy", "schedule": 3600.0},
    "send-due": {"task": "surveys.invitations.tasks.send_due", "schedule": 5.0},
    "sweep-invitations": {"task": "surveys.invitations.tasks.sweep", "schedule": 30.0},
    "forget-answers": {"task": "surveys.responses.tasks.forget_old", "schedule": 86_400.0},
    "tidy-maps": {"task": "journeys.maps.tasks.tidy", "schedule": 3600.0},
    "tidy": {"task": "cxm.workspaces.tasks.tidy", "schedule": 3600.0},
}

vars().update(mail(env.text("EMAIL_URL", "smtp://127.0.0.1:25")))
DEFAULT_FROM_EMAIL = env.text("DEFAULT_FROM_EMAIL", "cxm@localhost")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
OUTBOX_DIR = DATA_DIR / "outbox" if LOCAL else None

# --- language, time, files ---------------------------------------------------------------

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("de", _("German"))]
LOCALE_PATHS = [BASE_DIR / "cxm" / "locale"]
FORMAT_MODULE_PATH = ["cxm.formats"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "static/"
STATIC_ROOT = Path(env.text("STATIC_ROOT") or BASE_DIR / "staticfiles")
# In local mode nobody has to collect files first: whitenoise finds them where they lie.
WHITENOISE_USE_FINDERS = LOCAL
WHITENOISE_AUTOREFRESH = LOCAL
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if LOCAL
        else "cxm.common.statics.HashedStaticFiles"
    },
}
MEDIA_ROOT = DATA_DIR / "media"
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024

# --- API ---------------------------------------------------------------------------------

API_RATE_PER_MINUTE = env.whole("API_RATE_PER_MINUTE", 600, least=1)
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "cxm.workspaces.authentication.ApiKeyAuthentication",
        "cxm.workspaces.authentication.MemberAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["cxm.workspaces.authentication.HasScope"],
    "DEFAULT_THROTTLE_CLASSES": ["cxm.api.throttling.KeyThrottle"],
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_PAGINATION_CLASS": "cxm.api.paging.CursorPages",
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "cxm.api.errors.exception_handler",
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "CXM API",
    "VERSION": "1",
    "DESCRIPTION": "Customers, touchpoints, interactions, surveys, journey maps and scores.",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "SERVE_AUTHENTICATION": [],
    "SCHEMA_PATH_PREFIX": r"/api/v1",
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_NAME_OVERRIDES": {
        "ChannelKind": "touchpoints.catalogue.models.Channel.Kind",
        "TouchpointStatus": "touchpoints.catalogue.models.Touchpoint.Status",
        "Importance": "touchpoints.catalogue.models.Touchpoint.Importance",
        "SourceKind": "touchpoints.interactions.models.Source.Kind",
        "InteractionKind": "touchpoints.interactions.models.Interaction.Kind",
        "SurveyKind": "surveys.questionnaires.models.Survey.Kind",
        "SurveyStatus": "surveys.questionnaires.models.Survey.Status",
        "MarketingCampaignStatus": "touchpoints.campaigns.models.Campaign.Status",
        "PlacementKind": "touchpoints.campaigns.models.Placement.Kind",
        "CampaignStatus": "surveys.invitations.models.Campaign.Status",
        "InvitationStatus": "surveys.invitations.models.Invitation.Status",
        "JourneyMapKind": "journeys.maps.models.JourneyMap.Kind",
        "VersionStatus": "journeys.maps.models.Version.Status",
    },
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "cxm.api.schema.describe_problems",
    ],
}

# --- logs --------------------------------------------------------------------------------

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.text("LOG_LEVEL", "INFO")},
}
