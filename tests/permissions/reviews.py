"""Management reviews and evidence."""

from uuid import uuid4

from reviews import agenda, signing, terms
from tests import world
from tests.permissions import Row, code
from tests.permissions.stage import asks


def room(stage):
    return (stage.project.code, stage.review.ref)


def first(stage):
    return (stage.project.code, stage.first.ref)


def item(stage):
    return (*room(stage), "A1")


def reason(stage):
    return {"reason": "Because."}


def facts(stage):
    return {"chair": stage.people.manager.pk, "mode": "meeting", "candidate": ""}


def answered(stage):
    return {"value": "confirmed", "evidence": "Seen again.", "seen": 1}


def waived(stage):
    return {"reason": "Late.", "risk": "Small.", "compensation": "A look.", "expires_on": stage.next_week}


def rules(_stage):
    return ("ppa", "major")


def proposal(_stage):
    own = terms.delivered("ppa", "major")
    given = {f"place_{code}": own.place_of(code) for code in terms.group_names("ppa")}
    given |= {f"quorum_{code}": own.quorum.get(code, 0) + 1 for code in terms.group_names("ppa")}
    return {**given, "on": 1, "reason": "Two voices of each."}


def change(stage):
    return {**asks("Does everybody know the way back?"), "must": "on", "of": stage.asked.pk, "reason": "It is clearer."}


def blackout(stage):
    return {"starts_on": stage.next_week, "ends_on": stage.next_week, "reason": "Stocktaking."}


def condition(stage):
    owner = stage.people.user.pk
    return {"text": "Train.", "consequence": "Chaos.", "owner": owner, "due_on": stage.next_week}


def found(stage):
    owner = stage.people.user.pk
    return {"code": "A1", "category": "before_go", "text": "No baseline.", "owner": owner, "due_on": stage.next_week}


def minutes(stage):
    return {**agenda.planned(stage.review), "decision": 15}


def attended(stage):
    chair = stage.people.manager.pk
    return {f"how_{chair}": "remote", f"delegate_{chair}": ""}


def delegated(stage):
    return {"to": "olaf", "ends_at": f"{stage.next_week}T12:00", "reason": "At sea."}


def signed(stage):
    digest = signing.packet_digest(stage.review)
    return {"position": "agree", "packet": digest, "key": str(uuid4()), "password": world.PASSWORD}


def decided(stage):
    digest = signing.packet_digest(stage.review)
    areas = {"areas-TOTAL_FORMS": 0, "areas-INITIAL_FORMS": 0}
    return {"decision": "go", "risks_acceptable": "on", "packet": digest, "password": world.PASSWORD, **areas}


def question(stage):
    return {"kind": "rr", "categories": ["minor"], "section": "decision", "text": "Is it?", "origin": "An incident."}


def signer(stage):
    return {"kind": "rr", "categories": ["minor"], "role": "P-OPS", "origin": "An incident."}


