"""Clients of others, unmodified, on a real server. The one for Python is in test_collector.py."""

from __future__ import annotations

import subprocess
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from cxm.common.clock import now
from cxm.common.scope import workspace_scope
from cxm.customers.models import Customer, Identity
from cxm.workspaces.models import Workspace
from tests.clients.packages import packages
from tests.touchpoints.interactions.server import Server
from tests.touchpoints.interactions.tally import Tally, tally_of
from tests.touchpoints.make import make_source
from touchpoints.interactions.models import Interaction
from touchpoints.interactions.services import drain

__all__ = ["packages"]

pytestmark = pytest.mark.django_db(transaction=True)

SCRIPT = Path(__file__).resolve().parents[2] / "clients" / "deliver.mjs"


def run_node(packages: Path, server: Server, key: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["node", str(SCRIPT), server.url, key],
        cwd=packages,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_the_client_for_node_delivers_unchanged(
    packages: Path, server: Server, workspace: Workspace
) -> None:
    done = run_node(packages, server, make_source(workspace)[1])
    assert (done.returncode, done.stderr) == (0, "")
    drain()
    assert tally_of(workspace) == Tally(received=8, stored=8)
    with workspace_scope(workspace.pk):
        rows = list(Interaction.objects.order_by("occurred_at", "id"))
        customer = Customer.objects.get()
        keys = set(Identity.objects.filter(customer=customer).values_list("kind", "value"))
    assert sorted(row.kind for row in rows) == [
        "alias", "group", "identify", "page", "screen", "track", "track", "track",
    ]  # fmt: skip
    assert customer.name == "Ann"
    assert ("email", "ann@example.com") in keys
    assert ("anonymous", "browser-9") in keys
    assert rows[0].event == "Seen"
    assert rows[0].customer_id is None
    assert now() - rows[0].occurred_at > timedelta(days=39)
    assert {row.customer_id for row in rows[1:]} == {customer.pk}
    order = next(row for row in rows if row.event == "Order Completed")
    assert (order.value, order.currency) == (Decimal("12.5"), "EUR")
    wrote = next(row for row in rows if row.event == "Wrote")
    assert wrote.properties == {"text": "\ufffd"}


def test_the_client_for_node_is_told_of_an_unknown_key(
    packages: Path, server: Server, workspace: Workspace
) -> None:
    done = run_node(packages, server, "cxw_nobody")
    assert done.returncode == 1
    assert "401" in done.stderr
    assert tally_of(workspace) == Tally()
