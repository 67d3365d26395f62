"""Workspaces, the people in them, their keys, and what they changed."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import PermissionsMixin
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cxm.common.ids import uuid7
from cxm.common.personal import PersonalData, PersonalField
from cxm.common.scope import current_workspace_id
from cxm.workspaces import roles
from cxm.workspaces.querysets import UserManager, WorkspaceQuerySet
from cxm.workspaces.validators import validate_language, validate_zone

_ACCOUNT = "let a colleague log in and be named"
_WHILE_MEMBER = "until the user is deleted"


class User(AbstractBaseUser, PermissionsMixin):
    """A person who works with CXM, in one workspace or several."""

    personal_data: ClassVar[PersonalData] = PersonalData(
        customer=None,
        fields={
            "email": PersonalField(_ACCOUNT, _WHILE_MEMBER),
            "name": PersonalField(_ACCOUNT, _WHILE_MEMBER),
            "password": PersonalField(_ACCOUNT, _WHILE_MEMBER, export=False),
        },
        on_erase="keep",
    )
    not_personal: ClassVar[tuple[str, ...]] = ("language",)

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    email = models.EmailField(_("e-mail address"), unique=True)
    name = models.CharField(_("name"), max_length=120)
    language = models.CharField(
        _("language"), max_length=12, default="en", validators=[validate_language]
    )
    is_active = models.BooleanField(
        _("may log in"), default=True, help_text=_("Take this away instead of deleting the user.")
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        ordering = ["name", "id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(email=Lower("email")),
                name="workspaces_user_email_lower",
                violation_error_message=_("Write the e-mail address in small letters."),
            )
        ]

    def __str__(self) -> str:
        return self.name or self.email

    @property
    def is_staff(self) -> bool:
        """Whether the admin lets the user in; what may be done there follows from the role."""
        return self.is_active

    @property
    def initials(self) -> str:
        """Return up to two letters for the avatar."""
        words = str(self).split()
        return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper()


class Workspace(models.Model):
    """A company, or one client of an agency: everything else belongs to one."""

    not_personal: ClassVar[tuple[str, ...]] = (
        "name",
        "slug",
        "timezone",
        "language",
        "brand_color",
        "legal_name",
        "address",
        "contact_email",
        "privacy_url",
        "sender_name",
        "sender_email",
    )

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.CharField(_("name"), max_length=120)
    slug = models.SlugField(_("short name"), max_length=60, unique=True)
    timezone = models.CharField(
        _("time zone"),
        max_length=60,
        default="UTC",
        validators=[validate_zone],
        help_text=_("Days begin and end here, for example Europe/Copenhagen."),
    )
    language = models.CharField(
        _("language of customers"), max_length=12, default="en", validators=[validate_language]
    )
    brand_color = models.CharField(
        _("brand colour"),
        max_length=7,
        blank=True,
        validators=[RegexValidator(r"^#[0-9a-fA-F]{6}$", _("Write a colour as #0a5c78."))],
        help_text=_("For survey pages and mails, where its contrast suffices."),
    )
    legal_name = models.CharField(_("legal name"), max_length=160, blank=True)
    address = models.CharField(_("postal address"), max_length=240, blank=True)
    contact_email = models.EmailField(_("contact for customers"), blank=True)
    privacy_url = models.URLField(_("privacy page"), blank=True)
    sender_name = models.CharField(_("sender's name"), max_length=120, blank=True)
    sender_email = models.EmailField(_("sender's address"), blank=True)
    min_answers = models.PositiveSmallIntegerField(
        _("fewest answers shown"),
        default=30,
        validators=[MinValueValidator(1)],
        help_text=_("A score from fewer answers is not shown."),
    )
    min_visits = models.PositiveSmallIntegerField(
        _("fewest visits shown"), default=100, validators=[MinValueValidator(1)]
    )
    confidence = models.FloatField(
        _("confidence of intervals"),
        default=0.95,
        validators=[MinValueValidator(0.5), MaxValueValidator(0.999)],
    )
    contact_gap_days = models.PositiveSmallIntegerField(
        _("days between two invitations"),
        default=90,
        help_text=_("No customer is asked more often."),
    )
    answer_retention_months = models.PositiveSmallIntegerField(
        _("months that answers are kept"), default=24, validators=[MinValueValidator(1)]
    )
    interaction_retention_months = models.PositiveSmallIntegerField(
        _("months that interactions are kept"),
        default=24,
        validators=[MinValueValidator(1)],
        help_text=_("Figures by day stay; what each customer did goes."),
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    class Meta:
        verbose_name = _("workspace")
        verbose_name_plural = _("workspaces")
        ordering = ["name", "id"]

    def __str__(self) -> str:
        return self.name


class WorkspaceModel(models.Model):
    """A row that belongs to one workspace."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    workspace = models.ForeignKey(
        Workspace, models.CASCADE, related_name="+", editable=False, verbose_name=_("workspace")
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True, editable=False)
    updated_at = models.DateTimeField(_("updated"), auto_now=True, editable=False)

    objects: ClassVar[WorkspaceQuerySet[Any]] = WorkspaceQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save in the workspace of the current scope unless one is set."""
        self.fill_workspace()
        super().save(*args, **kwargs)

    def fill_workspace(self) -> None:
        """Put the row into the workspace of the current scope unless it has one."""
        if self.workspace_id is None:
            found: UUID | None = current_workspace_id()
            if found is not None:
                self.workspace_id = found


class Membership(WorkspaceModel):
    """A user's place in a workspace: the role says what they may do there."""

    class Role(models.TextChoices):
        OWNER = roles.OWNER, _("Owner")
        EDITOR = roles.EDITOR, _("Editor")
        ANALYST = roles.ANALYST, _("Analyst")
        COMMENTER = roles.COMMENTER, pgettext_lazy("role", "Commenter")
        VIEWER = roles.VIEWER, pgettext_lazy("role", "Viewer")

    personal_data: ClassVar[PersonalData] = PersonalData(
        customer=None, fields={"title": PersonalField(_ACCOUNT, _WHILE_MEMBER)}, on_erase="keep"
    )
    not_personal: ClassVar[tuple[str, ...]] = ("role",)

    user = models.ForeignKey(
        User, models.CASCADE, related_name="memberships", verbose_name=_("user")
    )
    role = models.CharField(_("role"), max_length=10, choices=Role, default=Role.VIEWER)
    title = models.CharField(
        _("job title"), max_length=120, blank=True, help_text=_("For example CX lead.")
    )

    class Meta:
        verbose_name = _("member")
        verbose_name_plural = _("members")
        ordering = ["user__name", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "user"],
                name="workspaces_membership_once",
                violation_error_message=_("This user is a member already."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.user} ({self.get_role_display()})"


