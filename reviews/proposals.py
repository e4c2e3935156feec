"""What the product knows that answers a go/no-go indicator (Table 4): proposed with its source, confirmed by a person.

Two kinds of facts: what a register has against the release, as `projects.checks` says it, and what stands on record of
support people, backup and training plans and the way back. Nothing is answered by itself: who confirms a proposal is
the assessor, and the answer keeps what it was proposed from.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Prefetch
from django.urls import reverse
from django.utils.translation import gettext as _

from projects.blocker import Blocker
from projects.catalog.artifacts import ARTIFACT_KINDS
from projects.catalog.roles import role_name
from projects.checks import register_blockers, rollbacks
from projects.checks.wanted import wants
from projects.holders import holders
from projects.models import ArtifactStatus, ArtifactVersion, Project
from projects.moment import once, one_moment
from reviews import owed, signing
from reviews.models import GO_DECISIONS, GOOD_ANSWERS, Answer, Review, ReviewItem, ReviewKind, ReviewState

SPEAKS_OF: Mapping[str, str] = {
    "issue": "G-REL-1",
    "training": "G-ENV-1",
    "procedure": "G-ENV-2",
    "agreement": "G-ENV-3",
    "contact": "G-STR-1",
    "communication": "G-STR-2",
    "rollback": "G-REL-3",
    "level": "N-ENV-1",
    "prerequisite": "N-STR-2",
    "change_record": "N-STR-3",
}
"""Which indicator a register's blocker speaks of, by the first word of its code."""

BACKUP, TRAINING, SUPPORT = "ART-37", "ART-16", "ART-38"


@dataclass(frozen=True)
class Proposal:
    """An answer that follows from what is on record.

    Args:
        code: of the question.
        value: the proposed answer.
        text: the fact in a sentence; it becomes the answer's evidence or reason.
        url: where the fact is recorded.
        binding: an answer against it keeps the gate shut; else it is only told beside the answer.
    """

    code: str
    value: Answer
    text: str
    url: str
    binding: bool = False

    def contradicted_by(self, item: ReviewItem) -> bool:
        """Whether the present answer says that all is well while the fact says that it is not."""
        given = signing.current_answer(item)
        return given is not None and given.value in GOOD_ANSWERS and self.value not in GOOD_ANSWERS


@one_moment()
def proposals(review: Review, now: datetime) -> dict[str, Proposal]:
    """What is proposed for the indicators of a release that is open, by code; about fifteen queries, none for a plan.

    Args:
        now: aware moment; support that has run out by then is none.
    """
    if review.kind != ReviewKind.RR or not review.is_open:
        return {}
    asked = {item.code: item for item in review.items.all()}
    found = {known.code: known for known in (*_from_registers(review.project, now), *_on_record(review.project))}
    return {code: known for code, known in found.items() if code in asked}


def _from_registers(project: Project, now: datetime) -> list[Proposal]:
    spoken: dict[str, list[Blocker]] = {}
    for blocker in register_blockers(project, "release", now):
        if code := indicator_of(blocker):
            spoken.setdefault(code, []).append(blocker)
    return [
        Proposal(code, _against(code), " ".join(blocker.text for blocker in blockers), blockers[0].url)
        for code, blockers in spoken.items()
    ]


def _against(code: str) -> Answer:
    return Answer.PRESENT if code.startswith("N-") else Answer.NOT_CONFIRMED


def indicator_of(blocker: Blocker) -> str:
    """The indicator that a register's blocker speaks of; empty when it speaks of none."""
    return SPEAKS_OF.get(blocker.code.partition(".")[0], "")


def _on_record(project: Project) -> list[Proposal]:
    """Support by name, way back, backup plan and training plan (SEED-95 to SEED-97, SEED-101); at most four queries."""
    return once("facts on record", project.pk, lambda: _read_record(project))


