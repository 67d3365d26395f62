"""Addresses of the room's pages: the touchpoint's page stands with its interactions."""

from django.urls import path

from touchpoints.catalogue import rule_views, views

urlpatterns = [
    path("touchpoints/importance/", views.importance_page, name="touchpoint_importance"),
    path("touchpoints/<uuid:pk>/picture/", views.touchpoint_picture, name="touchpoint_picture"),
    path("touchpoints/rules/", rule_views.rules_page, name="touchpoint_rules"),
    path("touchpoints/rules/counts/", rule_views.rules_counts, name="touchpoint_rules_counts"),
    path("touchpoints/rules/order/", rule_views.rules_order, name="touchpoint_rules_order"),
    path("touchpoints/rules/new/", rule_views.rule_new, name="touchpoint_rule_new"),
    path("touchpoints/rules/try/", rule_views.rule_try, name="touchpoint_rule_try"),
    path("touchpoints/rules/<uuid:pk>/", rule_views.rule_edit, name="touchpoint_rule"),
    path("touchpoints/rules/<uuid:pk>/move/", rule_views.rule_move, name="touchpoint_rule_move"),
    path(
        "touchpoints/rules/<uuid:pk>/switch/", rule_views.rule_switch, name="touchpoint_rule_switch"
    ),
    path(
        "touchpoints/rules/<uuid:pk>/delete/", rule_views.rule_delete, name="touchpoint_rule_delete"
    ),
]
