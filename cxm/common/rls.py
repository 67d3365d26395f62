"""Row-level security as migration operations.

The application's database role owns its tables, so security is forced on the owner too.
A policy compares the row with the session settings of ``cxm.common.scope``; an unset
setting reads as NULL, which no row equals.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

WORKSPACE = "nullif(current_setting('cxm.workspace', true), '')::uuid"
USER = "nullif(current_setting('cxm.user', true), '')::uuid"
TOKEN = "nullif(current_setting('cxm.token', true), '')"  # noqa: S105 - the name of a setting
DIRECTORY = "current_setting('cxm.directory', true) = 'on'"


def protect_statements(
    table: str, *, workspace_column: str = "workspace_id", token_column: str = ""
) -> list[str]:
    """Return the statements that put ``table`` under row-level security.

    Args:
        table: name of the table.
        workspace_column: the column that holds the workspace's id.
        token_column: a column with a token's hash; who presents that token may read the row.
    """
    name = _quoted(table)
    same = f"{_quoted(workspace_column)} = {WORKSPACE}"
    statements = [
        f"ALTER TABLE {name} ENABLE ROW LEVEL SECURITY",
        f"ALTER TABLE {name} FORCE ROW LEVEL SECURITY",
        f"CREATE POLICY workspace ON {name} USING ({same}) WITH CHECK ({same})",
    ]
    if token_column:
        statements.append(
            f"CREATE POLICY token ON {name} FOR SELECT USING ({_quoted(token_column)} = {TOKEN})"
        )
    return statements


class ProtectTable(Operation):
    """Show a table's rows only inside the scope of their workspace."""

    reversible = True
    reduces_to_sql = True
    elidable = False

    def __init__(
        self, table: str, *, workspace_column: str = "workspace_id", token_column: str = ""
    ) -> None:
        self.table = table
        self.workspace_column = workspace_column
        self.token_column = token_column

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Leave the models' state alone: security lives in the database only."""

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        """Enable and force row-level security and create the policies."""
        for statement in protect_statements(
            self.table, workspace_column=self.workspace_column, token_column=self.token_column
        ):
            schema_editor.execute(statement)

    def database_backwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        """Drop the policies and switch row-level security off."""
        name = _quoted(self.table)
        for statement in (
            f"DROP POLICY IF EXISTS token ON {name}",
            f"DROP POLICY IF EXISTS workspace ON {name}",
            f"ALTER TABLE {name} NO FORCE ROW LEVEL SECURITY",
            f"ALTER TABLE {name} DISABLE ROW LEVEL SECURITY",
        ):
            schema_editor.execute(statement)

    def deconstruct(self) -> tuple[str, Sequence[object], dict[str, object]]:
        """Return what rebuilds this operation."""
        return (
            self.__class__.__name__,
            [self.table],
            {"workspace_column": self.workspace_column, "token_column": self.token_column},
        )

    def describe(self) -> str:
        """Say what the operation does."""
        return f"Protect {self.table} by row-level security"


def _quoted(name: str) -> str:
    if not name.isidentifier():
        raise ValueError(f"{name!r} is no plain name of a table or column")
    return f'"{name}"'
