"""The room of measures, targets and figures."""

from django.apps import AppConfig
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _


class KpisConfig(AppConfig):
    """Registers the room's own subject, metrics and checks."""

    name = "cxm.kpis"
    label = "kpis"
    verbose_name = _("Score")

    def ready(self) -> None:
        """Fill the registries; models can be imported only now."""
        import_string("cxm.kpis.metrics.satisfaction")
        import_string("cxm.kpis.checks.check_registry")
