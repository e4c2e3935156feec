"""The register of features."""

from django import forms
from django.db.models import Count, Prefetch, Q, QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from projects.actions import features as actions
from projects.forms.fields import PersonOnProject, RequirementsByRef, TextField
from projects.models import Feature, FeatureLink, Project
from projects.registers.register import Column, Pill, Register, RegisterForm, Verb

Status = Feature.Status


class FeatureForm(RegisterForm):
    """A feature or design element."""

    ref = forms.CharField(
        label=_("Reference"), max_length=20, required=False, help_text=_("The next F-number when left empty.")
    )
    name = forms.CharField(label=_("Feature"), max_length=200)
    owner = PersonOnProject(label=_("Owner"))
    requirements = RequirementsByRef(required=False)
    test = forms.CharField(label=_("Test that proves it"), max_length=200, required=False)


class ChangeForm(RegisterForm):
    """Its name, its owner, the requirements that it meets."""

    name = forms.CharField(label=_("Feature"), max_length=200)
    owner = PersonOnProject(label=_("Owner"))
    requirements = RequirementsByRef(required=False)


class StatusForm(RegisterForm):
    """How far it is."""

    status = forms.ChoiceField(
        label=_("Status"), choices=[(one.value, one.label) for one in Status if one != Status.DEFERRED]
    )


class TestForm(RegisterForm):
    """What proves it, and how it came out."""

    __test__ = False  # no test case, whatever its name

    test = forms.CharField(label=_("Test that proves it"), max_length=200)
    result = forms.ChoiceField(label=_("Result"), choices=[("", _("Not run")), *Feature.Result.choices], required=False)


class DeferForm(RegisterForm):
    """Why the release can do without it."""

    reason = TextField(label=_("Why it is deferred"))


def status_pill(feature: Feature) -> Pill:
    if feature.status != Status.DEFERRED:
        return Pill("feature", feature.status, feature.get_status_display())
    if feature.deferral_approved_by_id is None:
        return Pill("feature", "deferred", gettext("Deferred, not approved"))
    return Pill("feature", "remainder", gettext("Deferred, approved"))


def result_pill(feature: Feature) -> Pill:
    return Pill("proof", feature.result, feature.get_result_display() or gettext("Not run"))


def with_links(features: "QuerySet[Feature]") -> "QuerySet[Feature]":
    """With owners and standing links at hand; two queries."""
    standing = FeatureLink.objects.filter(ended_at__isnull=True).select_related("requirement").order_by("requirement")
    return features.select_related("project", "owner", "deferral_approved_by").prefetch_related(
        Prefetch("links", queryset=standing)
    )


def requirement_refs(feature: Feature) -> str:
    return " ".join(link.requirement.ref for link in feature.links.all())


def progress(project: Project) -> str:
    """How many features are in which status; one query. Empty while there is none."""
    counts = project.features.aggregate(
        all=Count("pk"),
        complete=Count("pk", filter=Q(status=Status.COMPLETE)),
        in_build=Count("pk", filter=Q(status=Status.IN_BUILD)),
        planned=Count("pk", filter=Q(status=Status.PLANNED)),
        deferred=Count("pk", filter=Q(status=Status.DEFERRED)),
        approved=Count("pk", filter=Q(deferral_approved_by__isnull=False)),
    )
    if not counts["all"]:
        return ""
    others = {
        "in_build": gettext("%(in_build)d in build"),
        "planned": gettext("%(planned)d planned"),
        "deferred": gettext("%(deferred)d deferred, %(approved)d of them with approval"),
    }
    said = [gettext("%(complete)d of %(all)d features are complete"), *(others[key] for key in others if counts[key])]
    return "; ".join(said) % counts + "."


def deferral(feature: Feature) -> str:
    """Why the feature is deferred, and who approved it."""
    if feature.deferral_approved_by is None:
        return feature.deferral_reason
    told = {"reason": feature.deferral_reason, "person": feature.deferral_approved_by}
    return gettext("%(reason)s Approved by %(person)s.") % told


FEATURES = Register(
    name="features",
    title=_("Features"),
    purpose=_(
        "What is built, with its owner, the requirements it meets and the test that proves it. Build ends when each is "
        "complete, or deferred with another person's approval."
    ),
    stage="planning",
    source="Table 1",
    rows=lambda project: with_links(project.features.all()),
    columns=(
        Column(_("Reference"), lambda row: row.ref),
        Column(_("Feature"), lambda row: row.name),
        Column(_("Owner"), lambda row: row.owner),
        Column(_("Requirements"), requirement_refs),
        Column(_("Status"), status_pill),
        Column(_("Test"), lambda row: row.test),
        Column(_("Result"), result_pill),
        Column(_("Deferral"), deferral),
    ),
    form=FeatureForm,
    add=actions.add,
    add_label=_("Record a feature"),
    verbs=(
        Verb(
            "change",
            _("Change"),
            actions.change,
            form=ChangeForm,
            explain=_("The requirements become exactly the ones named; links that end stay in the history."),
            initial=lambda row: {"name": row.name, "owner": row.owner, "requirements": requirement_refs(row)},
        ),
        Verb(
            "status",
            _("Set status"),
            actions.set_status,
            form=StatusForm,
            explain=_("A deferred feature that gets another status is taken up again."),
            initial=lambda row: {"status": row.status},
        ),
        Verb(
            "test",
            _("Record test"),
            actions.record_test,
            form=TestForm,
            initial=lambda row: {"test": row.test, "result": row.result},
        ),
        Verb(
            "defer",
            _("Defer"),
            actions.defer,
            form=DeferForm,
            when=lambda row: row.status in (Status.PLANNED, Status.IN_BUILD),
            explain=_("Build can end without a deferred feature once another person has approved that."),
        ),
        Verb(
            "approve",
            _("Approve deferral"),
            actions.approve_deferral,
            open_to=lambda place: place.approves,
            when=lambda row: row.status == Status.DEFERRED and row.deferral_approved_by_id is None,
            explain=_("You agree that Build ends without this feature. Whoever deferred it cannot approve it."),
        ),
    ),
    empty=_("Record the features of the design, and which requirements each one meets."),
    pasted=("ref", "name", "owner", "requirements", "test"),
    note=progress,
)