class ApiKey(WorkspaceModel):
    """A key with which another system uses the API; only its hash is kept."""

    not_personal: ClassVar[tuple[str, ...]] = ("name", "prefix", "token_hash", "scopes")

    name = models.CharField(
        _("name"), max_length=120, help_text=_("Which system uses it, for example CRM.")
    )
    prefix = models.CharField(_("begins with"), max_length=16, editable=False)
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    scopes = ArrayField(models.CharField(max_length=40), verbose_name=_("may use"))
    created_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", editable=False
    )
    expires_at = models.DateTimeField(_("expires"), null=True, blank=True)
    last_used_at = models.DateTimeField(_("last used"), null=True, blank=True, editable=False)
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("API key")
        verbose_name_plural = _("API keys")
        ordering = ["name", "id"]

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"

    def is_usable(self, at: datetime) -> bool:
        """Say whether the key opens the door at this moment."""
        return self.revoked_at is None and (self.expires_at is None or at < self.expires_at)

    def allows(self, scope: str) -> bool:
        """Say whether the key has a scope such as "customers:read"; write includes read."""
        resource = scope.partition(":")[0]
        wanted = {scope, f"{resource}:write", "*"} if scope.endswith(":read") else {scope, "*"}
        return not wanted.isdisjoint(self.scopes)


class AuditEntry(WorkspaceModel):
    """One change made in the admin or through the API. Written once, never changed."""

    personal_data: ClassVar[PersonalData] = PersonalData(
        customer=None,
        fields={
            "object_name": PersonalField("say what was changed, by its name", "24 months"),
            "changes": PersonalField("say what was changed; personal values masked", "24 months"),
        },
        on_erase="keep",
    )
    not_personal: ClassVar[tuple[str, ...]] = ("action", "object_kind", "object_id", "actor_name")

    user = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("user")
    )
    api_key = models.ForeignKey(
        ApiKey, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("API key")
    )
    actor_name = models.CharField(_("by"), max_length=160)
    action = models.CharField(_("action"), max_length=40)
    object_kind = models.CharField(_("kind"), max_length=60)
    object_id = models.CharField(_("id"), max_length=60, blank=True)
    object_name = models.CharField(_("what"), max_length=200)
    changes = models.JSONField(_("changes"), default=dict)

    class Meta:
        verbose_name = _("audit entry")
        verbose_name_plural = _("audit log")
        ordering = ["-created_at", "-id"]
        indexes = [
            # The log of a workspace, newest first.
            models.Index(fields=["workspace", "-created_at"], name="workspaces_audit_newest"),
            # The history of one object.
            models.Index(
                fields=["workspace", "object_kind", "object_id"], name="workspaces_audit_object"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.actor_name}: {self.action} {self.object_kind} {self.object_name}"