def _read_record(project: Project) -> list[Proposal]:
    approved = Prefetch("versions", ArtifactVersion.objects.filter(status=ArtifactStatus.APPROVED).defer("text"))
    plans = {row.kind: row for row in project.artifacts.filter(kind__in=(BACKUP, TRAINING)).prefetch_related(approved)}
    found = [_support(project), _way_back(project)]
    for code, kind in (("N-ENV-3", BACKUP), ("N-ENV-2", TRAINING)):
        row, url = plans.get(kind), reverse("artifact", args=[project.code, kind])
        if row is not None and row.status == ArtifactStatus.NOT_APPLICABLE:
            continue  # somebody agreed that there need be none: a person says what that means here
        versions = list(row.versions.all()) if row else []
        words = {"plan": ARTIFACT_KINDS[kind].name}
        if versions:
            text = _("%(plan)s %(version)s is approved.") % {**words, "version": versions[-1].label}
            found.append(Proposal(code, Answer.CLEAR, text, url))
        else:
            found.append(Proposal(code, Answer.PRESENT, _("No version of %(plan)s is approved.") % words, url))
    return found


def _way_back(project: Project) -> Proposal:
    """What the last rehearsal showed; against an answer, the register's own check keeps the gate shut."""
    row, url = rollbacks.newest(project), reverse("register", args=[project.code, "rollbacks"])
    well = row is not None and row.is_adequate
    return Proposal("G-REL-3", Answer.CONFIRMED if well else Answer.NOT_CONFIRMED, rollbacks.told(row), url)


def _support(project: Project) -> Proposal:
    """Two different people: one in both places counts as not assigned."""
    people, url = holders(project), reverse("roles", args=[project.code])
    named = {role: people.get(role, []) for role in ("P-SUP1", "P-SUP2")}
    vacant = [role_name(role) for role, held in named.items() if not held]
    if vacant:
        text = _("Nobody holds: %(roles)s.") % {"roles": ", ".join(vacant)}
    elif {person.pk for held in named.values() for person in held} == {named["P-SUP1"][0].pk}:
        text = _("%(person)s is both primary and secondary support.") % {"person": named["P-SUP1"][0]}
    else:
        told = "; ".join(f"{role_name(role)}: {', '.join(map(str, held))}" for role, held in named.items())
        return Proposal("N-REL-3", Answer.CLEAR, f"{told}.", url)
    return Proposal("N-REL-3", Answer.PRESENT, text, url, binding=wants(project, "release", SUPPORT))


@one_moment()
def contradiction_blockers(review: Review, today: date, room: str) -> list[Blocker]:
    """Answers that say all is well against a fact on record; what a register has against it, its own check says.

    Args:
        room: address of the review's room.
    """
    if review.kind != ReviewKind.RR:
        return []
    known = {each.code: each for each in _on_record(review.project) if each.binding}
    return [
        Blocker(
            code="item.contradicted",
            text=_("%(code)s is answered %(answer)s, but: %(fact)s")
            % {"code": item.code, "answer": _said(item), "fact": known[item.code].text},
            owner=str(review.chair),
            url=f"{room}#{item.code}",
        )
        for item in review.items.all()
        if item.code in known and not signing.is_waived(item, today) and known[item.code].contradicted_by(item)
    ]


def _said(item: ReviewItem) -> str:
    given = signing.current_answer(item)
    return str(given.get_value_display()).lower() if given else ""


def not_waived(review: Review, blockers: list[Blocker], today: date) -> list[Blocker]:
    """What registers have against the release, save where an approved waiver stands in for their indicator (EXT-07)."""
    waived = {item.code for item in review.items.all() if signing.is_waived(item, today)}
    return [blocker for blocker in blockers if indicator_of(blocker) not in waived]


def without_waived(project: Project, blockers: list[Blocker], now: datetime) -> list[Blocker]:
    """The same after the go: what it waived does not stop Deploy either; the lower app asks through its port."""
    if not any(map(indicator_of, blockers)):
        return blockers
    waived = Prefetch("items", ReviewItem.objects.filter(waivers__isnull=False).distinct())
    gone = Review.objects.filter(
        project=project, kind=ReviewKind.RR, state=ReviewState.DECIDED, decision__in=GO_DECISIONS
    )
    newest = gone.order_by("-round").prefetch_related(waived, "items__waivers").first()
    return not_waived(newest, blockers, owed.day_of(now)) if newest else blockers
