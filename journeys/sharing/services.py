"""Writes of share links."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.conf import settings
from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from cxm.api.errors import DomainError
from cxm.common.clock import now
from cxm.common.tokens import hash_token, make_token
from cxm.workspaces import audit
from cxm.workspaces.models import Membership
from journeys.maps.models import JourneyMap, ShareLink, Version
from journeys.sharing.reports import lanes_known

USUAL_DAYS: Final = 30
SHORTEST_PASSWORD: Final = 8
LONGEST_PASSWORD: Final = 128
COUNTED_EVERY: Final = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Made:
    """A new link with its token, which is not kept anywhere."""

    link: ShareLink
    token: str

    @property
    def url(self) -> str:
        """Return the public address, with the configured origin."""
        return f"{settings.SITE_URL}{reverse('shared_map', args=[self.token])}"

    @property
    def embed_url(self) -> str | None:
        """Return the address for a frame; None where the link may not be embedded."""
        if not self.link.may_embed:
            return None
        return f"{settings.SITE_URL}{reverse('embedded_map', args=[self.token])}"


@transaction.atomic
def create_link(
    *,
    journey: JourneyMap,
    name: str,
    lanes: Sequence[UUID],
    version: Version | None = None,
    with_figures: bool = False,
    may_embed: bool = False,
    expires_at: datetime | None = None,
    password: str = "",
    by: Membership | None = None,
) -> Made:
    """Make a link that shows these lanes of a map to whoever has it.

    Args:
        lanes: keys of lanes; a lane that is added to the map later is not shown.
        version: None shows whatever is published.
        expires_at: None never.
        password: "" asks for none.

    Raises:
        DomainError: no lane is chosen ("no_lanes") or one is not of this map ("unknown_lane"),
            the version is another map's ("other_map"), the day is past ("past"), or the password
            is too short or long ("password_length").
    """
    wanted = list(dict.fromkeys(lanes))
    if not wanted:
        raise DomainError(_("Choose at least one lane."), code="no_lanes")
    if lanes_known(journey, wanted) != set(wanted):
        raise DomainError(_("A lane is hidden or not one of this journey."), code="unknown_lane")
    if version is not None and version.map_id != journey.pk:
        raise DomainError(_("The version is of another journey."), code="other_map")
    if expires_at is not None and expires_at <= now():
        raise DomainError(_("Choose a day that is still to come."), code="past")
    if password and not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        raise DomainError(
            _("Choose a password of %(least)s to %(most)s characters.")
            % {"least": SHORTEST_PASSWORD, "most": LONGEST_PASSWORD},
            code="password_length",
        )
    token = make_token()
    link = ShareLink.objects.create(
        workspace_id=journey.workspace_id,
        map=journey,
        version=version,
        name=name.strip(),
        token_hash=hash_token(token),
        password=make_password(password) if password else "",
        lanes=wanted,
        with_figures=with_figures,
        may_embed=may_embed,
        expires_at=expires_at,
        created_by=by,
    )
    audit.record(
        "shared",
        link,
        {
            "map": (None, str(journey)),
            "version": (None, version.number if version else None),
            "with_figures": (None, with_figures),
            "may_embed": (None, may_embed),
            "expires_at": (None, expires_at),
        },
    )
    return Made(link, token)


@transaction.atomic
def revoke_link(*, link: ShareLink) -> ShareLink:
    """Close a link for good; a link that is closed stays as it is."""
    moment = now()
    changed = ShareLink.objects.filter(pk=link.pk, revoked_at=None).update(
        revoked_at=moment, updated_at=moment
    )
    if changed:
        link.revoked_at = moment
        audit.record("revoked", link, {"revoked_at": (None, moment)})
    else:
        link.refresh_from_db(fields=["revoked_at"])
    return link


def count_opening(*, link: ShareLink) -> None:
    """Count that the link was opened; openings within a minute are one, and write once."""
    moment = now()
    ShareLink.objects.filter(
        Q(opened_at=None) | Q(opened_at__lte=moment - COUNTED_EVERY), pk=link.pk
    ).update(opened=F("opened") + 1, opened_at=moment)


def is_password(*, link: ShareLink, password: str) -> bool:
    """Say whether this is the link's password."""
    return len(password) <= LONGEST_PASSWORD and check_password(password, link.password)
