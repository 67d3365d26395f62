"""CXM: customer-experience management in which the journey map is the measuring instrument."""

from cxm.celery import app as celery_app

__all__ = ["celery_app"]
