"""Addresses of the upper app."""

from django.urls import path

from reviews.views import (
    calendar,
    debts,
    decide,
    delegations,
    evidence,
    findings,
    items,
    meeting,
    news,
    people,
    policy,
    report,
    room,
    sign,
)

_R = "projects/<str:code>/reviews/"

urlpatterns = [
    path(_R + "new/<str:kind>/", room.review_new, name="review_new"),
    path(_R + "<str:ref>/", room.room, name="review"),
    path(_R + "<str:ref>/news/", news.news, name="review_news"),
    path(_R + "<str:ref>/facts/", room.facts, name="review_facts"),
    path(_R + "<str:ref>/participants/", people.participants, name="participants"),
    path(_R + "<str:ref>/participants/<int:participant>/remove/", people.participant_remove, name="participant_remove"),
    path(_R + "<str:ref>/acknowledge/", room.acknowledge, name="acknowledge"),
    path(_R + "<str:ref>/convene/", room.convene, name="convene"),
    path(_R + "<str:ref>/withdraw/", room.withdraw, name="withdraw"),
    path(_R + "<str:ref>/items/<str:item>/", items.item, name="item"),
    path(_R + "<str:ref>/items/<str:item>/pin/", items.pin, name="item_pin"),
    path(_R + "<str:ref>/items/<str:item>/ask-again/", items.ask_again, name="ask_again"),
    path(_R + "<str:ref>/items/<str:item>/waiver/", items.waiver_new, name="waiver_new"),
    path(_R + "<str:ref>/waivers/<int:waiver>/", items.waiver, name="waiver"),
    path(_R + "<str:ref>/conditions/", debts.condition_new, name="condition_new"),
    path(_R + "<str:ref>/conditions/<int:number>/close/", debts.condition_close, name="condition_close"),
    path(_R + "<str:ref>/findings/new/", findings.finding_new, name="finding_new"),
    path(_R + "<str:ref>/findings/<int:number>/close/", findings.finding_close, name="finding_close"),
    path(_R + "<str:ref>/findings/<int:number>/merge/", findings.finding_merge, name="finding_merge"),
    path(_R + "<str:ref>/remediation/<int:number>/done/", debts.remediation_done, name="remediation_done"),
    path(_R + "<str:ref>/meeting.ics", meeting.calendar_file, name="meeting_calendar"),
    path(_R + "<str:ref>/agenda/", meeting.agenda, name="agenda"),
    path(_R + "<str:ref>/attendance/", meeting.attendance, name="attendance"),
    path(_R + "<str:ref>/interests/", meeting.declare, name="declare"),
    path(_R + "<str:ref>/confidence/", meeting.confidence, name="confidence"),
    path(_R + "<str:ref>/minutes/", meeting.minutes, name="minutes"),
    path(_R + "<str:ref>/request-sign-offs/", people.request_sign_offs, name="request_sign_offs"),
    path(_R + "<str:ref>/sign/", sign.sign, name="sign"),
    path(_R + "<str:ref>/delegations/", delegations.delegations, name="delegations"),
    path(
        _R + "<str:ref>/delegations/<int:delegation>/revoke/", delegations.delegation_revoke, name="delegation_revoke"
    ),
    path(_R + "<str:ref>/receipts/<int:sign_off>/", sign.receipt, name="receipt"),
    path(_R + "<str:ref>/decide/", decide.decide, name="decide"),
    path("projects/<str:code>/evidence/", evidence.evidence, name="evidence"),
    path("projects/<str:code>/evidence/pack/", evidence.evidence_pack, name="evidence_pack"),
    path("reports/phase/", report.phase_report, name="phase_report"),
    path("calendar/", calendar.gate_calendar, name="gate_calendar"),
    path("calendar/blackouts/<int:pk>/lift/", calendar.blackout_lift, name="blackout_lift"),
    path("policy/", policy.policy, name="policy"),
    path("policy/questions/new/", policy.policy_question, name="policy_question"),
    path("policy/signers/new/", policy.policy_signer, name="policy_signer"),
    path("policy/<str:what>/<int:pk>/<str:verb>/", policy.policy_do, name="policy_do"),
    path("evidence/key/", evidence.seal_public_key, name="seal_public_key"),
]
