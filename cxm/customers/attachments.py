"""Rooms above that keep rows by an identity hear when it changes hands.

A room registers plain functions in ``AppConfig.ready()``. They run inside the workspace's scope
and in the transaction of the change, so that both happen or none.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cxm.customers.models import Customer, Identity

Hook = Callable[["Customer", "Identity"], None]

_detached: list[Hook] = []
_attached: list[Hook] = []


def on_detach(hook: Hook) -> Hook:
    """Call ``hook(customer, identity)`` when an identity no longer means the customer.

    It gives back what the customer got by this identity alone, such as the visits of a browser.
    """
    return _enter(_detached, hook)


def on_attach(hook: Hook) -> Hook:
    """Call ``hook(customer, identity)`` when an identity of somebody else comes to the customer.

    It comes after the hooks of ``on_detach``. New identities are not told here.
    """
    return _enter(_attached, hook)


def detached(customer: Customer, identity: Identity) -> None:
    """Tell the rooms above that the identity is no longer the customer's."""
    for hook in _detached:
        hook(customer, identity)


def attached(customer: Customer, identity: Identity) -> None:
    """Tell the rooms above that the identity is the customer's from now on."""
    for hook in _attached:
        hook(customer, identity)


def _enter(hooks: list[Hook], hook: Hook) -> Hook:
    if hook in hooks:
        raise ValueError(f"The hook {hook.__qualname__} is entered twice.")
    hooks.append(hook)
    return hook
