"""What a release still lacks of people, environment and plans around it: read at the release gate (Table 4).

A row that is still open blocks every category. That there is none blocks only where the profile asks for the document
that the register fills.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from projects.blocker import Blocker
from projects.catalog.artifacts import Gate
from projects.checks.wanted import wanted
from projects.escalation import escalation_list
from projects.holders import holders, named
from projects.models import ChangeRecord, Prerequisite, Project

ASKED: frozenset[tuple[Gate, str]] = frozenset(
    {
        ("plan", "ART-16"),
        ("release", "ART-41"),
        ("release", "ART-43"),
        ("release", "ART-44"),
        ("release", "ART-45"),
        ("release", "ART-46"),
    }
)
NAMED = 3

Found = tuple[str, str, str, tuple[str, ...]]
"""Code, sentence, register, and the roles of which somebody can mend it."""


def check(project: Project, now: datetime) -> list[Blocker]:
    """What operations readiness has against the release; nine queries, ten when there is something."""
    asked = wanted(project, ASKED)
    found = [one for part in PARTS for one in part(project, asked, now)]
    if not found:
        return []
    people = holders(project)
    return [
        Blocker(
            code=code,
            text=text,
            owner=named(people, *roles),
            url=reverse("register", args=[project.code, register]),
        )
        for code, text, register, roles in found
    ]


def listed(names: Sequence[object]) -> str:
    """The first few by name, the others by number."""
    words = ", ".join(str(name).rstrip(".") for name in names[:NAMED])
    more = len(names) - NAMED
    return _("%(names)s and %(more)d more") % {"names": words, "more": more} if more > 0 else words


def _training(project: Project, asked: set[str], now: datetime) -> Iterable[Found]:
    """SEED-97: that there is a plan and that each person was trained are two facts."""
    rows = list(project.trainings.filter(dropped_at__isnull=True).select_related("person"))
    roles = ("R-UX", "R-OPX", "R-PGM")
    if waiting := [row.who for row in rows if row.done_on is None]:
        yield "training.open", _("Not trained yet: %(who)s.") % {"who": listed(waiting)}, "training", roles
    if not rows and "ART-16" in asked:
        yield "training.none", _("Nobody's training is recorded."), "training", roles


def _agreements(project: Project, asked: set[str], now: datetime) -> Iterable[Found]:
    """SEED-99."""
    rows = list(project.agreements.filter(dropped_at__isnull=True))
    roles = ("P-OPS", "R-REL", "R-PGM")
    if short := [row for row in rows if row.sufficient is False]:
        text = _("Agreements that do not suffice: %(with)s.") % {"with": listed(short)}
        yield "agreement.not_sufficient", text, "agreements", roles
    if unjudged := [row for row in rows if row.sufficient is None]:
        text = _("Nobody has judged whether these agreements suffice: %(with)s.") % {"with": listed(unjudged)}
        yield "agreement.not_judged", text, "agreements", roles
    if not rows and "ART-43" in asked:
        yield "agreement.none", _("No agreement or underpinning contract is recorded."), "agreements", roles


def _procedures(project: Project, asked: set[str], now: datetime) -> Iterable[Found]:
    """SEED-98."""
    rows = list(project.procedures.filter(dropped_at__isnull=True))
    roles = ("P-OPS", "R-OPX", "R-PGM")
    if waiting := [row for row in rows if row.state != "done"]:
        text = _("Procedures not confirmed as clear and in line with the site's standards: %(rows)s.")
        yield "procedure.open", text % {"rows": listed(waiting)}, "procedures", roles
    if not rows and "ART-45" in asked:
        yield "procedure.none", _("No administrative procedure is recorded."), "procedures", roles


def _contacts(project: Project, asked: set[str], now: datetime) -> Iterable[Found]:
    """SEED-102."""
    contacts = escalation_list(project)
    roles = ("R-REL", "R-PGM")
    if "ART-44" not in asked:
        return
    if not contacts.count:
        yield "contact.none", _("Nobody is on the escalation list."), "contacts", roles
    elif not contacts.is_known:
        text = (
            _("The escalation list has changed since it was last told.")
            if contacts.told
            else _("Nobody has been told of the escalation list.")
        )
        yield "contact.not_told", text, "communications", roles


def _communications(project: Project, asked: set[str], now: datetime) -> Iterable[Found]:
    """SEED-89. What is planned for a later day may wait until then."""
    today = timezone.localdate(now)
    rows = [
        row
        for row in project.communications.filter(dropped_at__isnull=True, sent_at__isnull=True)
        if row.planned_on is None or row.planned_on <= today
    ]
    if rows:
        text = _("Planned but not sent: %(rows)s.") % {"rows": listed(rows)}
        yield "communication.not_sent", text, "communications", ("R-REL", "R-PGM")


def _prerequisites(project: Project, asked: set[str], now: datetime) -> Iterable[Found]:
    """SEED-105."""
    rows = list(project.prerequisites.filter(dropped_at__isnull=True))
    roles = ("R-REL", "R-PGM")
    if waiting := [row for row in rows if row.state != "done"]:
        text = _("Prerequisites not confirmed: %(rows)s.") % {"rows": listed(waiting)}
        yield "prerequisite.open", text, "prerequisites", roles
    if "ART-41" in asked and not any(row.kind == Prerequisite.Kind.USERS for row in rows):
        text = _("It is not recorded that users are present for acceptance testing.")
        yield "prerequisite.no_users", text, "prerequisites", roles


def _changes(project: Project, asked: set[str], now: datetime) -> Iterable[Found]:
    """SEED-106."""
    rows = list(project.changerecords.all())
    roles = ("R-REL", "R-PGM")
    waiting = [row for row in rows if row.status == ChangeRecord.Status.OPEN]
    if waiting:
        text = _("Change records still open: %(rows)s.") % {"rows": listed(waiting)}
        yield "change_record.open", text, "change_records", roles
    in_order = any(row.status == ChangeRecord.Status.IN_ORDER for row in rows)
    if "ART-46" in asked and not waiting and not in_order:
        yield "change_record.none", _("No change record of this release is in order."), "change_records", roles


PARTS: tuple[Callable[[Project, set[str], datetime], Iterable[Found]], ...] = (
    _training,
    _agreements,
    _procedures,
    _contacts,
    _communications,
    _prerequisites,
    _changes,
)
