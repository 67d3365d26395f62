"""Writes of campaigns and invitations."""

from surveys.invitations.services.campaigns import (
    SentBefore,
    launch_campaign,
    pause_campaign,
    record_sent,
    resume_campaign,
)
from surveys.invitations.services.consent import unsubscribe
from surveys.invitations.services.outcomes import resolve_uncertain, retry_failed
from surveys.invitations.services.sending import send_due, send_test, sweep

__all__ = [
    "SentBefore",
    "launch_campaign",
    "pause_campaign",
    "record_sent",
    "resolve_uncertain",
    "resume_campaign",
    "retry_failed",
    "send_due",
    "send_test",
    "sweep",
    "unsubscribe",
]
