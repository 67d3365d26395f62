import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from cxm.common.scope import workspace_scope
from cxm.customers.keys import anonymous_key, crm_key, email_key, phone_key
from cxm.customers.models import Consent, Customer, Identity, Suppression
from cxm.customers.privacy import erase_customer, export_customer
from cxm.customers.services import identify, is_suppressed, record_consent, suppress
from cxm.workspaces.models import AuditEntry, Workspace
from tests.cxm.customers.make import make_customer

MARA = email_key("mara@example.com")
KEYS = [MARA, phone_key("+4570102030"), crm_key("shop", "88120"), anonymous_key("browser-1")]


@pytest.fixture
def mara(scope: Workspace) -> Customer:
    customer = make_customer(scope, *KEYS, name="Mara Lindqvist", traits={"plan": "gold"})
    record_consent(
        customer=customer,
        purpose="survey",
        channel="email",
        granted=True,
        source="checkout",
        wording="Yes, ask me.",
    )
    suppress(channel="email", address="mara@example.com", reason="unsubscribed")
    return customer


def test_an_export_holds_everything_and_is_plain_json(mara: Customer) -> None:
    export = json.loads(json.dumps(export_customer(mara)))
    tables = export["tables"]
    assert export["customer"] == mara.number
    assert tables["customers.customer"]["rows"][0]["name"] == "Mara Lindqvist"
    assert tables["customers.customer"]["rows"][0]["traits"] == {"plan": "gold"}
    assert {row["value"] for row in tables["customers.identity"]["rows"]} == {k.value for k in KEYS}
    (consent,) = tables["customers.consent"]["rows"]
    assert (consent["purpose"], consent["wording"]) == ("survey", "Yes, ask me.")
    assert tables["customers.identity"]["columns"]["value"]["retention"]
    assert export["suppressed_channels"] == ["email"]


def test_an_export_holds_nothing_about_others(mara: Customer, scope: Workspace) -> None:
    make_customer(scope, email_key("other@example.com"), name="Other Person")
    assert "ther" not in json.dumps(export_customer(mara)["tables"]["customers.customer"]["rows"])
    assert "other@example.com" not in json.dumps(export_customer(mara))


def test_an_export_is_audited(mara: Customer) -> None:
    export_customer(mara)
    entry = AuditEntry.objects.get(action="exported")
    assert entry.object_id == str(mara.pk)
    assert "Mara" not in json.dumps([entry.object_name, entry.changes])


def test_erasing_keeps_the_number_and_nothing_else(mara: Customer) -> None:
    erasure = erase_customer(mara)
    row = Customer.objects.values().get(pk=mara.pk)
    assert row["number"] == mara.number
    assert row["erased_at"] is not None
    assert (row["name"], row["language"], row["traits"]) == ("", "", {})
    assert not Identity.objects.exists()
    assert not Consent.objects.exists()
    assert erasure.deleted == {"customers.identity": 4, "customers.consent": 1}
    assert erasure.blanked == {"customers.customer": 1}


def test_suppression_survives_erasure(mara: Customer) -> None:
    erase_customer(mara)
    assert is_suppressed(channel="email", address="Mara@Example.com")
    assert "mara" not in json.dumps(list(Suppression.objects.values("address_hash", "reason")))


def test_erasing_is_audited_without_the_name(mara: Customer) -> None:
    erase_customer(mara)
    entry = AuditEntry.objects.get(action="erased")
    assert entry.object_id == str(mara.pk)
    assert "Mara" not in json.dumps([entry.object_name, entry.changes])


def test_erasing_twice_does_nothing(mara: Customer) -> None:
    erase_customer(mara)
    at = mara.erased_at
    assert erase_customer(mara).deleted == {}
    assert mara.erased_at == at
    assert AuditEntry.objects.filter(action="erased").count() == 1


def test_others_are_left_alone(mara: Customer, scope: Workspace) -> None:
    other = make_customer(scope, email_key("other@example.com"), name="Other")
    erase_customer(mara)
    other.refresh_from_db()
    assert other.name == "Other"
    assert other.identities.count() == 1


def test_who_was_erased_and_comes_back_is_somebody_new(mara: Customer) -> None:
    erase_customer(mara)
    assert identify(keys=[MARA]) != mara


def test_commands_export_and_erase(mara: Customer, scope: Workspace) -> None:
    out = StringIO()
    call_command("export_customer", mara.number.lower(), "--workspace", scope.slug, stdout=out)
    assert json.loads(out.getvalue())["customer"] == mara.number
    call_command("erase_customer", mara.number, "--workspace", scope.slug, "--yes", stdout=out)
    assert "was erased" in out.getvalue()
    mara.refresh_from_db()
    assert mara.is_erased


def test_the_command_asks_first(
    mara: Customer, scope: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", StringIO("no\n"))
    with pytest.raises(CommandError, match="Nothing was erased"):
        call_command("erase_customer", mara.number, "--workspace", scope.slug, stdout=StringIO())
    mara.refresh_from_db()
    assert not mara.is_erased


def test_a_customer_of_another_workspace_is_not_found(
    mara: Customer, other_workspace: Workspace
) -> None:
    with pytest.raises(CommandError, match="no customer"):
        call_command("export_customer", mara.number, "--workspace", other_workspace.slug)
    with workspace_scope(other_workspace.pk), pytest.raises(Customer.DoesNotExist):
        erase_customer(mara)
