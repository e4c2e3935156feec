"""Whether those concerned know the escalation list as it is now (SEED-102)."""

from dataclasses import dataclass

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from projects.models import Communication, Project


@dataclass(frozen=True)
class EscalationList:
    """The list and when it was last told.

    Args:
        count: contacts on it now.
        told: the last communication of it that was sent.
        is_known: told since its last change.
    """

    count: int
    told: Communication | None
    is_known: bool


def last_told(project: Project) -> Communication | None:
    """The last communication of the escalation list that was sent, its sender at hand; one query."""
    sent = project.communications.filter(
        kind=Communication.Kind.ESCALATION, sent_at__isnull=False, dropped_at__isnull=True
    )
    return sent.select_related("sender").order_by("-noted_at", "-id").first()


def escalation_list(project: Project) -> EscalationList:
    """Two queries."""
    told = last_told(project)
    rows = list(project.escalationcontacts.values_list("created_at", "dropped_at"))
    changed = max((dropped or created for created, dropped in rows), default=None)
    is_known = told is not None and changed is not None and told.noted_at is not None and told.noted_at >= changed
    return EscalationList(sum(dropped is None for _created, dropped in rows), told, is_known)


def last_told_words(project: Project) -> str:
    """When and to whom the list was last told, as a sentence; one query."""
    return told_words(last_told(project))


def told_words(told: Communication | None) -> str:
    """When and to whom the list was told, as a sentence."""
    if told is None or told.sent_at is None:
        return _("Nobody has been told of this list yet.")
    return _("Last told to %(party)s on %(day)s by %(sender)s.") % {
        "party": told.party,
        "day": date_format(timezone.localtime(told.sent_at), "j M Y"),
        "sender": told.sender,
    }
