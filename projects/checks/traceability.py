"""What traceability has against the plan, the end of Build and the release."""

from datetime import datetime

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from projects.blocker import Blocker
from projects.checks.wanted import wants
from projects.holders import holders, named
from projects.models import FeatureLink, Project, RoleAssignment
from projects.traceability import loose_requirements, open_operational

KIND = "ART-27"
MOST_NAMED = 5
MOST_LISTED = 8


def _some(refs: list[str]) -> str:
    """The first few references, and how many more there are."""
    shown = ", ".join(refs[:MOST_NAMED])
    if len(refs) <= MOST_NAMED:
        return shown
    return _("%(refs)s and %(more)d more") % {"refs": shown, "more": len(refs) - MOST_NAMED}


def plan_check(project: Project, now: datetime) -> list[Blocker]:
    """Nothing loose on either side, and every feature with an owner who is there, where the profile asks for
    traceability (SEED-25, SEED-65)."""
    if not wants(project, "plan", KIND):
        return []
    present = RoleAssignment.objects.filter(project=project, user=OuterRef("owner"), ends_on__isnull=True)
    links = FeatureLink.objects.filter(feature=OuterRef("pk"), ended_at__isnull=True)
    features = list(project.features.annotate(owned=Exists(present), linked=Exists(links)))
    bare = [feature.ref for feature in features if not feature.linked]
    unmet = [requirement.ref for requirement in loose_requirements(project)]
    left = [feature.ref for feature in features if not feature.owned]
    found = []
    if not features:
        found.append(("feature.none", _("No feature is recorded."), "register"))
    if bare:
        text = ngettext(
            "%(count)d feature meets no requirement: %(refs)s.",
            "%(count)d features meet no requirement: %(refs)s.",
            len(bare),
        )
        found.append(("feature.loose", text % {"count": len(bare), "refs": _some(bare)}, "traceability"))
    if unmet:
        text = ngettext(
            "%(count)d requirement is met by no feature: %(refs)s.",
            "%(count)d requirements are met by no feature: %(refs)s.",
            len(unmet),
        )
        found.append(("requirement.loose", text % {"count": len(unmet), "refs": _some(unmet)}, "traceability"))
    if left:
        text = _("The owner holds no role on the project any more: name another for %(refs)s.")
        found.append(("feature.owner_gone", text % {"refs": _some(left)}, "register"))
    if not found:
        return []
    owner = named(holders(project), "R-PDM", "R-PGM")
    return [Blocker(code=code, text=text, owner=owner, url=_where(project, page)) for code, text, page in found]


def _where(project: Project, page: str) -> str:
    if page == "traceability":
        return reverse("traceability", args=[project.code]) + "?gaps=1"
    return reverse("register", args=[project.code, "features"])


def build_check(project: Project, now: datetime) -> list[Blocker]:
    """Every feature is complete, or deferred with another person's approval (SEED-27)."""
    left = [feature for feature in project.features.select_related("owner") if not feature.is_settled]
    url = reverse("register", args=[project.code, "features"])
    found = [
        Blocker(
            code="feature.unsettled",
            text=_("%(feature)s is not finished: %(state)s.") % {"feature": feature, "state": feature.state_in_words},
            owner=str(feature.owner),
            url=f"{url}#row-{feature.pk}",
        )
        for feature in left[:MOST_LISTED]
    ]
    if len(left) > MOST_LISTED:
        text = _("%(count)d more features are not finished.") % {"count": len(left) - MOST_LISTED}
        owner = named(holders(project), "R-PDM", "R-PGM")
        found.append(Blocker(code="feature.unsettled", text=text, owner=owner, url=url))
    return found


def release_check(project: Project, now: datetime) -> list[Blocker]:
    """Operational requirements are in the design and addressed: an answer of no keeps every release shut, a missing
    answer only where the profile asks for traceability (SEED-119)."""
    open_needs = open_operational(project)
    if not open_needs:
        return []
    unanswered_counts = wants(project, "plan", KIND)
    owner = named(holders(project), "R-REL", "R-OPX", "R-PGM")
    url = reverse("register", args=[project.code, "operational_requirements"])
    return [
        Blocker(
            code="operational.open",
            text=(
                _("Operational requirement %(ref)s is not both in the design and addressed.")
                if need.evaluated
                else _("Nobody has said whether the design addresses operational requirement %(ref)s.")
            )
            % {"ref": need.ref},
            owner=owner,
            url=url,
        )
        for need in open_needs
        if need.evaluated or unanswered_counts
    ]
