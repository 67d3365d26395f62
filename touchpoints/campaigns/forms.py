"""Shapes of the room's forms: the campaign, its plan as a table, and its spend."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _

from touchpoints.campaigns.amounts import read_amount
from touchpoints.campaigns.csvfiles import LARGEST_FILE
from touchpoints.campaigns.models import Campaign, Placement, PlanLine, Spend
from touchpoints.campaigns.services import PlannedCell
from touchpoints.catalogue.models import Channel, Phase

MOST_ROWS = 200
MOST_REACH = 2_000_000_000
ANY = "any"


class AmountField(forms.Field):
    """An amount of money, with the separators that people type."""

    default_error_messages = {"required": _("Write an amount, for example 1250.00.")}

    def to_python(self, value: Any) -> Decimal | None:
        """Return the amount, None when the field is empty."""
        if value in self.empty_values or not str(value).strip():
            return None
        try:
            return read_amount(str(value))
        except ValueError as error:
            raise forms.ValidationError(str(error), code="invalid_amount") from error


class CampaignForm(forms.ModelForm[Campaign]):
    """A campaign. The archive has its own button."""

    class Meta:
        model = Campaign
        fields = (
            "name",
            "key",
            "status",
            "owner",
            "description",
            "starts_on",
            "ends_on",
            "currency",
            "audience",
            "utm_campaign",
            "utm_id",
        )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        status = self.fields.get("status")
        if isinstance(status, forms.ChoiceField) and not self.instance.is_archived:
            status.choices = [c for c in Campaign.Status.choices if c[0] != "archived"]

    def clean_currency(self) -> str:
        """Take a code in small letters too."""
        return str(self.cleaned_data["currency"]).upper()

    def clean_status(self) -> str:
        """Leave an archived campaign in the archive: its button asks for its words again."""
        status = str(self.cleaned_data["status"])
        if self.instance.is_archived and status != Campaign.Status.ARCHIVED:
            raise forms.ValidationError(
                _("Take it out of the archive first, on its page."), code="use_restore"
            )
        return status


class PlanRowForm(forms.Form):
    """A row of the plan's table: a channel and a target group, with money for each phase."""

    channel = forms.ModelChoiceField(
        queryset=Channel.objects.none(), required=False, label=_("Channel"), empty_label=_("Any")
    )
    audience = forms.CharField(max_length=200, required=False, label=_("Target group"))
    reach = forms.IntegerField(
        required=False,
        label=_("People to reach"),
        validators=[MinValueValidator(0), MaxValueValidator(MOST_REACH)],
    )

    def __init__(
        self, *args: Any, phases: Sequence[Phase], channels: Sequence[Channel], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        choice = self.fields["channel"]
        assert isinstance(choice, forms.ModelChoiceField)  # noqa: S101 - declared above
        choice.queryset = Channel.objects.all()
        # One read for all rows of the table.
        choice.choices = [("", choice.empty_label or ""), *((c.pk, c.name) for c in channels)]
        self._columns: list[tuple[str, UUID | None, str]] = [
            *((f"budget-{phase.pk}", phase.pk, phase.name) for phase in phases),
            (f"budget-{ANY}", None, str(_("Any phase"))),
        ]
        for name, _phase, title in self._columns:
            self.fields[name] = AmountField(required=False, label=title)
        for field in self.fields.values():
            field.widget.attrs["aria-label"] = str(field.label)
        for name, _phase, _title in self._columns:
            self.fields[name].widget.attrs.update({"inputmode": "decimal", "data-plan-budget": ""})
        self.fields["reach"].widget.attrs["data-plan-reach"] = ""

    def budgets(self) -> Iterator[forms.BoundField]:
        """Yield the inputs of the row's cells."""
        for name, _phase, _title in self._columns:
            yield self[name]

    @property
    def words(self) -> str:
        """The target group without needless blanks."""
        return " ".join(str(self.cleaned_data.get("audience") or "").split())

    @property
    def is_blank(self) -> bool:
        """Whether nothing stands in the row but perhaps its heading."""
        data = self.cleaned_data
        return data.get("reach") is None and all(
            data.get(name) is None for name, _phase, _title in self._columns
        )

    def cells(self, before: dict[UUID | None, int | None]) -> Iterator[PlannedCell]:
        """Yield the row's cells that hold something.

        People to reach are told for the row. They stay with the lines that they stood on as long
        as their sum is the same, and else go to the first cell.

        Args:
            before: people to reach of each phase's line, as it was.
        """
        data = self.cleaned_data
        reach: int | None = data.get("reach")
        channel: Channel | None = data.get("channel")
        filled = [c for c in self._columns if data.get(c[0]) is not None]
        if reach is not None and not filled:
            filled = self._columns[-1:]
        targets = {phase: number for phase, number in before.items() if number is not None}
        there = {phase for _name, phase, _title in filled}
        if reach is None:
            targets = {}
        elif sum(targets.values()) != reach or not set(targets) <= there:
            targets = {filled[0][1]: reach}
        for name, phase, _title in filled:
            yield PlannedCell(
                channel=channel.pk if channel else None,
                phase=phase,
                audience=self.words,
                budget=data.get(name) or Decimal(0),
                reach_target=targets.get(phase),
            )


class _PlanFormSet(forms.BaseFormSet[PlanRowForm]):
    """All rows of the table; a channel and target group stand in it once."""

    def clean(self) -> None:
        """Refuse the second row with the same heading."""
        seen: set[tuple[UUID | None, str]] = set()
        for row in self.forms:
            if not hasattr(row, "cleaned_data") or row.is_blank:
                continue
            channel = row.cleaned_data.get("channel")
            heading = (channel.pk if channel else None, row.words)
            if heading in seen:
                row.add_error(
                    "channel",
                    forms.ValidationError(
                        _("This channel and target group has a row already."), code="row_twice"
                    ),
                )
            seen.add(heading)


PlanFormSet = forms.formset_factory(
    PlanRowForm,
    formset=_PlanFormSet,
    extra=0,
    max_num=MOST_ROWS,
    validate_max=True,
    absolute_max=MOST_ROWS + 10,
)


class SpendForm(forms.ModelForm[Spend]):
    """What one day cost, entered by hand."""

    amount = AmountField(label=_("Amount"))

    class Meta:
        model = Spend
        fields = ("day", "amount", "placement", "line", "note", "reference")
        widgets = {"day": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        campaign = self.instance.campaign_id
        for name, model in (("placement", Placement), ("line", PlanLine)):
            field = self.fields[name]
            if isinstance(field, forms.ModelChoiceField):
                field.queryset = model.objects.filter(campaign=campaign)
                field.empty_label = _("None")
        line = self.fields["line"]
        if isinstance(line, forms.ModelChoiceField) and line.queryset is not None:
            line.queryset = line.queryset.select_related("phase", "channel")


class _FileForm(forms.Form):
    """A CSV file of at most 5 MB."""

    file = forms.FileField(
        label=_("CSV file"), widget=forms.FileInput(attrs={"accept": ".csv,text/csv"})
    )

    def clean_file(self) -> bytes:
        """Return the content of a file that is not too large."""
        file = self.cleaned_data["file"]
        if file.size > LARGEST_FILE:
            raise forms.ValidationError(_("The file is larger than 5 MB. Split it."))
        content: bytes = file.read()
        return content


class UploadForm(_FileForm):
    """A file of spend."""

    partial = forms.BooleanField(
        required=False, label=_("Leave out rows that cannot be read, and add the others")
    )


class PlanUploadForm(_FileForm):
    """A file of a media plan."""

    replace = forms.BooleanField(
        required=False, label=_("Take out lines that the file does not name")
    )
