"""Pages of the rules: their order, one rule with its trial, and what each takes."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from cxm.workspaces import audit
from cxm.workspaces.pages import MemberRequest, render_page, workspace_page
from touchpoints.catalogue import services
from touchpoints.catalogue.models import MatchingRule, Touchpoint
from touchpoints.catalogue.reports import NOWHERE_YET, DraftRule, rule_counts, try_rule
from touchpoints.catalogue.ruleforms import RuleForm, condition_formset
from touchpoints.catalogue.words import rule_words

VIEW = "catalogue.view_matchingrule"
CHANGE = "catalogue.change_matchingrule"


@require_GET
@workspace_page(VIEW)
def rules_page(request: MemberRequest) -> HttpResponse:
    """Show the rules in their order; `saved` offers to go through the history."""
    return render_page(request, "catalogue/rules.html", _list_context(request))


@require_GET
@workspace_page(VIEW)
def rules_counts(request: MemberRequest) -> HttpResponse:
    """Show the rules with how many of the newest contacts each takes; asked for by the page."""
    found, tried = rule_counts(workspace=request.workspace)
    context = _list_context(request)
    for entry in context["entries"]:
        entry["count"] = found.get(entry["rule"].pk, 0)
    return render(request, "catalogue/_rules.html", {**context, "tried": tried, "counted": True})


@require_http_methods(["GET", "POST"])
@workspace_page(CHANGE)
def rule_new(request: MemberRequest) -> HttpResponse:
    """Make a rule."""
    return _edit(request, None)


@require_http_methods(["GET", "POST"])
@workspace_page(CHANGE)
def rule_edit(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Change a rule."""
    return _edit(request, _rule(request, pk))


@require_POST
@workspace_page(CHANGE)
def rule_try(request: MemberRequest) -> HttpResponse:
    """Say what the rule of the form would do with the newest contacts; nothing is written."""
    form, formset = RuleForm(request.POST), condition_formset(data=request.POST)
    trial = None
    form.is_valid()
    if formset.is_valid():
        replaces = request.POST.get("rule", "")
        chosen = form.cleaned_data.get("touchpoint")
        draft = DraftRule(
            chosen.pk if chosen else NOWHERE_YET,
            formset.conditions(),
            replaces=_rule(request, UUID(replaces)).pk if _is_id(replaces) else None,
        )
        trial = try_rule(workspace=request.workspace, draft=draft)
    return render(
        request,
        "catalogue/_trial.html",
        {"trial": trial, "form": form, "formset": formset, "workspace": request.workspace},
    )


@require_POST
@workspace_page(CHANGE)
def rule_move(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Move a rule one place up or down."""
    rule = _rule(request, pk)
    up = request.POST.get("to") == "up"
    services.move_rule(workspace=request.workspace, rule=rule, up=up)
    audit.record("moved", rule, {"position": (None, _("up") if up else _("down"))})
    return _list_or_page(request)


@require_POST
@workspace_page(CHANGE)
def rules_order(request: MemberRequest) -> HttpResponse:
    """Put the rules into the order in which they were dragged."""
    order = [UUID(text) for text in request.POST.getlist("rule") if _is_id(text)]
    services.order_rules(workspace=request.workspace, order=order)
    first = MatchingRule.objects.for_workspace(request.workspace).order_by("position").first()
    if first is not None:
        audit.record("put in order", first, {})
    return _list_or_page(request)


@require_POST
@workspace_page(CHANGE)
def rule_switch(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Take a rule out of use, or into it."""
    rule = _rule(request, pk)
    before, rule.is_active = rule.is_active, not rule.is_active
    rule.save(update_fields=["is_active", "updated_at"])
    audit.record("changed", rule, {"is_active": (before, rule.is_active)})
    return _list_or_page(request)


@require_POST
@workspace_page("catalogue.delete_matchingrule")
def rule_delete(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Delete a rule; what it assigned stays assigned until history is gone through."""
    rule = _rule(request, pk)
    audit.record("deleted", rule, {})
    rule.delete()
    messages.success(request, _("Deleted. What the rule had assigned stays as it is."))
    return HttpResponseRedirect(f"{reverse('touchpoint_rules')}?saved=1")


def _edit(request: MemberRequest, rule: MatchingRule | None) -> HttpResponse:
    if request.method == "POST":
        form, formset = RuleForm(request.POST, instance=rule), condition_formset(data=request.POST)
        # Both are asked, so that all errors are seen at once.
        if all([form.is_valid(), formset.is_valid()]):
            return _save(request, rule, form.cleaned_data, formset.conditions())
    else:
        chosen = request.GET.get("touchpoint", "")
        form = RuleForm(instance=rule, initial={"touchpoint": chosen} if _is_id(chosen) else None)
        formset = condition_formset(conditions=rule.conditions if rule else _wanted(request))
    return render_page(
        request,
        "catalogue/rule.html",
        {
            "form": form,
            "formset": formset,
            "rule": rule,
            "may_delete": request.user.has_perm("catalogue.delete_matchingrule"),
            "has_touchpoints": Touchpoint.objects.for_workspace(request.workspace).exists(),
        },
    )


def _save(
    request: MemberRequest,
    rule: MatchingRule | None,
    data: dict[str, Any],
    conditions: list[dict[str, str]],
) -> HttpResponse:
    before = rule_words(MatchingRule.objects.get(pk=rule.pk)) if rule else None
    saved = services.save_rule(
        workspace=request.workspace,
        rule=rule,
        touchpoint=data["touchpoint"],
        name=data["name"],
        is_active=data["is_active"],
        conditions=conditions,
    )
    audit.record("changed" if rule else "added", saved, {"conditions": (before, rule_words(saved))})
    messages.success(request, _("Saved. New interactions follow the rule from now on."))
    return HttpResponseRedirect(f"{reverse('touchpoint_rules')}?saved={saved.pk}")


def _wanted(request: MemberRequest) -> list[dict[str, str]]:
    """Return the condition that a link to a new rule asks for."""
    asked = {key: request.GET.get(key, "") for key in ("field", "name", "operator", "value")}
    return [asked] if asked["value"] else [{}]


def _list_or_page(request: MemberRequest) -> HttpResponse:
    """Answer htmx with the list alone, a browser without scripts with the page."""
    if getattr(request, "htmx", False):
        return render(request, "catalogue/_rules.html", _list_context(request))
    return HttpResponseRedirect(reverse("touchpoint_rules"))


def _list_context(request: MemberRequest) -> dict[str, Any]:
    rules = (
        MatchingRule.objects.for_workspace(request.workspace)
        .select_related("touchpoint")
        .order_by("position", "pk")
    )
    return {
        "entries": [{"rule": rule, "words": rule_words(rule), "count": None} for rule in rules],
        "may_change": request.user.has_perm(CHANGE),
        "saved": request.GET.get("saved", ""),
    }


def _rule(request: MemberRequest, pk: UUID) -> MatchingRule:
    return get_object_or_404(
        MatchingRule.objects.for_workspace(request.workspace).select_related("touchpoint"), pk=pk
    )


def _is_id(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
