"""Every column that could hold words about a person says what it is for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

import pytest
from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.test.utils import isolate_apps

from cxm.common.personal import PersonalData, PersonalField
from cxm.customers.models import Customer
from cxm.customers.privacy import blanks
from tests.test_architecture import FLOORS

TEXT_LIKE = (
    models.CharField,
    models.TextField,
    models.JSONField,
    models.GenericIPAddressField,
    models.FileField,
    models.BinaryField,
    ArrayField,
)

Model = type[models.Model]


def our_models() -> list[Model]:
    return [m for m in apps.get_models() if m.__module__.split(".")[0] in FLOORS]


def declared(model: Model) -> tuple[PersonalData | None, tuple[str, ...]]:
    found = getattr(model, "personal_data", None)
    assert found is None or isinstance(found, PersonalData)
    return found, tuple(getattr(model, "not_personal", ()))


def text_columns(model: Model) -> Iterator[str]:
    for field in model._meta.local_concrete_fields:
        if isinstance(field, TEXT_LIKE):
            yield field.name


def problems(model: Model) -> list[str]:
    """Return what is wrong with the declarations of a model."""
    personal, harmless = declared(model)
    told = set(personal.fields) if personal else set()
    columns = {field.name for field in model._meta.concrete_fields}
    found = [
        f"{model._meta.label}.{name} is in neither personal_data nor not_personal"
        for name in text_columns(model)
        if name not in told | set(harmless)
    ]
    found += [f"{model._meta.label}.{name} is in both" for name in sorted(told & set(harmless))]
    found += [
        f"{model._meta.label} declares {name}, which is no column"
        for name in sorted((told | set(harmless)) - columns)
    ]
    if personal is not None:
        for name, note in personal.fields.items():
            if not note.purpose or not note.retention:
                found.append(f"{model._meta.label}.{name} has no purpose or retention")
        if personal.customer and not leads_to_customer(model, personal.customer):
            found.append(f"{model._meta.label}: {personal.customer} leads to no customer")
    return found


def leads_to_customer(model: Model, path: str) -> bool:
    """Say whether a lookup path ends at a customer, or at a bare id of one."""
    *steps, last = path.split("__")
    for step in steps:
        try:
            related = model._meta.get_field(step).related_model
        except FieldDoesNotExist:
            return False
        if not (isinstance(related, type) and issubclass(related, models.Model)):
            return False
        model = related
    try:
        field = model._meta.get_field(last)
    except FieldDoesNotExist:
        return last.removesuffix("_id") != last and leads_to_customer(
            model, last.removesuffix("_id")
        )
    if field.related_model is None:
        return isinstance(field, models.UUIDField) and last == "customer_id"
    return field.related_model is Customer


@pytest.mark.parametrize("model", our_models(), ids=lambda m: m._meta.label)
def test_every_text_like_column_is_declared(model: Model) -> None:
    assert problems(model) == []


def test_who_is_erased_loses_every_column_that_says_so() -> None:
    """A column that cannot be emptied may not promise to be."""
    for model in our_models():
        personal, _ = declared(model)
        if personal is not None and personal.customer is not None and personal.on_erase == "blank":
            assert set(blanks(model, personal)) == set(personal.fields)


@isolate_apps("tests")
def test_an_undeclared_column_is_noticed() -> None:
    class Note(models.Model):
        not_personal: ClassVar[tuple[str, ...]] = ("kind",)

        kind = models.CharField(max_length=10)
        remark = models.TextField()
        answers = models.JSONField()
        sender = models.EmailField()
        seen_from = models.GenericIPAddressField()
        count = models.IntegerField()

        class Meta:
            app_label = "tests"

    assert {problem.split()[0] for problem in problems(Note)} == {
        "tests.Note.remark",
        "tests.Note.answers",
        "tests.Note.sender",
        "tests.Note.seen_from",
    }


@isolate_apps("tests")
def test_wrong_declarations_are_noticed() -> None:
    class Remark(models.Model):
        personal_data: ClassVar[PersonalData] = PersonalData(
            customer="author__customer",
            fields={
                "text": PersonalField(purpose="", retention="24 months"),
                "mood": PersonalField(purpose="answer", retention="24 months"),
            },
        )
        not_personal: ClassVar[tuple[str, ...]] = ("text",)

        text = models.TextField()

        class Meta:
            app_label = "tests"

    assert problems(Remark) == [
        "tests.Remark.text is in both",
        "tests.Remark declares mood, which is no column",
        "tests.Remark.text has no purpose or retention",
        "tests.Remark: author__customer leads to no customer",
    ]
