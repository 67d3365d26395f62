"""`manage.py install_broker`: put the message queue's SQL into the database, once."""

from __future__ import annotations

from django.conf import settings
from django.core.management.base import BaseCommand

from cxm.local.broker import install_broker


class Command(BaseCommand):
    """Install the queue where the settings want it."""

    help = "Install the pgmq schema unless it is there or another broker is configured."
    requires_system_checks = ()
    requires_migrations_checks = False

    def handle(self, *_arguments: object, **_options: object) -> None:
        """Install, and say what was done."""
        if not settings.CELERY_BROKER_URL.startswith("pgmq"):
            self.stdout.write("The broker is not PostgreSQL: nothing to install.")
        elif install_broker(str(settings.CELERY_BROKER_TRANSPORT_OPTIONS["conn_string"])):
            self.stdout.write("Installed the message queue.")
        else:
            self.stdout.write("The message queue is installed already.")
