"""Risks are known when the plan is approved, and none is left open when the release is (SEED-52, SEED-76)."""

from datetime import datetime

from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from projects.blocker import Blocker
from projects.checks.wanted import wants
from projects.holders import holders, named
from projects.models import Project, Risk

WORDS = 90


def check_plan(project: Project, now: datetime) -> list[Blocker]:
    """At least one risk has an owner and a response, where a risk plan is asked for."""
    answered = project.risks.filter(owner__isnull=False).exclude(response="")
    if not wants(project, "plan", "ART-23") or answered.exists():
        return []
    return [
        Blocker(
            code="risk.none",
            text=_("No risk with an owner and a response is recorded."),
            owner=named(holders(project), "R-PGM"),
            url=reverse("register", args=[project.code, "risks"]),
        )
    ]


def check_release(project: Project, now: datetime) -> list[Blocker]:
    """Every risk is addressed, or accepted by an authority; one that is unacceptable means no-go."""
    standing = list(project.risks.filter(state__in=[Risk.State.OPEN, Risk.State.UNACCEPTABLE]).select_related("owner"))
    if not standing:
        return []
    people = holders(project)
    return [_blocker(project, risk, named(people, "R-PGM")) for risk in standing]


def _blocker(project: Project, risk: Risk, manager: str) -> Blocker:
    unacceptable = risk.state == Risk.State.UNACCEPTABLE
    text = (
        _("%(ref)s is unacceptable, which means no-go: %(text)s")
        if unacceptable
        else _("%(ref)s is neither addressed nor accepted by an authority: %(text)s")
    )
    return Blocker(
        code="risk.unacceptable" if unacceptable else "risk.open",
        text=text % {"ref": risk.ref, "text": Truncator(risk.text).chars(WORDS)},
        owner=str(risk.owner) if risk.owner else manager,
        url=reverse("register", args=[project.code, "risks"]) + f"#row-{risk.pk}",
    )
