"""The room of workspaces, their users and keys."""

from django.apps import AppConfig
from django.db.backends.signals import connection_created

from cxm.common.scope import apply_scope


class WorkspacesConfig(AppConfig):
    """Registers the room, and tells every new database connection the current scope."""

    name = "cxm.workspaces"
    label = "workspaces"
    verbose_name = "Settings"

    def ready(self) -> None:
        """Connect the scope to connections; a signal, since Django makes them, not we."""

        def tell(sender: object, connection: object, **kwargs: object) -> None:
            apply_scope(connection)  # type: ignore[arg-type]  # the signal is untyped

        connection_created.connect(tell, weak=False, dispatch_uid="cxm-scope")
