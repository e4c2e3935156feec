"""Made-up words for the living page of components: as long and as awkward as real ones are."""

import hashlib
from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.utils.datastructures import MultiValueDict

from projects.blocker import Blocker
from projects.models import Category, Project, ProjectType, Stage, Status
from projects.views.gallery_lists import ADA, JAN, MEI, PRIYA, SPEC, SPEC_NEW, lists

DIGEST = hashlib.sha256(b"packet of the living page").hexdigest()
OLD_DIGEST = hashlib.sha256(b"packet before the change").hexdigest()


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label="Reason", widget=forms.Textarea(attrs={"rows": 3}), help_text="Becomes part of the record."
    )


class ProjectForm(forms.Form):
    """A form with one of everything."""

    title = forms.CharField(label="Title", help_text="As people outside the project would call it.")
    category = forms.ChoiceField(label="Change category", choices=Category.choices)
    kind = forms.ChoiceField(label="Project type", choices=ProjectType.choices, widget=forms.RadioSelect)
    planned_end = forms.DateField(label="Planned end", widget=forms.DateInput(attrs={"type": "date"}))
    conversion = forms.BooleanField(label="Data or system conversion applies", required=False)
    nature = forms.CharField(label="Nature of the change", widget=forms.Textarea(attrs={"rows": 3}))


class FilterForm(forms.Form):
    stage = forms.ChoiceField(label="Stage", choices=[("", "Any stage"), *Stage.choices], required=False)
    category = forms.ChoiceField(label="Category", choices=[("", "Any category"), *Category.choices], required=False)
    manager = forms.CharField(label="Program manager", required=False)


class FileForm(forms.Form):
    file = forms.FileField(label="Projects to import")


class SignForm(forms.Form):
    password = forms.CharField(
        label="Your password",
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        help_text="Asked for each signature: it is you who signs, not an open browser.",
    )


def rail(*, planned: date) -> list[dict[str, str]]:
    """A project in Build that came back from Stabilize, with one gate passed."""
    return [
        {
            "kind": "stage",
            "name": "Envision",
            "state": "done",
            "note": "3 Mar to 9 Apr 2026",
            "url": "#component-stage_rail",
        },
        {
            "kind": "stage",
            "name": "Project Planning",
            "state": "done",
            "note": "10 Apr to 2 Jul",
            "url": "#component-stage_rail",
        },
        {
            "kind": "gate",
            "name": "Project Plan Approved",
            "state": "open",
            "note": "PPA-2, 2 Jul 2026",
            "url": "#component-stage_rail",
        },
        {
            "kind": "stage",
            "name": "Build",
            "state": "current",
            "note": "since 3 Jul 2026",
            "url": "#component-stage_rail",
        },
        {"kind": "stage", "name": "Stabilize", "state": "ahead", "note": f"planned {planned:%-d %b}", "url": ""},
        {"kind": "gate", "name": "Release Readiness", "state": "closed", "note": "no review yet", "url": ""},
        {"kind": "stage", "name": "Deploy", "state": "ahead", "note": "planned 12 Feb", "url": ""},
    ]


def rail_in_trouble() -> list[dict[str, str]]:
    return [
        {"kind": "stage", "name": "Envision", "state": "done", "note": "", "url": "#component-stage_rail"},
        {"kind": "stage", "name": "Project Planning", "state": "reopened", "note": "second passage", "url": ""},
        {"kind": "gate", "name": "Project Plan Approved", "state": "revoked", "note": "PPA-1, 9 Nov", "url": ""},
        {"kind": "stage", "name": "Build", "state": "ahead", "note": "was left on 9 Nov", "url": ""},
        {"kind": "stage", "name": "Stabilize", "state": "ahead", "note": "", "url": ""},
        {"kind": "gate", "name": "Release Readiness", "state": "expired", "note": "RR-1, until 1 Nov", "url": ""},
        {"kind": "stage", "name": "Deploy", "state": "ahead", "note": "", "url": ""},
    ]


BLOCKERS = [
    Blocker(
        "artifact.not_approved",
        "The functional specification is in review since 14 days: version 2.1 replaced the approved version 2.0.",
        f"{JAN}, program manager",
        "#component-readiness",
    ),
    Blocker("role.vacant", "Nobody holds the role of test management.", "", "#component-readiness"),
    Blocker(
        "item.unanswered",
        "Three go indicators of the Project Plan Approved review are not answered.",
        f"{ADA}, solution manager",
        "#component-readiness",
    ),
]


