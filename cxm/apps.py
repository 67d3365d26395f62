"""The project package as an app: its static files, translations and the Celery application."""

from django.apps import AppConfig

from cxm.celery import app as celery_app


class CxmConfig(AppConfig):
    """Makes tasks that are called in this process go to our Celery application."""

    name = "cxm"

    def ready(self) -> None:
        """Set the application that `shared_task` binds to."""
        celery_app.set_default()
