"""The meeting of a round as calendars know it: RFC 5545, sent by RFC 5546. Who is called is kept in `MeetingCall`."""

from collections.abc import Collection
from datetime import UTC

from django.conf import settings
from django.utils.translation import gettext as _
from icalendar import Calendar, Event, vCalAddress

from projects.mail import one_line
from projects.models import User
from reviews import agenda
from reviews.models import MeetingCall, Review

REQUEST, CANCEL, PUBLISH = "REQUEST", "CANCEL", "PUBLISH"


def standing(review: Review) -> MeetingCall | None:
    """The meeting as people were last called to it; None when nobody was, or it was called off. One query."""
    last = review.calls.select_related("chair").last()
    return None if last is None or last.cancelled else last


def object_for(review: Review, call: MeetingCall, method: str, *, to: Collection[User] = ()) -> str:
    """An iCalendar object about the meeting, in UTC.

    Args:
        review: with its project.
        call: as people are called; its UID and SEQUENCE make a later object replace an earlier one.
        method: REQUEST to everybody called, CANCEL to those who need not come any more, PUBLISH to keep a copy.
        to: the people it names.
    """
    event = Event()
    event.add("uid", call.uid)
    event.add("sequence", call.sequence)
    event.add("dtstamp", call.at.astimezone(UTC))
    event.add("dtstart", call.starts_at.astimezone(UTC))
    event.add("dtend", call.ends_at.astimezone(UTC))
    event.add("summary", one_line(f"{review.project.code} {review.ref}: {review.project.title}"))
    if call.place:
        event.add("location", one_line(call.place))
    address = settings.SITE_URL.rstrip("/") + review.get_absolute_url()
    event.add("url", address)
    event.add("description", _described(review, call, address))
    event.add("status", "CANCELLED" if method == CANCEL else "CONFIRMED")
    if method != PUBLISH:
        event.add("organizer", _address(call.chair))
        signers = {person.user_id for person in review.participants.all() if person.signs}
        for person in to:
            needed = "REQ-PARTICIPANT" if person.pk in signers else "OPT-PARTICIPANT"
            event.add("attendee", _attendee(person, "CHAIR" if person.pk == call.chair_id else needed))
    calendar = Calendar()
    calendar.add("prodid", "-//DeliverOps//Review meetings//EN")
    calendar.add("version", "2.0")
    calendar.add("method", method)
    calendar.add_component(event)
    text: bytes = calendar.to_ical()
    return text.decode()


def _described(review: Review, call: MeetingCall, address: str) -> str:
    """What it is about, and the agenda on the chair's clock: everybody gets the same text."""
    about = _("%(review)s of %(project)s") % {"review": review.get_kind_display(), "project": review.project.title}
    head = _("Agenda (%(clock)s):") % {"clock": agenda.clock_of(call.chair)}
    points = agenda.in_words(agenda.begun(call.agenda, call.starts_at), call.chair)
    return "\n".join([about, "", head, *points, "", _("The room: %(address)s") % {"address": address}])


def _address(person: User) -> vCalAddress:
    address = vCalAddress(f"mailto:{person.email}")
    address.params["CN"] = one_line(str(person))
    return address


def _attendee(person: User, role: str) -> vCalAddress:
    address = _address(person)
    address.params |= {"ROLE": role, "PARTSTAT": "NEEDS-ACTION", "RSVP": "TRUE"}
    return address
