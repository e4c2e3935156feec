"""How findings end: who may not end one and who can, and into which others one can be merged. Read-only.

The page says by these what the action refuses by them. Findings are of a review as `signing.load` gives it.
"""

from datetime import datetime

from django.utils.translation import gettext as _

from projects.holders import holders
from projects.models import User
from reviews import delegating
from reviews.models import Finding, FindingClass

SEVERITY = [FindingClass.EDITORIAL, FindingClass.AFTER_GO, FindingClass.BEFORE_GO]


def together(finding: Finding) -> list[Finding]:
    """The finding and those that are merged into it: what closes with it."""
    return [each for each in finding.review.findings.all() if finding.pk in (each.pk, each.merged_into_id)]


def _kept_from(finding: Finding, user_id: int, now: datetime) -> bool:
    """Owns it, or signs for its owner or the owner for this person (EXT-24)."""
    owner = finding.owner_id
    return owner is not None and (owner == user_id or delegating.one_hand(finding.review, user_id, owner, now))


def closers(finding: Finding, now: datetime) -> list[User]:
    """Who can say that it is done: who raised it, the chair, who manages the project; none that it is kept from."""
    review, held = finding.review, holders(finding.review.project)
    people = dict.fromkeys([finding.raised_by, review.chair, *held.get("R-PGM", []), *held.get("R-SM", [])])
    return [
        person
        for person in people
        if person.is_active
        and not person.is_auditor
        and person.pk not in review.recused
        and not any(_kept_from(each, person.pk, now) for each in together(finding))
    ]


def obstacle(finding: Finding, by: User, now: datetime, *, merging: bool = False) -> str:
    """Why this person does not end the finding, and who can, as a sentence; empty when nothing keeps it from him.

    Args:
        merging: into another one, where what is merged into this one does not count.
    """
    kept = (each for each in ([finding] if merging else together(finding)) if _kept_from(each, by.pk, now))
    own = next(kept, None)
    if own is None:
        return ""
    who = ", ".join(map(str, closers(finding, now))) or _("a solution manager")
    if own.owner_id == by.pk:
        return _("%(finding)s is yours to settle: somebody else closes it. Ask %(who)s.") % {
            "finding": own,
            "who": who,
        }
    return _(
        "%(finding)s is %(owner)s's, and one of you signs for the other: somebody else closes it. Ask %(who)s."
    ) % {
        "finding": own,
        "owner": own.owner,
        "who": who,
    }


def laxer(systemic: Finding, finding: Finding) -> str:
    """Why the finding is not merged into that one, as a sentence; empty when that one is as strict (EXT-21)."""
    named = {"systemic": systemic, "finding": finding}
    if SEVERITY.index(FindingClass(systemic.category)) < SEVERITY.index(FindingClass(finding.category)):
        return _("%(systemic)s may be settled later than %(finding)s: merge into one that is as strict.") % named
    if finding.due_on is not None and systemic.due_on is not None and systemic.due_on > finding.due_on:
        return _("%(systemic)s is due later than %(finding)s: merge into one that is as strict.") % named
    return ""


def is_systemic(finding: Finding) -> bool:
    """Whether others are merged into it: then it is not merged itself."""
    return len(together(finding)) > 1


def mergeable(finding: Finding) -> list[Finding]:
    """Findings of the round into which this one can be merged."""
    if is_systemic(finding):
        return []
    others = (each for each in finding.review.findings.all() if each.is_open and each.pk != finding.pk)
    return [each for each in others if not laxer(each, finding)]
