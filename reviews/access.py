"""Who sees a review and may do what in it."""

from collections.abc import Callable
from dataclasses import dataclass

from django.http import Http404
from django.utils.translation import gettext as _

from projects import lifecycle
from projects.access import Seat, locked, project_for, seat
from projects.blocker import Blocked, NotAllowed
from projects.models import Project, User
from reviews import signing
from reviews.models import Participant, Review

WAIVER_AUTHORITIES = frozenset({"P-OPS", "P-SPONSOR", "P-OWN"})


@dataclass(frozen=True)
class RoomSeat:
    """A person's place in one review."""

    place: Seat
    review: Review
    participant: Participant | None

    @property
    def recused(self) -> bool:
        """Has declared a conflict of interest: answers nothing, signs, waives and decides nothing in this round."""
        return self.place.user.pk in self.review.recused

    @property
    def chairs(self) -> bool:
        return self.review.chair_id == self.place.user.pk and not self.place.user.is_auditor and not self.recused

    @property
    def prepares(self) -> bool:
        """Names people, convenes, asks for sign-offs: the chair and whoever manages the project."""
        return self.chairs or self.place.manages

    @property
    def answers(self) -> bool:
        """Assesses items: whoever is named in the review or prepares it; auditors and the recused only watch."""
        named = self.participant is not None and not self.place.user.is_auditor
        return (self.prepares or named) and not self.recused

    @property
    def signs(self) -> bool:
        return self.participant is not None and self.participant.signs

    @property
    def waives(self) -> bool:
        """Approves waivers: the chair, a solution manager or a named authority, never the program manager."""
        if "R-PGM" in self.place.roles or self.place.user.is_auditor or self.recused:
            return False
        return self.chairs or self.place.directs or bool(self.place.roles & WAIVER_AUTHORITIES)

    def require(self, allowed: bool, text: str) -> None:
        """Raises: NotAllowed with `text`, or saying that the person is recused."""
        if allowed and self.place.user.is_active:
            return
        raise NotAllowed(self.refusal(text))

    def refusal(self, text: str) -> str:
        """Why this person may not: the conflict of interest on record, else `text`."""
        if self.recused:
            return _("You have declared a conflict of interest in this round: somebody else does this.")
        return text


def room_seat(user: User, review: Review) -> RoomSeat:
    """The person's place in the review; one query when it was loaded by `signing.load`, else two."""
    participant = next((person for person in review.participants.all() if person.user_id == user.pk), None)
    if participant is not None and participant.removed_at is not None:
        participant = None
    return RoomSeat(place=seat(user, review.project), review=review, participant=participant)


def keeps_policy(user: User) -> bool:
    """Keeps what holds for all reviews: checklists, groups, blackout periods (SEED-42)."""
    return user.is_active and not user.is_auditor and (user.is_process_owner or user.is_solution_manager)


def _parse(ref: str) -> tuple[str, int]:
    kind, _dash, number = ref.partition("-")
    if kind not in ("PPA", "RR") or not number.isdigit() or len(number) > 4:
        raise Http404(_("There is no such review, or it is not yours to see."))
    return kind.lower(), int(number)


def review_for(user: User, code: str, ref: str) -> Review:
    """The round with this reference, fully loaded, if the person may see its project. Raises: Http404."""
    project = project_for(user, code)
    kind, number = _parse(ref)
    found = signing.loaded(Review.objects.filter(project=project, kind=kind, round=number))
    if not found:
        raise Http404(_("There is no such review, or it is not yours to see."))
    return found[0]


def review_id_for(user: User, code: str, ref: str) -> int:
    """Only which round it is, for what is asked often and seldom needs more. Two queries. Raises: Http404."""
    project = project_for(user, code)
    kind, number = _parse(ref)
    found = Review.objects.filter(project=project, kind=kind, round=number).values_list("pk", flat=True).first()
    if found is None:
        raise Http404(_("There is no such review, or it is not yours to see."))
    return found


def locked_review(review_id: int, *, load: Callable[[int], Review] = signing.load) -> tuple[Project, Review]:
    """The project's row locked, then the review as it is now: every action on a review begins here.

    Args:
        load: how much of it is read; `signing.load_people` where no packet is built.

    Raises: Review.DoesNotExist.
    """
    project = locked(Review.objects.values_list("project_id", flat=True).get(pk=review_id))
    return project, load(review_id)


def live_room(review_id: int, by: User, *, load: Callable[[int], Review] = signing.load) -> tuple[Review, RoomSeat]:
    """The review under its lock and the person's place in it, while the project is neither at rest nor at its end.

    Raises: Blocked, Review.DoesNotExist.
    """
    project, review = locked_review(review_id, load=load)
    found = lifecycle.status_blockers(project)
    if found:
        raise Blocked(found)
    return review, room_seat(by, review)
