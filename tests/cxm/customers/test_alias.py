import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cxm.customers.keys import IdentityKey, anonymous_key, crm_key, email_key
from cxm.customers.matching import CustomerFacts
from cxm.customers.models import Customer, Merge, Suggestion, SuggestionReason
from cxm.customers.services import (
    dismiss_suggestion,
    identify,
    identify_many,
    merge,
    resolve_many,
    undo_merge,
)
from cxm.workspaces.models import User, Workspace

BROWSER = anonymous_key("browser-1")
MARA = email_key("mara@example.com")


def user(number: int | str) -> IdentityKey:
    return crm_key("user", str(number))


def test_an_alias_merges_two_who_are_known(scope: Workspace) -> None:
    visitor = identify(keys=[BROWSER])
    mara = identify(keys=[MARA])
    (result,) = identify_many([CustomerFacts((MARA,), aliases=(BROWSER,))])
    visitor.refresh_from_db()
    assert visitor.merged_into == mara
    assert (result.customer, result.person, result.status) == (mara.pk, mara.pk, "updated")
    assert result.conflicts == ()
    found = Merge.objects.get()
    assert (found.winner, found.loser, found.reason, found.by) == (mara, visitor, "alias", None)
    assert not Suggestion.objects.exists()
    undo_merge(merge=found)
    visitor.refresh_from_db()
    assert visitor.merged_into is None


def test_an_alias_that_nobody_has_is_attached(scope: Workspace) -> None:
    mara = identify(keys=[MARA], aliases=[BROWSER, user("old")])
    assert resolve_many([BROWSER, user("old")]) == {BROWSER: mara.pk}


def test_an_alias_of_one_person_changes_nothing(scope: Workspace) -> None:
    identify(keys=[MARA], aliases=[BROWSER])
    (result,) = identify_many([CustomerFacts((MARA,), aliases=(BROWSER,))])
    assert result.status == "unchanged"
    assert not Merge.objects.exists()


def test_an_old_id_of_a_system_merges_with_the_new_one(scope: Workspace) -> None:
    old, new = identify(keys=[user(1)]), identify(keys=[user(2)])
    identify(keys=[user(2)], aliases=[anonymous_key("1"), user(1)])
    old.refresh_from_db()
    assert old.merged_into == new


def test_a_browser_of_somebody_else_is_a_suggestion_only(scope: Workspace) -> None:
    """Two people at one device: both have an id of their own in the same system."""
    first, second = identify(keys=[user(1), BROWSER]), identify(keys=[user(2)])
    (result,) = identify_many([CustomerFacts((user(2),), aliases=(BROWSER,))])
    assert result.conflicts == (BROWSER,)
    assert not Merge.objects.exists()
    pair = Suggestion.objects.get()
    assert {pair.first, pair.second} == {first, second}


def test_rows_of_one_batch_see_each_others_merges(scope: Workspace) -> None:
    a, b, c = (identify(keys=[user(n)]) for n in range(3))
    results = identify_many(
        [
            CustomerFacts((user(1),), aliases=(user(0),)),
            CustomerFacts((user(2),), aliases=(user(1),)),
            CustomerFacts((user(0),), name="Ada"),
            CustomerFacts((crm_key("new", "9"),), aliases=(user(0),)),
        ]
    )
    last = Customer.objects.get(pk=str(results[3].customer))
    assert last.root == last.pk
    assert {row.root for row in Customer.objects.all()} == {last.pk}
    assert [r.customer for r in results[:3]] == [b.pk, c.pk, a.pk]
    assert {r.person for r in results} == {last.pk}
    assert Merge.objects.count() == 3


def test_keys_of_one_family_are_no_conflict(scope: Workspace) -> None:
    mara, visitor = identify(keys=[MARA]), identify(keys=[BROWSER])
    merge(winner=mara, loser=visitor)
    (result,) = identify_many([CustomerFacts((MARA, BROWSER, user(1)))])
    assert result.conflicts == ()
    assert not Suggestion.objects.exists()


def test_the_places_of_a_family_count_together(scope: Workspace) -> None:
    """A browser of a merged customer leads nobody with another id of the shop to the family."""
    mara, visitor = identify(keys=[user(1)]), identify(keys=[BROWSER])
    merge(winner=mara, loser=visitor)
    (result,) = identify_many([CustomerFacts((user(2), BROWSER))])
    assert result.status == "created"
    assert result.conflicts == (BROWSER,)


def test_conflicts_are_counted_as_suggestions_with_their_reasons(scope: Workspace) -> None:
    first, second = identify(keys=[user(1)]), identify(keys=[BROWSER])
    phone = identify(keys=[MARA])
    for _ in range(3):
        identify_many([CustomerFacts((user(1), BROWSER))] * 2)
    identify(keys=[user(1), MARA])
    pairs = {(p.first_id, p.second_id): p.count for p in Suggestion.objects.all()}
    assert pairs == {(first.pk, second.pk): 6, (first.pk, phone.pk): 1}
    reason = SuggestionReason.objects.select_related("identity").get(count=6)
    assert reason.identity.key == BROWSER


def test_a_pair_told_apart_stays_apart(scope: Workspace, alice: User) -> None:
    first = identify(keys=[MARA])
    second = identify(keys=[BROWSER])
    identify(keys=[MARA, BROWSER])
    dismiss_suggestion(suggestion=Suggestion.objects.get(), by=alice)
    identify(keys=[MARA], aliases=[BROWSER])
    for one in (first, second):
        one.refresh_from_db()
        assert one.merged_into is None
    assert not Suggestion.objects.waiting().exists()


def test_the_number_of_queries_does_not_grow(scope: Workspace) -> None:
    def rows(start: int, count: int) -> list[CustomerFacts]:
        return [
            CustomerFacts((user(n),), {"n": n}, aliases=(anonymous_key(str(n)),))
            for n in range(start, start + count)
        ]

    identify_many([CustomerFacts((user(n),)) for n in range(60)])
    identify_many([CustomerFacts((anonymous_key(str(n)),)) for n in range(60)])
    counts = []
    for batch in (rows(0, 2), rows(10, 50)):
        with CaptureQueriesContext(connection) as captured:
            identify_many(batch)
        counts.append(len(captured))
    assert counts[0] == counts[1]
    assert Merge.objects.count() == 52


@pytest.mark.parametrize("aliases", [(), (BROWSER,)])
def test_the_facts_go_to_who_has_the_key(
    scope: Workspace, aliases: tuple[IdentityKey, ...]
) -> None:
    mara, visitor = identify(keys=[MARA], name="Mara"), identify(keys=[BROWSER])
    merge(winner=mara, loser=visitor)
    before = Customer.objects.get(pk=mara.pk).updated_at
    identify(keys=[BROWSER], traits={"plan": "gold"}, aliases=aliases)
    mara.refresh_from_db()
    visitor.refresh_from_db()
    assert (mara.traits, visitor.traits) == ({}, {"plan": "gold"})
    # Who mirrors customers learns that the person has changed.
    assert mara.updated_at > before
