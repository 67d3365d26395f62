"""Staff doors to surveys."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import admin
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action

from cxm.workspaces.admin_base import WorkspaceAdmin, WorkspaceTabularInline
from surveys.questionnaires.forms import SurveyForm
from surveys.questionnaires.models import Question, QuestionText, Survey
from surveys.questionnaires.services import add_nps_questions


class QuestionInline(WorkspaceTabularInline):
    """The questions of a survey; their words stand on a page of their own."""

    model = Question
    fields = ("position", "kind", "required")
    readonly_fields = ("kind",)
    show_change_link = True
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A new survey comes with its questions."""
        return False


class QuestionTextInline(WorkspaceTabularInline):
    """The words of a question, one row for each language."""

    model = QuestionText
    fields = ("language", "text", "low_label", "high_label")


@admin.register(Survey)
class SurveyAdmin(WorkspaceAdmin):
    """Surveys, with their preview and their results one click away."""

    form = SurveyForm
    lead = _("What customers are asked, about you as a whole or about one touchpoint.")
    list_display = ("name", "kind", "touchpoint", "spoken", "status")
    list_filter = ("status", "kind")
    list_select_related = ("touchpoint",)
    search_fields = ("name", "touchpoint__name")
    autocomplete_fields = ("touchpoint",)
    ordering = ("name",)
    fieldsets = (
        (None, {"fields": ("name", "kind", "touchpoint", "status")}),
        (_("How it is asked"), {"fields": ("languages", "change_days", "reply_days")}),
    )
    inlines: ClassVar[list[type[WorkspaceTabularInline]]] = [QuestionInline]
    actions_detail = ("preview", "results")

    @admin.display(description=_("Languages"))
    def spoken(self, survey: Survey) -> str:
        """Return the languages as one line."""
        return ", ".join(survey.languages)

    def get_inlines(self, request: HttpRequest, obj: Any) -> Any:
        """Show the questions once they are there."""
        return self.inlines if obj else []

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Give a new survey its questions in our words."""
        super().save_related(request, form, formsets, change)
        if not change:
            add_nps_questions(survey=form.instance)

    @action(description=_("Preview"))
    def preview(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Go to the survey as customers see it."""
        return HttpResponseRedirect(reverse("survey_preview", args=[object_id]))

    @action(description=_("Results"))
    def results(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Go to what customers answered."""
        return HttpResponseRedirect(reverse("results_survey", args=[object_id]))


@admin.register(Question)
class QuestionAdmin(WorkspaceAdmin):
    """The words of one question; reached from its survey."""

    list_display = ("survey", "position", "kind", "required")
    list_select_related = ("survey",)
    search_fields = ("survey__name",)
    fields = ("survey", "kind", "required")
    readonly_fields = ("survey", "kind")
    inlines: ClassVar[list[type[WorkspaceTabularInline]]] = [QuestionTextInline]

    def has_add_permission(self, request: HttpRequest) -> bool:
        """A survey is made with its questions."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Answers point to it."""
        return False
