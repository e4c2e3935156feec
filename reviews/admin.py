"""The upper app's rows in the operators' window: to look at, never to change (see `projects.admin`)."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from projects.admin import Window, site
from reviews import models


@admin.register(models.Review, site=site)
class ReviewWindow(Window):
    list_display = ["project", "kind", "round", "state", "decision", "chair", "decided_at"]
    list_filter = ["kind", "state", "decision"]
    list_select_related = ["project", "chair"]
    search_fields = ["project__code", "project__title"]


@admin.register(models.Participant, site=site)
class ParticipantWindow(Window):
    list_display = ["review", "group", "user", "signs", "asked_at", "removed_at", "recused_at"]
    list_select_related = ["review", "user"]
    search_fields = ["review__project__code", "user__name", "user__username"]


@admin.register(models.ReviewItem, site=site)
class ReviewItemWindow(Window):
    list_display = ["review", "code", "section", "must", "protected", "text"]
    list_filter = ["section"]
    list_select_related = ["review"]
    search_fields = ["review__project__code", "code", "text"]


@admin.register(models.ItemAnswer, site=site)
class ItemAnswerWindow(Window):
    list_display = ["item", "number", "value", "assessor", "at"]
    list_filter = ["value"]
    list_select_related = ["item", "assessor"]
    search_fields = ["item__review__project__code", "item__code"]


@admin.register(models.PinnedInput, site=site)
class PinnedInputWindow(Window):
    list_display = ["item", "version", "pinned_by", "pinned_at", "replaced_at"]
    list_select_related = ["item", "version", "pinned_by"]
    search_fields = ["item__review__project__code", "item__code"]


@admin.register(models.Waiver, site=site)
class WaiverWindow(Window):
    list_display = ["item", "requested_by", "approved_by", "expires_on", "refused_at"]
    list_select_related = ["item", "requested_by", "approved_by"]
    search_fields = ["item__review__project__code", "item__code"]


@admin.register(models.Condition, site=site)
class ConditionWindow(Window):
    list_display = ["review", "number", "text", "owner", "due_on", "moved_to", "closed_at", "taken_back_at"]
    list_select_related = ["review", "owner"]
    search_fields = ["review__project__code", "text"]

    def get_queryset(self, request: HttpRequest) -> "QuerySet[models.Condition]":
        return models.Condition.ever.all()


@admin.register(models.ConditionMove, site=site)
class ConditionMoveWindow(Window):
    list_display = ["condition", "number", "from_on", "to_on", "by", "at"]
    list_select_related = ["condition", "by"]
    search_fields = ["condition__review__project__code", "reason"]


@admin.register(models.RemediationItem, site=site)
class RemediationItemWindow(Window):
    list_display = ["review", "number", "area", "owner", "due_on", "done_at"]
    list_select_related = ["review", "owner"]
    search_fields = ["review__project__code", "area"]


@admin.register(models.Packet, site=site)
class PacketWindow(Window):
    list_display = ["review", "digest", "created_at"]
    list_select_related = ["review"]
    search_fields = ["review__project__code", "digest"]


@admin.register(models.SignOff, site=site)
class SignOffWindow(Window):
    list_display = ["printed_name", "role", "position", "method", "signed_at", "packet"]
    list_filter = ["position"]
    list_select_related = ["packet"]
    search_fields = ["printed_name", "participant__review__project__code", "packet__digest"]


@admin.register(models.Declaration, site=site)
class DeclarationWindow(Window):
    list_display = ["review", "user", "text", "at"]
    list_select_related = ["review", "user"]
    search_fields = ["review__project__code", "user__name"]


@admin.register(models.Poll, site=site)
class PollWindow(Window):
    list_display = ["review", "opened_by", "opened_at", "closed_by", "closed_at"]
    list_select_related = ["review", "opened_by", "closed_by"]
    search_fields = ["review__project__code"]


@admin.register(models.PollAnswer, site=site)
class PollAnswerWindow(Window):
    """Who answered. What was answered is read on the poll's page, once it is closed."""

    list_display = ["poll", "user", "at"]
    list_select_related = ["poll", "user"]
    search_fields = ["poll__review__project__code", "user__name"]
    exclude = ["value", "text"]


@admin.register(models.Delegation, site=site)
class DelegationWindow(Window):
    list_display = ["participant", "delegate", "starts_at", "ends_at", "revoked_at"]
    list_select_related = ["participant", "delegate"]
    search_fields = ["participant__review__project__code", "delegate__name"]


@admin.register(models.Blackout, site=site)
class BlackoutWindow(Window):
    list_display = ["starts_on", "ends_on", "reason", "created_by", "lifted_by"]
    list_select_related = ["created_by", "lifted_by"]
    search_fields = ["reason"]


@admin.register(models.ChecklistAddition, site=site)
class ChecklistAdditionWindow(Window):
    list_display = ["code", "kind", "section", "text", "proposed_by", "approved_by", "retired_by"]
    list_filter = ["kind", "section"]
    list_select_related = ["proposed_by", "approved_by", "retired_by"]
    search_fields = ["text", "origin", "reason"]


@admin.register(models.SignerAddition, site=site)
class SignerAdditionWindow(Window):
    list_display = ["kind", "role", "proposed_by", "approved_by", "retired_by"]
    list_filter = ["kind"]
    list_select_related = ["proposed_by", "approved_by", "retired_by"]
    search_fields = ["role", "origin"]


@admin.register(models.Retirement, site=site)
class RetirementWindow(Window):
    list_display = ["question", "signer", "reason", "asked_by", "confirmed_by", "refused_by"]
    list_select_related = ["question", "signer", "asked_by", "confirmed_by", "refused_by"]
    search_fields = ["reason", "refusal"]


@admin.register(models.PolicyVersion, site=site)
class PolicyVersionWindow(Window):
    list_display = ["kind", "category", "number", "proposed_by", "approved_by", "refused_by"]
    list_filter = ["kind", "category"]
    list_select_related = ["proposed_by", "approved_by", "refused_by"]
    search_fields = ["reason", "refusal"]


@admin.register(models.Acknowledgement, site=site)
class AcknowledgementWindow(Window):
    list_display = ["review", "user", "catalog_version", "at"]
    list_select_related = ["review", "user"]
    search_fields = ["review__project__code", "user__name"]


@admin.register(models.Finding, site=site)
class FindingWindow(Window):
    list_display = ["review", "number", "category", "disposition", "owner", "due_on", "raised_by"]
    list_filter = ["category", "disposition"]
    list_select_related = ["review", "owner", "raised_by"]
    search_fields = ["review__project__code", "text"]


@admin.register(models.Attendance, site=site)
class AttendanceWindow(Window):
    list_display = ["review", "user", "how", "delegate", "by", "at"]
    list_select_related = ["review", "user", "by"]
    search_fields = ["review__project__code", "user__name"]


@admin.register(models.MeetingCall, site=site)
class MeetingCallWindow(Window):
    list_display = ["review", "sequence", "starts_at", "place", "cancelled", "by", "at"]
    list_select_related = ["review", "by"]
    search_fields = ["review__project__code", "place"]


@admin.register(models.DeliveryConfidence, site=site)
class DeliveryConfidenceWindow(Window):
    list_display = ["review", "level", "by", "at"]
    list_select_related = ["review", "by"]
    search_fields = ["review__project__code", "reasons"]


@admin.register(models.Minutes, site=site)
class MinutesWindow(Window):
    list_display = ["review", "digest", "quorum", "at"]
    list_select_related = ["review"]
    search_fields = ["review__project__code", "digest"]
