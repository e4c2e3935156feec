"""The organisation's additions: which hold for a round that begins now, how each came about (SEED-42, SEED-43)."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from projects.models import Project, User
from reviews.catalog.own import called
from reviews.models import ChecklistAddition, Retirement, Review, SignerAddition
from reviews.models.policy import STATES


def questions(kind: str, category: str) -> list[ChecklistAddition]:
    """Questions in force for reviews of this kind and category, oldest first. One query."""
    rows = sorted(ChecklistAddition.objects.in_force().filter(kind=kind), key=lambda row: row.question)
    return [row for row in rows if category in row.categories]


def signer_roles(kind: str, category: str) -> list[str]:
    """Approved roles that must sign reviews of this kind and category. One query."""
    rows = SignerAddition.objects.filter(kind=kind, approved_at__isnull=False, retired_at__isnull=True)
    return sorted({row.role for row in rows if category in row.categories})


def asked(codes: Iterable[str]) -> list[ChecklistAddition]:
    """The versions of our own questions that have these codes, in their order. One query; none without such a code."""
    given = list(codes)
    rows = {row.code: row for row in _of_codes(given)}
    return [rows[code] for code in given if code in rows]


def _of_codes(codes: Iterable[str], **also: Any) -> list[ChecklistAddition]:
    own = {code: found for code in codes if (found := called(code))}
    if not own:
        return []
    numbers = {question for question, _version in own.values()}
    rows = ChecklistAddition.objects.filter(Q(pk__in=numbers) | Q(first__in=numbers), **also)
    people = ("proposed_by", "approved_by", "origin_review__project")
    return [row for row in rows.select_related(*people) if row.code in own]


def origins(codes: Iterable[str], reader: User) -> dict[str, Review]:
    """The rounds that taught questions of our own, by the question's code, as far as the reader may see them (EXT-23).

    One query, and none where no question is our own.
    """
    rows = _of_codes(codes, origin_review__project__in=Project.objects.visible_to(reader))
    return {row.code: row.origin_review for row in rows if row.origin_review}


def obstacle(row: ChecklistAddition | SignerAddition) -> str:
    """Why this is neither changed nor retired now, as a sentence; empty when nothing keeps it from that."""
    if row.state != "in_force":
        return _("It is not in force.")
    if isinstance(row, ChecklistAddition):
        standing = Q(approved_at__isnull=False) | Q(retired_at__isnull=True)
        later = ChecklistAddition.objects.filter(standing, replaces=row).select_related("proposed_by").first()
        if later is not None and later.approved_at is not None:
            return _("%(later)s holds in the place of %(code)s.") % {"later": later, "code": row}
        if later is not None:
            said = {"later": later, "person": later.proposed_by}
            return _("%(later)s, proposed by %(person)s, still waits: approve or drop it first.") % said
    waiting = row.retirements.waiting().select_related("asked_by").first()
    if waiting is not None:
        return _("%(person)s has asked to retire it: confirm or refuse that first.") % {"person": waiting.asked_by}
    return ""


def as_plain(row: ChecklistAddition) -> dict[str, Any]:
    """The version of a question as the evidence keeps it."""
    return {
        "code": row.code,
        "question": row.question,
        "version": row.number,
        "wording": row.text,
        "origin": row.origin,
        "reason": row.reason,
        "proposed_at": row.proposed_at,
        "proposed_by": {"id": row.proposed_by_id, "name": str(row.proposed_by)},
        "approved_at": row.approved_at,
        "approved_by": {"id": row.approved_by_id, "name": str(row.approved_by)},
    }


@dataclass(frozen=True)
class Question:
    """A question of our own with all its versions.

    Args:
        versions: oldest first, with their people loaded.
        retirements: asked for, of whatever version; oldest first.
    """

    versions: list[ChecklistAddition]
    retirements: list[Retirement] = field(default_factory=list)

    @property
    def number(self) -> int:
        return self.versions[0].pk

    @cached_property
    def approved(self) -> ChecklistAddition | None:
        """The newest version that somebody approved: it holds, unless it is retired."""
        return next((row for row in reversed(self.versions) if row.approved_at is not None), None)

    @property
    def present(self) -> ChecklistAddition | None:
        """What new rounds ask."""
        return self.approved if self.approved and self.approved.retired_at is None else None

    @property
    def waiting(self) -> ChecklistAddition | None:
        """Proposed, and neither approved nor dropped."""
        last = self.versions[-1]
        return last if last.state == "proposed" else None

    @property
    def change(self) -> ChecklistAddition | None:
        """What is proposed to take the place of what holds."""
        return self.waiting if self.waiting and self.waiting.number > 1 else None

    @property
    def shown(self) -> ChecklistAddition:
        """The version that a list shows: what holds or held last, else what was proposed first."""
        return self.approved or self.versions[0]

    @property
    def retirement(self) -> Retirement | None:
        """Asked for, and neither confirmed nor refused."""
        return next((row for row in self.retirements if row.waits), None)

    def state_of(self, row: ChecklistAddition) -> tuple[str, str]:
        """Name of the state and the word for it."""
        replaced = row.approved_at is not None and row is not self.approved
        state = "replaced" if replaced else row.state
        return state, str(STATES[state])

    @property
    def state(self) -> tuple[str, str]:
        return self.state_of(self.shown)


def question(number: int) -> Question | None:
    """With every version and retirement. Two queries."""
    people = ("proposed_by", "approved_by", "retired_by", "origin_review__project")
    rows = ChecklistAddition.objects.of_question(number).select_related(*people).order_by("number")
    if not (versions := list(rows)):
        return None
    asked_for = Retirement.objects.filter(question__in=[row.pk for row in versions])
    people = ("asked_by", "confirmed_by", "refused_by", "question")
    return Question(versions, list(asked_for.select_related(*people).order_by("pk")))


def all_questions() -> list[Question]:
    """Newest first, with the retirements that wait. Two queries."""
    people = ("proposed_by", "approved_by", "retired_by", "origin_review__project")
    versions: dict[int, list[ChecklistAddition]] = {}
    for row in ChecklistAddition.objects.select_related(*people).order_by("number"):
        versions.setdefault(row.question, []).append(row)
    waiting: dict[int, list[Retirement]] = {}
    for each in Retirement.objects.waiting().filter(question__isnull=False).select_related("question", "asked_by"):
        if each.question is not None:
            waiting.setdefault(each.question.question, []).append(each)
    return [Question(versions[number], waiting.get(number, [])) for number in sorted(versions, reverse=True)]
