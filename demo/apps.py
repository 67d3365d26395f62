"""The demo shop, above all rooms: it comes through their doors like anybody else."""

from django.apps import AppConfig


class DemoConfig(AppConfig):
    """Registers the demo's command."""

    name = "demo"
    label = "demo"
    verbose_name = "Demo"
