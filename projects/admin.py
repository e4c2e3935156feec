"""The Django admin as a window: operators look, nobody changes anything through it (SEED-09).

A change made here would pass every gate, action and ledger entry by. Only our own models are registered, on a site of
our own: allauth's admin pages would let an operator give another person's account a new address or second factor.
"""

from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.contrib import admin
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.views import redirect_to_login
from django.db.models import Model, URLField
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from projects import models


class WindowSite(admin.AdminSite):
    """Opened by the site's own login, for operators; to everybody else it does not exist."""

    site_header = _("DeliverOps: what the database holds")
    site_title = _("DeliverOps")
    index_title = _("Read only. Changes are made on the pages, where they are checked and recorded.")
    enable_nav_sidebar = False

    def has_permission(self, request: HttpRequest) -> bool:
        return request.user.is_active and getattr(request.user, "is_operator", False)

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        if request.user.is_authenticated:
            raise Http404
        return redirect_to_login(request.GET.get(REDIRECT_FIELD_NAME) or reverse("admin:index"))

    def logout(  # type: ignore[override]  # a redirect, not a page
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return redirect("account_logout")

    def password_change(  # type: ignore[override]  # a redirect, not a page
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return redirect("account_change_password")


site = WindowSite()


if TYPE_CHECKING:
    ModelAdmin = admin.ModelAdmin[Model]
else:  # generic for type checkers only
    ModelAdmin = admin.ModelAdmin


class Window(ModelAdmin):
    """Lists and shows rows; every way to add, change or delete one is refused."""

    actions = None
    list_per_page = 50
    show_full_result_count = False
    view_on_site = False
    formfield_overrides = {URLField: {"assume_scheme": "https"}}

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return site.has_permission(request)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return site.has_permission(request)

    def has_add_permission(self, request: HttpRequest, *args: Any) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


@admin.register(models.User, site=site)
class UserWindow(Window):
    """People. Passwords are neither shown nor set: see the page People."""

    list_display = ["name", "username", "email", "unit", "is_active", "last_login"]
    list_filter = ["is_active", *(role.flag for role in models.OrgRole)]
    search_fields = ["name", "username", "email", "unit"]
    exclude = ["password", "groups", "user_permissions"]


@admin.register(models.Project, site=site)
class ProjectWindow(Window):
    list_display = ["code", "title", "category", "stage", "status", "plan_approved_at", "release_ready_at"]
    list_filter = ["stage", "status", "category", "project_type"]
    search_fields = ["code", "title", "external_ref"]


@admin.register(models.GatePass, site=site)
class GatePassWindow(Window):
    list_display = ["project", "gate", "review_ref", "opened_at", "opened_by", "revoked_at"]
    list_filter = ["gate"]
    list_select_related = ["project", "opened_by"]
    search_fields = ["project__code", "review_ref", "packet_digest"]


@admin.register(models.StageExit, site=site)
class StageExitWindow(Window):
    list_display = ["run", "by", "at", "digest"]
    list_select_related = ["run", "by"]
    search_fields = ["run__project__code", "digest"]


@admin.register(models.RoleAssignment, site=site)
class RoleAssignmentWindow(Window):
    list_display = ["project", "role", "user", "starts_on", "ends_on"]
    list_filter = ["role"]
    list_select_related = ["project", "user"]
    search_fields = ["project__code", "user__name", "user__username"]


@admin.register(models.Involvement, site=site)
class InvolvementWindow(Window):
    list_display = ["project", "user", "reason"]
    list_select_related = ["project", "user"]
    search_fields = ["project__code", "user__name"]


@admin.register(models.OutcomeConfirmation, site=site)
class OutcomeConfirmationWindow(Window):
    list_display = ["run", "__str__"]
    list_select_related = ["run__project"]
    search_fields = ["run__project__code"]


@admin.register(models.Requirement, site=site)
class RequirementWindow(Window):
    list_display = ["project", "__str__"]
    list_select_related = ["project"]
    search_fields = ["project__code", "text"]


@admin.register(models.Artifact, site=site)
class ArtifactWindow(Window):
    list_display = ["project", "kind", "status", "owner", "due_on"]
    list_filter = ["status"]
    list_select_related = ["project", "owner"]
    search_fields = ["project__code", "kind"]


@admin.register(models.ArtifactVersion, site=site)
class ArtifactVersionWindow(Window):
    list_display = ["artifact", "label", "status", "author", "approved_by", "created_at"]
    list_filter = ["status", "medium"]
    list_select_related = ["artifact", "author", "approved_by"]
    search_fields = ["artifact__project__code", "digest", "filename"]


@admin.register(models.LedgerStream, site=site)
class LedgerStreamWindow(Window):
    list_display = ["key", "project"]
    list_select_related = ["project"]
    search_fields = ["key", "project__code"]


@admin.register(models.LedgerEntry, site=site)
class LedgerEntryWindow(Window):
    list_display = ["stream", "seq", "recorded_at", "actor", "event", "object_type", "object_id"]
    list_filter = ["source"]
    list_select_related = ["stream", "actor"]
    search_fields = ["event", "object_id", "stream__key", "hash"]


@admin.register(models.Notice, site=site)
class NoticeWindow(Window):
    list_display = ["kind", "recipient", "state", "not_before", "sent_at", "attempts"]
    list_filter = ["state", "kind"]
    list_select_related = ["recipient"]
    search_fields = ["recipient__name", "subject", "message_id"]


@admin.register(models.ImportMapping, site=site)
class ImportMappingWindow(Window):
    list_display = ["name", "created_by", "created_at"]
    list_select_related = ["created_by"]
    search_fields = ["name"]


@admin.register(models.ImportRun, site=site)
class ImportRunWindow(Window):
    list_display = ["filename", "state", "rows", "rows_done", "created_by", "created_at"]
    list_filter = ["state"]
    list_select_related = ["created_by"]
    search_fields = ["filename", "digest"]


@admin.register(models.ChangeTemplate, site=site)
class ChangeTemplateWindow(Window):
    list_display = ["code", "title", "state", "owner", "approved_by", "expires_on", "failures"]
    list_filter = ["state"]
    list_select_related = ["owner", "approved_by"]
    search_fields = ["code", "title"]


class RowWindow(Window):
    """A row of what a project keeps: known by its project and its own name."""

    list_display = ["project", "__str__"]
    list_select_related = ["project"]
    search_fields = ["project__code"]


# Whatever else belongs to a project is shown too, each new register without a word here.
for model in apps.get_app_config("projects").get_models():
    if not site.is_registered(model) and any(field.name == "project" for field in model._meta.fields):
        site.register(model, RowWindow)
