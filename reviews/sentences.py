"""What the ledger's entries about reviews say, in words; added to the lower app's by `reviews.apps`."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from projects.sentences import Body, Sentence, named, object_name, worded_with
from reviews.catalog import REVIEW_TYPES
from reviews.models import Confidence, Decision, Position, Presence


def _decided(body: Body) -> str:
    decision = Decision(body["after"]["decision"])
    return _("decided %(review)s: %(decision)s") % {"review": object_name(body), "decision": decision.label}


def _signed(body: Body) -> str:
    after = body["after"]
    told = {
        "review": after["review"],
        "position": Position(after["position"]).label,
        "other": after.get("on_behalf_of"),
    }
    if told["other"]:
        return _("signed %(review)s for %(other)s: %(position)s") % told
    return _("signed %(review)s: %(position)s") % told


def _attended(body: Body) -> str:
    after = body["after"]
    return _("recorded that %(person)s took part in %(review)s: %(how)s") % {
        "person": named(after["user"]),
        "review": named(after["review"]),
        "how": Presence(after["how"]).label,
    }


def _called(body: Body) -> str:
    after = body["after"]
    return _("called the meeting of %(review)s for %(at)s UTC") % {
        "review": named(after["review"]),
        "at": after["starts_at"][:16].replace("T", " "),
    }


def _declared(body: Body) -> str:
    told = {"review": body["after"]["ref"]}
    if body["after"]["text"]:
        return _("declared a conflict of interest in %(review)s") % told
    return _("declared no conflict of interest in %(review)s") % told


def _confident(body: Body) -> str:
    after = body["after"]
    return _("judged the delivery in %(review)s: %(level)s") % {
        "review": named(after["review"]),
        "level": Confidence(after["level"]).label,
    }


GROUPS = {group.code: group.name for kind in REVIEW_TYPES.values() for group in kind.groups}


def _named(body: Body) -> str:
    after = body["after"]
    return _("named %(person)s for %(group)s") % {
        "person": named(after["user"]),
        "group": GROUPS.get(after["group"], after["group"]),
    }


def _about_review(text: object) -> Sentence:
    return lambda body: str(text) % {"review": object_name(body)}


SENTENCES: dict[str, Sentence] = {
    "review.opened": _about_review(gettext_lazy("began to prepare %(review)s")),
    "review.facts_set": _about_review(gettext_lazy("changed the facts of %(review)s")),
    "review.convened": _about_review(gettext_lazy("convened %(review)s")),
    "review.sign_offs_requested": _about_review(gettext_lazy("asked for the sign-offs of %(review)s")),
    "review.withdrawn": _about_review(gettext_lazy("withdrew %(review)s")),
    "review.decided": _decided,
    "participant.named": _named,
    "participant.removed": worded_with(gettext_lazy("took %(user)s out of the review"), "user"),
    "conflict.declared": _declared,
    "participant.recused": worded_with(gettext_lazy("recused %(user)s from the review"), "user"),
    "poll.opened": worded_with(gettext_lazy("opened a readiness poll in %(ref)s"), "ref"),
    "poll.answered": worded_with(gettext_lazy("answered the readiness poll of %(ref)s"), "ref"),
    "poll.closed": worded_with(gettext_lazy("closed the readiness poll of %(ref)s"), "ref"),
    "delegation.granted": worded_with(
        gettext_lazy("delegated the own signature of %(review)s to %(delegate)s"), "review", "delegate"
    ),
    "delegation.revoked": worded_with(
        gettext_lazy("revoked the delegation of a signature of %(review)s to %(delegate)s"), "review", "delegate"
    ),
    "review.acknowledged": worded_with(
        gettext_lazy("acknowledged the questions of %(ref)s, catalogue %(catalog_version)s"), "ref", "catalog_version"
    ),
    "input.pinned": worded_with(
        gettext_lazy("pinned version %(label)s to %(item)s in %(review)s"), "label", "item", "review"
    ),
    "item.answered": worded_with(gettext_lazy("answered %(code)s in %(review)s"), "code", "review"),
    "item.carried_over": worded_with(
        gettext_lazy("carried over the answer of %(code)s to %(review)s"), "code", "review"
    ),
    "item.asked_again": worded_with(gettext_lazy("asked %(code)s again in %(review)s"), "code", "review"),
    "waiver.requested": worded_with(gettext_lazy("asked for a waiver of %(code)s in %(review)s"), "code", "review"),
    "waiver.approved": worded_with(gettext_lazy("approved the waiver of %(code)s in %(review)s"), "code", "review"),
    "waiver.refused": worded_with(gettext_lazy("refused the waiver of %(code)s in %(review)s"), "code", "review"),
    "condition.added": _about_review(gettext_lazy("set condition %(review)s")),
    "condition.moved": worded_with(
        gettext_lazy("moved the day of C-%(condition_number)s of %(review)s from %(from_on)s to %(to_on)s"),
        *("condition_number", "review", "from_on", "to_on"),
    ),
    "condition.bound": worded_with(gettext_lazy("bound C-%(number)s of %(review)s to another day"), "number", "review"),
    "condition.taken_back": worded_with(
        gettext_lazy("took condition C-%(number)s of %(review)s back"), "number", "review"
    ),
    "condition.closed": worded_with(gettext_lazy("closed condition C-%(number)s of %(review)s"), "number", "review"),
    "finding.raised": worded_with(gettext_lazy("raised finding %(ref)s in %(review)s"), "ref", "review"),
    "finding.done": worded_with(gettext_lazy("closed finding %(ref)s of %(review)s as done"), "ref", "review"),
    "finding.rejected": worded_with(gettext_lazy("rejected finding %(ref)s of %(review)s"), "ref", "review"),
    "finding.merged": worded_with(
        gettext_lazy("merged finding %(ref)s of %(review)s into %(systemic)s"), "ref", "review", "systemic"
    ),
    "attendance.recorded": _attended,
    "agenda.set": _about_review(gettext_lazy("set the agenda of %(review)s")),
    "meeting.called": _called,
    "meeting.called_off": worded_with(gettext_lazy("called off the meeting of %(review)s"), "review"),
    "confidence.judged": _confident,
    "minutes.frozen": worded_with(gettext_lazy("froze the minutes of %(review)s"), "review"),
    "remediation.planned": _about_review(gettext_lazy("planned remediation %(review)s")),
    "remediation.done": _about_review(gettext_lazy("finished remediation %(review)s")),
    "sign_off.given": _signed,
    "sign_off.superseded": worded_with(
        gettext_lazy("made the signature of %(user)s on %(review)s stale"), "user", "review"
    ),
    "blackout.announced": _about_review(gettext_lazy("announced the blackout period %(review)s")),
    "blackout.lifted": _about_review(gettext_lazy("lifted the blackout period %(review)s")),
    "policy.proposed": _about_review(gettext_lazy("proposed the addition %(review)s")),
    "policy.approved": _about_review(gettext_lazy("approved the addition %(review)s")),
    "policy.retired": _about_review(gettext_lazy("retired the addition %(review)s")),
    "policy.dropped": _about_review(gettext_lazy("dropped the proposal %(review)s")),
    "policy.retirement_asked": _about_review(gettext_lazy("asked to retire %(review)s")),
    "policy.retirement_confirmed": _about_review(gettext_lazy("confirmed the retirement of %(review)s")),
    "policy.retirement_refused": _about_review(gettext_lazy("refused the retirement of %(review)s")),
    "policy.version_proposed": _about_review(gettext_lazy("proposed the rules %(review)s")),
    "policy.version_approved": _about_review(gettext_lazy("approved the rules %(review)s")),
    "policy.version_refused": _about_review(gettext_lazy("refused the rules %(review)s")),
    "evidence.exported": gettext_lazy("exported the evidence"),
}
