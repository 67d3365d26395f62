"""The settings under which the tests run: real PostgreSQL, real broker, nothing mocked."""

import os

from cxm.settings import *  # noqa: F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
# One for each process and never that of a site: tasks remove what no row of their own names.
MEDIA_ROOT = DATA_DIR / "test-media" / os.environ.get("PYTEST_XDIST_WORKER", "alone")  # noqa: F405
SECURE_SSL_REDIRECT = False
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1", "[::1]"]
API_RATE_PER_MINUTE = 1_000_000
LOGIN_ATTEMPTS_PER_MINUTE = 1_000_000
EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
CELERY_BROKER_CONNECTION_MAX_RETRIES = 3
