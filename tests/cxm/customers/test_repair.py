"""Wrong connections are mended: an identity moves, is split off, or is marked as shared."""

from collections.abc import Callable

import pytest
from django.db import IntegrityError, transaction

from cxm.api.errors import DomainError
from cxm.common.scope import workspace_scope
from cxm.customers import attachments
from cxm.customers.keys import anonymous_key, crm_key, email_key
from cxm.customers.matching import CustomerFacts
from cxm.customers.models import Customer, Identity, Suggestion
from cxm.customers.privacy import erase_customer
from cxm.customers.services import (
    add_identity,
    identify,
    identify_many,
    merge,
    move_identity,
    resolve_many,
    share_identity,
    split_identity,
    unshare_identity,
)
from cxm.workspaces.models import AuditEntry, Workspace
from tests.cxm.customers.make import make_customer

MARA = email_key("mara@example.com")
BROWSER = anonymous_key("browser-1")
SHOP = crm_key("shop", "1")
Told = list[tuple[str, str, str]]


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> Told:
    """What the rooms above were told: what, of whom, which identity."""
    heard: Told = []

    def note(what: str) -> Callable[[Customer, Identity], None]:
        return lambda customer, identity: heard.append((what, customer.number, identity.value))

    monkeypatch.setattr(attachments, "_detached", [note("detached")])
    monkeypatch.setattr(attachments, "_attached", [note("attached")])
    return heard


def row(key_kind: str) -> Identity:
    return Identity.objects.get(kind=key_kind)


def test_an_identity_moves_and_the_rooms_above_hear_of_it(scope: Workspace, told: Told) -> None:
    mara, lina = make_customer(scope, MARA, BROWSER), make_customer(scope)
    moved = move_identity(identity=row("anonymous"), to=lina)
    assert moved.customer == lina
    assert resolve_many([MARA, BROWSER]) == {MARA: mara.pk, BROWSER: lina.pk}
    assert told == [
        ("detached", mara.number, "browser-1"),
        ("attached", lina.number, "browser-1"),
    ]
    assert AuditEntry.objects.get(action="moved identity of").object_id == str(mara.pk)
    move_identity(identity=moved, to=lina)
    assert len(told) == 2


def test_an_identity_becomes_a_person_of_its_own(scope: Workspace, told: Told) -> None:
    mara = make_customer(scope, MARA, BROWSER)
    new = split_identity(identity=row("anonymous"))
    assert resolve_many([BROWSER]) == {BROWSER: new.pk}
    assert [entry[:2] for entry in told] == [("detached", mara.number), ("attached", new.number)]


def test_nothing_moves_when_a_room_above_fails(
    scope: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(customer: Customer, identity: Identity) -> None:
        raise RuntimeError("no")

    monkeypatch.setattr(attachments, "_detached", [fail])
    mara = make_customer(scope, BROWSER)
    with pytest.raises(RuntimeError):
        split_identity(identity=row("anonymous"))
    with pytest.raises(RuntimeError):
        share_identity(identity=row("anonymous"))
    assert resolve_many([BROWSER]) == {BROWSER: mara.pk}
    assert Customer.objects.count() == 1


def test_a_hook_is_entered_once(told: Told) -> None:
    def hook(customer: Customer, identity: Identity) -> None: ...

    attachments.on_detach(hook)
    with pytest.raises(ValueError, match="entered twice"):
        attachments.on_detach(hook)


def test_identities_go_to_nobody_erased_and_nobody_foreign(
    scope: Workspace, other_workspace: Workspace
) -> None:
    make_customer(scope, BROWSER)
    gone, stranger = make_customer(scope), make_customer(other_workspace)
    erase_customer(gone)
    for target, code in ((gone, "customer_erased"), (stranger, "other_workspace")):
        with pytest.raises(DomainError) as refused:
            move_identity(identity=row("anonymous"), to=target)
        assert refused.value.code == code


def test_a_shared_browser_means_nobody_ever_again(scope: Workspace, told: Told) -> None:
    mara = make_customer(scope, MARA, BROWSER)
    shared = share_identity(identity=row("anonymous"))
    assert (shared.customer, shared.key) == (None, BROWSER)
    assert told == [("detached", mara.number, "browser-1")]
    assert resolve_many([BROWSER, MARA]) == {MARA: mara.pk}
    # With another identity it is passed over, and neither a conflict nor attached.
    found, lone = identify_many([CustomerFacts((SHOP, BROWSER)), CustomerFacts((BROWSER,))])
    assert (found.status, found.conflicts) == ("created", ())
    assert (lone.customer, lone.person, lone.status) == (None, None, "nobody")
    assert resolve_many([BROWSER]) == {}
    with pytest.raises(ValueError, match="shared"):
        identify(keys=[BROWSER])
    identify(keys=[SHOP], aliases=[BROWSER])
    assert Customer.objects.filter(merged_into__isnull=False).count() == 0
    share_identity(identity=shared)
    assert len(told) == 1


def test_a_shared_identity_cannot_be_given_to_somebody(scope: Workspace) -> None:
    mara = make_customer(scope, BROWSER)
    shared = share_identity(identity=row("anonymous"))
    for work in (
        lambda: add_identity(customer=mara, key=BROWSER),
        lambda: move_identity(identity=shared, to=mara),
        lambda: split_identity(identity=shared),
    ):
        with pytest.raises(DomainError) as refused:
            work()
        assert refused.value.code == "identity_shared"
    with pytest.raises(IntegrityError), transaction.atomic():
        Identity.objects.filter(pk=shared.pk).update(customer=mara)


def test_unmarked_it_goes_to_whoever_comes_with_it_next(scope: Workspace) -> None:
    make_customer(scope, BROWSER)
    unshare_identity(identity=share_identity(identity=row("anonymous")))
    lina = identify(keys=[SHOP, BROWSER])
    assert resolve_many([BROWSER]) == {BROWSER: lina.pk}


def test_a_record_of_another_system_is_never_shared(scope: Workspace) -> None:
    make_customer(scope, SHOP)
    with pytest.raises(DomainError) as refused:
        share_identity(identity=row("crm"))
    assert refused.value.code == "not_shareable"


def test_hints_that_rest_on_a_shared_browser_are_dropped(scope: Workspace) -> None:
    make_customer(scope, SHOP)
    make_customer(scope, BROWSER)
    identify(keys=[SHOP, BROWSER])
    assert Suggestion.objects.waiting().count() == 1
    share_identity(identity=row("anonymous"))
    assert not Suggestion.objects.exists()


def test_a_shared_identity_outlives_the_erasure_of_who_had_it(scope: Workspace) -> None:
    mara = make_customer(scope, MARA, BROWSER)
    share_identity(identity=row("anonymous"))
    erase_customer(mara)
    assert row("anonymous").customer is None
    assert identify_many([CustomerFacts((BROWSER,))])[0].customer is None


def test_an_identity_of_a_family_is_split_off_the_family(scope: Workspace) -> None:
    mara, visitor = make_customer(scope, MARA), make_customer(scope, BROWSER)
    merge(winner=mara, loser=visitor)
    new = split_identity(identity=row("anonymous"))
    assert new.root == new.pk
    visitor.refresh_from_db()
    assert visitor.merged_into == mara


def test_nobody_mends_across_workspaces(scope: Workspace, other_workspace: Workspace) -> None:
    make_customer(scope, BROWSER)
    identity = row("anonymous")
    with workspace_scope(other_workspace.pk):
        for work in (share_identity, split_identity):
            with pytest.raises(Identity.DoesNotExist):
                work(identity=identity)
