"""The site for WSGI servers. It answers everything but the collector, which needs ASGI."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cxm.settings")

application = get_wsgi_application()
