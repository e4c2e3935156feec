"""What the people of a round still owe: who must be named, sign, and have taken part. Lists of blockers, read-only."""

from django.urls import reverse
from django.utils.translation import gettext as _

from projects.blocker import Blocker
from projects.catalog.roles import role_name
from projects.models import User
from reviews import meeting, signing, terms
from reviews.catalog import rigor
from reviews.models import Mode, Participant, Review


def holders_of(review: Review, role: str) -> list[User]:
    """Who holds the role on the project now; `signing.loaded` has brought them along, so that it costs no query."""
    return [held.user for held in review.project.roles.all() if held.role == role and held.ends_on is None]


def owner_of(review: Review) -> str:
    return str(next(iter(holders_of(review, "R-PGM")), review.chair))


def people_blockers(review: Review) -> list[Blocker]:
    """Groups without an available person, groups that must sign without a signer, an unfit chair (SEED-39, EXT-11)."""
    named: dict[str, list[Participant]] = {}
    recused: dict[str, list[str]] = {}
    for person in review.participants.all():
        if person.recused_at:
            recused.setdefault(person.group, []).append(str(person.user))
        elif person.user.is_active:
            named.setdefault(person.group, []).append(person)
    chair_recused = review.chair_id in review.recused
    found: list[Blocker] = []
    held, names = terms.of(review), terms.group_names(review.kind)
    url = reverse("participants", args=[review.project.code, review.ref])
    for group in held.groups:
        people, must_sign = named.get(group, []), group in held.signer_groups
        signers = [person for person in people if person.signs]
        by_signing = must_sign and review.mode == Mode.ASYNC  # without a meeting, signing is taking part
        counted, wanted = len(signers if by_signing else people), held.quorum.get(group, 0)
        if not people:
            text = _("Nobody is named for %(group)s.")
        elif must_sign and not signers:
            text = _("Nobody signs for %(group)s.")
        elif counted < wanted and by_signing:
            text = _("%(group)s: the quorum asks for %(wanted)d who sign, and %(counted)d does.")
        elif counted < wanted:
            text = _("%(group)s: the quorum asks for %(wanted)d people, and %(counted)d is named.")
        else:
            continue
        text %= {"group": names[group], "wanted": wanted, "counted": counted}
        if group in recused:
            who = ", ".join(recused[group])
            text += " " + _("Recused by a conflict of interest: %(who)s. Name somebody else.") % {"who": who}
        owner = owner_of(review) if chair_recused else str(review.chair)
        found.append(Blocker(code="group.missing", text=text, owner=owner, url=url))
    found += _signer_role_blockers(review, url)
    if not review.chair.is_active:
        found.append(Blocker(code="chair.left", text=_("The chair has left."), url=url))
    if chair_recused:
        found.append(
            Blocker(
                code="chair.recused",
                text=_("%(chair)s has declared a conflict of interest: name another chair.") % {"chair": review.chair},
                owner=", ".join(str(person) for person in holders_of(review, "R-SM")) or owner_of(review),
                url=reverse("review_facts", args=[review.project.code, review.ref]),
            )
        )
    if any(person.pk == review.chair_id for person in holders_of(review, "R-PGM")):
        found.append(
            Blocker(
                code="chair.program_manager",
                text=_("The chair is the project's program manager: name somebody else."),
                url=url,
            )
        )
    return found


def _signer_role_blockers(review: Review, url: str) -> list[Blocker]:
    """Roles that the category's profile and our own policy want among the signers, whatever their group (SEED-43)."""
    wanted = dict.fromkeys([*rigor(review.kind, review.category).signer_roles, *review.signer_roles])
    if not wanted:
        return []
    signers = {person.user_id for person in review.participants.all() if person.signs}
    return [
        Blocker(
            code="signer_role.missing",
            text=_("Nobody who holds the role %(role)s signs.") % {"role": role_name(role)},
            owner=str(review.chair),
            url=url,
        )
        for role in wanted
        if not any(person.pk in signers for person in holders_of(review, role))
    ]


def signature_blockers(review: Review) -> list[Blocker]:
    """Signers whose signature under the present packet is missing."""
    return [
        Blocker(
            code="signature.missing",
            text=_("%(person)s has not signed the present content.") % {"person": person.user},
            owner=str(person.user),
            url=reverse("sign", args=[review.project.code, review.ref]),
        )
        for person in signing.standing(review).waiting
    ]


def quorum_blockers(review: Review) -> list[Blocker]:
    """Who must have taken part in a meeting before it decides, and has not (EXT-09)."""
    if review.mode != Mode.MEETING:
        return []  # signing is taking part, and without the signatures there is no go
    missing = meeting.quorum(review).missing
    if not missing:
        return []
    return [
        Blocker(
            code="quorum.missing",
            text=_("No quorum: it is not recorded that these took part: %(who)s.") % {"who": ", ".join(missing)},
            owner=str(review.chair),
            url=reverse("attendance", args=[review.project.code, review.ref]),
        )
    ]
