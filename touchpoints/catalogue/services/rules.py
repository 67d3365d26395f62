"""Rules: made, changed and put in order."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Max

from cxm.api.errors import DomainError
from cxm.workspaces.models import Workspace
from touchpoints.catalogue.conditions import InvalidConditionError, read_conditions
from touchpoints.catalogue.models import MatchingRule, Touchpoint


@transaction.atomic
def save_rule(
    *,
    workspace: Workspace,
    touchpoint: Touchpoint,
    conditions: object,
    name: str = "",
    is_active: bool = True,
    rule: MatchingRule | None = None,
) -> MatchingRule:
    """Change a rule, or add one behind all others.

    Raises:
        DomainError: the conditions cannot be; its code says why.
    """
    try:
        read = read_conditions(conditions)
    except InvalidConditionError as error:
        raise DomainError(error.detail, code=error.code) from error
    if rule is None:
        _lock_order(workspace)
        last = MatchingRule.objects.for_workspace(workspace).aggregate(last=Max("position"))["last"]
        rule = MatchingRule(workspace=workspace, position=0 if last is None else last + 1)
    rule.touchpoint = touchpoint
    rule.name = name.strip()
    rule.is_active = is_active
    rule.conditions = [condition.as_json() for condition in read]
    rule.save()
    return rule


@transaction.atomic
def order_rules(*, workspace: Workspace, order: Sequence[UUID]) -> None:
    """Put rules into an order, in one statement; those not named follow in the order they had."""
    _lock_order(workspace)
    there = list(
        MatchingRule.objects.for_workspace(workspace)
        .order_by("position", "pk")
        .values_list("pk", flat=True)
    )
    known = set(there)
    wanted = [pk for pk in dict.fromkeys(order) if pk in known]
    chosen = set(wanted)
    wanted += [pk for pk in there if pk not in chosen]
    rows = [MatchingRule(pk=pk, position=position) for position, pk in enumerate(wanted)]
    MatchingRule.objects.bulk_update(rows, ["position"])


@transaction.atomic
def move_rule(*, workspace: Workspace, rule: MatchingRule, up: bool) -> None:
    """Move a rule one place up or down; at the end it stays."""
    _lock_order(workspace)
    order = list(
        MatchingRule.objects.for_workspace(workspace)
        .order_by("position", "pk")
        .values_list("pk", flat=True)
    )
    place = order.index(rule.pk)
    other = place - 1 if up else place + 1
    if 0 <= other < len(order):
        order[place], order[other] = order[other], order[place]
    order_rules(workspace=workspace, order=order)


def _lock_order(workspace: Workspace) -> None:
    """Let one change of the order wait for the other, until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"rules:{workspace.pk}"]
        )