ROWS = [
    #   anonymous, outsider, member, signer, program, manager, auditor, process owner, operator
    Row("review", "L0++++++0", at=room),
    Row("review_new", "L0++++++0", "L0XX++XX0", lambda s: (*code(s), "ppa"), facts),
    Row("review_news", "L0++++++0", at=room),
    Row("review_facts", "L0++++++0", "L0XX++XX0", room, facts),
    Row("participants", "L0++++++0", "L0XX++XX0", room, lambda s: {"group": "PPA-P1", "person": "mallory"}),
    Row("participant_remove", "L........", "L0XX++XX0", lambda s: (*room(s), s.sign_off.participant_id)),
    Row("acknowledge", "L0++++++0", "L0++++XX0", room),
    Row("convene", "L........", "L0XX++XX0", room),
    Row("withdraw", "L........", "L0XX++XX0", room, reason),
    Row("item", "L0++++++0", "L0++++XX0", item, answered),
    Row("item_pin", "L........", "L0XX++XX0", lambda s: (*room(s), "I1")),
    Row("ask_again", "L0++++++0", "L0XXX+XX0", item, reason),
    Row("item_confirm", "L........", "L0++++XX0", item),
    Row("waiver_new", "L0++++++0", "L0++++XX0", item, waived),
    Row(
        "waiver",
        "L0++++++0",
        "L0X+X+XX0",
        lambda s: (*room(s), s.waiver.pk),
        lambda s: {"approve": "yes", "reason": "Fine."},
    ),
    Row("condition_new", "L0++++++0", "L0XX++XX0", room, condition),
    Row("condition_close", "L0++++++0", "L0XX++XX0", lambda s: (*room(s), 1), lambda s: {"evidence": "Seen."}),
    Row("condition_take_back", "L0++++++0", "L0XX++XX0", lambda s: (*room(s), 1), reason),
    Row(
        "condition_move",
        "L0++++++0",
        "L0XXX+XX0",
        lambda s: (*room(s), 1),
        lambda s: {"to_on": s.next_week, "reason": "The trainer is ill."},
    ),
    Row("finding_new", "L0++++++0", "L0++++XX0", room, found),
    Row(
        "finding_close",
        "L0++++++0",
        "L0XX++XX0",
        lambda s: (*room(s), 1),
        lambda s: {"disposition": "done", "text": "Seen."},
    ),
    Row("finding_merge", "L0++++++0", "L0XX++XX0", lambda s: (*room(s), 1), lambda s: {"into": 2}),
    Row("remediation_done", "L0++++++0", "L0XX++XX0", lambda s: (*first(s), 1), lambda s: {"note": "Done."}),
    Row("request_sign_offs", "L0++++++0", "L0XX++XX0", room, lambda s: {"due_at": f"{s.next_week}T12:00"}),
    Row("meeting_calendar", "L0++++++0", at=room),
    Row("agenda", "L0++++++0", "L0XXX+XX0", room, minutes),
    Row("attendance", "L0++++++0", "L0XX++XX0", room, attended),
    Row("declare", "L0++++++0", "L0++++X+0", room, lambda s: {"declared": "none", "text": ""}),
    Row("poll", "L0++++++0", "L0X+XXXX0", room, lambda s: {"value": "ready", "text": ""}),
    Row("poll_open", "L........", "L0XX++XX0", room),
    Row("poll_close", "L........", "L0XXX+XX0", room),
    Row("confidence", "L0++++++0", "L0++++XX0", room, lambda s: {"level": "feasible", "reasons": "Two testers left."}),
    Row("minutes", "L0++++++0", at=room),
    Row("sign", "L0++++++0", "L0X+XXX+0", room, signed),  # the process owner is a delegate
    Row("delegations", "L0++++++0", "L0X+XXXX0", room, delegated),
    Row("delegation_revoke", "L........", "L0X+X+XX0", lambda s: (*room(s), s.delegation.pk)),
    Row("receipt", "L0++++++0", at=lambda s: (*room(s), s.sign_off.pk)),
    Row("decide", "L0++++++0", "L0XXX+XX0", room, decided),
    Row("phase_report", "L0000+++0"),
    Row("evidence", "L0++++++0", at=code),
    Row("gate_calendar", "L++++++++", "LXXXX+X+X", data=blackout),
    Row("blackout_lift", "L........", "LXXXX+X+X", at=lambda s: (s.blackout.pk,)),
    Row("policy", "L++++++++"),
    Row("policy_question", "LXXXX+X+X", "LXXXX+X+X", data=question),
    Row("policy_signer", "LXXXX+X+X", "LXXXX+X+X", data=signer),
    Row("policy_do", "L........", "LXXXX+XXX", lambda s: ("questions", s.question.pk, "approve"), label="approve"),
    Row("policy_do", "L........", "LXXXX+X+X", lambda s: ("questions", s.question.pk, "drop"), label="drop"),
    Row("policy_history", "L++++++++", at=lambda s: (s.changed.question,)),
    Row("policy_change", "LXXXX+X+X", "LXXXX+X+X", lambda s: (s.asked.question,), change),
    Row("policy_retirement", "LXXXX+X+X", "LXXXX+X+X", lambda s: ("questions", s.asked.pk), reason),
    Row("retirement_confirm", "L........", "LXXXX+XXX", lambda s: (s.retirement.pk,)),
    Row("retirement_refuse", "L........", "LXXXX+X+X", lambda s: (s.retirement.pk,), reason),
    Row("policy_versions", "L++++++++", at=rules),
    Row("policy_version_new", "LXXXX+X+X", "LXXXX+X+X", rules, proposal),
    Row("policy_version_approve", "L........", "LXXXX+XXX", lambda s: (s.version.pk,)),
    Row("policy_version_refuse", "L........", "LXXXX+X+X", lambda s: (s.version.pk,), reason),
    Row("evidence_pack", "L........", "L0XX++++0", at=code),
]