def project() -> Project:
    return Project(
        code="PAY-2026-0147",
        title="Replacement of the settlement and reconciliation platform for the Nordic and Baltic subsidiaries",
        project_type=ProjectType.IT_SERVICE,
        category=Category.MAJOR,
        stage=Stage.BUILD,
        status=Status.ACTIVE,
        unit="Group Treasury Services",
    )


def held_project() -> Project:
    held = project()
    held.status = Status.ON_HOLD
    held.status_reason = "The supplier of the reconciliation engine was acquired; legal reviews the contract."
    return held


def signature(name: str, position: tuple[str, str], at: datetime | None, **more: Any) -> dict[str, Any]:
    return {
        "printed_name": name,
        "role": "Operations, Nordic data centre",
        "position": position[0],
        "get_position_display": position[1],
        "statement": "I have reviewed this release as operations and confirm that the service can be run.",
        "method": "Password and authenticator code",
        "signed_at": at,
        "time_zone": "Asia/Tokyo",
        **more,
    }


def words(*, now: datetime) -> dict[str, Any]:
    """Everything that the examples name."""
    bound = ProjectForm({"title": "", "category": "huge", "kind": "", "nature": "Two data centres"})
    wrong_file = FileForm({}, MultiValueDict())
    wrong_file.is_valid()
    today = now.date()
    return {
        "now": now,
        "rail": rail(planned=today + timedelta(days=40)),
        "rail_in_trouble": rail_in_trouble(),
        "project": project(),
        "held_project": held_project(),
        "blockers": BLOCKERS,
        "many_blockers": BLOCKERS * 5,
        "digest": DIGEST,
        "people": [ADA, JAN, MEI, PRIYA],
        "moment": now - timedelta(days=3, hours=2),
        "due_days": [today + timedelta(days=days) for days in (-9, -1, 0, 1, 5, 60)],
        "stats": [
            {"value": 214, "label": "projects under way", "url": "#component-stats", "tone": ""},
            {"value": 17, "label": "gates planned in the next 30 days", "url": "#component-stats", "tone": ""},
            {
                "value": 3,
                "label": "waiting for a signature for more than a week",
                "url": "#component-stats",
                "tone": "warn",
            },
            {"value": 2, "label": "conditions overdue", "url": "#component-stats", "tone": "bad"},
        ],
        "tasks": [
            {
                "text": "Sign the Release Readiness packet as operations",
                "project": project(),
                "url": "#component-task_list",
                "since": now - timedelta(days=12),
                "due": today - timedelta(days=2),
            },
            {
                "text": "Answer 7 go and no-go indicators before the review meeting",
                "project": project(),
                "url": "#component-task_list",
                "since": now - timedelta(hours=5),
                "due": today + timedelta(days=4),
            },
        ],
        "history": [
            {
                "at": now - timedelta(minutes=12),
                "who": JAN,
                "sentence": "uploaded version 2.1 of the functional specification and sent it to review",
                "source": "page",
                "url": "#component-timeline",
                "changes": [
                    {"field": "Version", "old": "2.0", "new": "2.1"},
                    {"field": "Status", "old": "Approved", "new": "In review"},
                    {"field": "What changed", "old": "", "new": "Cut-off time moved to 18:30"},
                ],
            },
            {
                "at": now - timedelta(minutes=12),
                "who": "",
                "sentence": "found two signatures no longer valid, because what they were given on has changed",
                "source": "",
                "url": "",
                "changes": [],
            },
            {
                "at": now - timedelta(days=31),
                "who": ADA,
                "sentence": "decided go with two conditions in PPA-2",
                "source": "API",
                "url": "#component-timeline",
                "changes": [],
            },
        ],
        "spec": SPEC,
        "spec_new": SPEC_NEW,
        "valid_signature": signature(MEI, ("agree", "Agree"), now - timedelta(days=1)),
        "stale_signature": signature(
            PRIYA,
            ("support", "Disagree, but will support"),
            now - timedelta(days=16),
            comment="The rollback takes four hours, not two. I will support it if the window is widened.",
        ),
        "dissent_signature": signature(
            JAN,
            ("dissent", "Dissent"),
            now - timedelta(days=2),
            statement="I have reviewed this release as operations and do not support going live.",
            comment="Load was tested at a third of peak volume.",
        ),
        "waiting_signature": signature(ADA, ("", ""), None, role="Customer representative"),
        "old_digest": OLD_DIGEST,
        **lists(),
        "form": ProjectForm(initial={"category": "significant", "kind": "it_service"}),
        "bound": bound,
        "reason_form": ReasonForm(),
        "filter_form": FilterForm({"stage": "build"}),
        "file_form": FileForm(),
        "wrong_file": wrong_file,
        "sign_form": SignForm(),
    }
