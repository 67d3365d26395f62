"""`{% load public_pages %}`: dates as a customer reads them."""

from __future__ import annotations

from datetime import datetime

from django import template

from cxm.workspaces.models import Workspace
from surveys.invitations import mail

register = template.Library()


@register.simple_tag
def day_in_words(moment: datetime, workspace: Workspace, weekday: bool = False) -> str:
    """Write a day in the workspace's time zone: `{% day_in_words moment workspace %}`."""
    return mail.day_in_words(moment, workspace.timezone, weekday=weekday)
