"""PRJ-0012 from its first release candidate on: a no-go, what was put right, a go with conditions, the quiet period."""

from reviews.demo import closing, tracing
from reviews.demo.rounds import Area, Round
from reviews.demo.story import Story
from reviews.models import Decision, ReviewKind

SIGN_THE_RELEASE = {
    "RR-P1": "dag farid",
    "RR-P2": "samira",
    "RR-P3": "naoko",
    "RR-P4": "aroha",
    "RR-P5": "hannah",
    "RR-P6": "ruth gareth",
    "RR-P7": "ingrid",
}
LOOK_ON_THE_RELEASE = {"RR-P2": "marcus tomasz leila yufei beatriz priya owen jonas", "RR-P7": "viktor emile"}

HOW_READY = {  # each unseen by the others
    "ruth": ("ready", ""),
    "aroha": ("concerns", "The 14 payslips are not explained."),
    "dag": ("not_ready", "Half a guide, and nobody but Farid to use it."),
    "farid": ("not_ready", "I am alone with it."),
    "samira": ("not_ready", "The way back takes nine hours and forty minutes."),
    "naoko": ("ready", ""),
    "hannah": ("not_ready", "If Tomasz is ill in pay week, we cannot repair a rejected file."),
    "gareth": ("concerns", "Finance can live with October or November, not with wrong payslips."),
    "ingrid": ("concerns", "I want to hear operations first."),
}
AREAS = (
    Area("Clear the 14 unexplained differences and repeat the parallel run.", 12, "tomasz", "2026-10-05", "G-REL-1"),
    Area("Finish the chapters on year-end and on leavers.", 3, "dag", "2026-09-30", "G-REL-2 N-REL-2"),
    Area("Appoint and induct a secondary support person.", 4, "hannah", "2026-09-25", "N-REL-3"),
    Area("Train the four support staff who are not trained yet.", 4, "owen", "2026-10-02", "G-ENV-1"),
    Area("Bring the way back under six hours and rehearse it.", 8, "samira", "2026-10-05", "G-REL-3"),
    Area("A second developer who can repair the bank file.", 5, "marcus", "2026-10-02", "N-STR-1"),
    Area("Sign the amendment with the bank gateway.", 2, "samira", "2026-10-09", "G-ENV-3"),
)


def tell(story: Story) -> None:
    _no_go(story)
    _put_right(story)
    _go(story)
    _deploy(story)
    closing.payroll(story)


def _no_go(story: Story) -> None:
    story.people("2026-08-03 09:30", "marcus", {"P-SUP1": "farid"})
    story.outcomes(
        "2026-09-11 16:00",
        "marcus",
        {
            "STB-O1": "132 of 141 are fixed, 3 deferred; the six that are open have owner and day (ART-34 1.0).",
            "STB-O2": "As far as we can judge; what parallel run 2 left unexplained is with the reviewers.",
        },
    )
    tracing.evaluated(
        story,
        "2026-09-10 11:00",
        "samira",
        "Seen running on RC-3.",
        addressed=True,
        but={
            "R-036": "The chapters on year-end and on leavers are missing from the guide.",
            "R-038": "Only Tomasz Wilk has repaired one so far.",
            "R-039": "The rehearsal of [2026-09-05] took 9 h 40.",
        },
    )
    review = Round(
        story,
        ReviewKind.RR,
        opened="2026-09-08 10:00",
        by="marcus",
        chair="viktor",
        scheduled="2026-09-15 13:00",
        candidate="RC-3",
    )
    review.people("2026-09-08 10:20", SIGN_THE_RELEASE, LOOK_ON_THE_RELEASE)
    review.convene("2026-09-14 12:40")
    review.sheet("payroll_rr1", "2026-09-14 12:45", minutes=12)
    review.poll("2026-09-15 12:10", HOW_READY)
    review.ask("2026-09-15 13:05", due="2026-09-15 17:00")
    review.sign("2026-09-15 13:50", "dag", "No-go: half a guide.")
    review.signed_by("2026-09-15 13:54", "farid samira naoko aroha hannah")
    review.sign(
        "2026-09-15 14:16",
        "ruth",
        "Delay costs us the [2026-10] window; I accept the support gap is real.",
        position="support",
    )
    review.signed_by("2026-09-15 14:20", "gareth ingrid")
    review.decide(
        "2026-09-15 14:40",
        Decision.NO_GO_POSTPONED,
        "Postponed. Five indicators are not confirmed and three no-go indicators are present. The group agrees; the "
        "sponsor disagrees and supports. Next look on [2026-10-13].",
        areas=AREAS,
        next_look="2026-10-13",
    )
    story.outcomes(
        "2026-09-15 16:30",
        "marcus",
        {
            "STB-O1": "Six issues are open, one of severity 1 (ART-34 1.0).",
            "STB-O2": "Parallel run 2 misses its criterion: 14 unexplained differences, 4 allowed.",
        },
        confirmed=False,
    )
    review.sheet("payroll_rr1_outputs", "2026-09-16 11:00")
    done = (
        ("2026-09-24 15:00", 3, "Kirsten Aalto is appointed and inducted; she shadows Farid Nasser from today."),
        ("2026-09-29 16:30", 2, "Both chapters are in guide 1.1, approved by Hannah Vogel the next morning."),
        ("2026-10-02 15:40", 4, "The last four were trained; seven of seven by name in support plan 1.1."),
        ("2026-10-02 17:10", 6, "Leila Haddad built, sent and repaired the bank file alone on the test gateway."),
        ("2026-10-03 17:30", 5, "Rehearsed today: 4 h 35, with PayLedger 6 as a warm copy beside."),
        ("2026-10-05 14:00", 1, "All 14 explained and mended; parallel run 3 repeated, verified by Aroha Ngata."),
    )
    for on, number, note in done:
        review.addressed(on, number, note)


def _put_right(story: Story) -> None:
    tracing.evaluated(story, "2026-10-07 11:00", "samira", "Seen running on RC-4.", addressed=True)
    story.people("2026-09-24 14:30", "marcus", {"P-SUP2": "kirsten"})
    story.outcomes(
        "2026-10-09 12:20",
        "marcus",
        {
            "STB-O1": "151 issues found, 147 fixed, 4 deferred with owner and workaround, none open (ART-34 1.1).",
            "STB-O2": "Parallel run 3 and pilot B meet their criteria (ART-32 1.1, ART-33 1.1).",
        },
    )


def _go(story: Story) -> None:
    story.signs("2026-10-09 14:00", "test-environment", {"testing": "beatriz"})
    story.signs("2026-10-09 14:30", "usable", {"users": "owen"})
    story.signs("2026-10-09 15:00", "user-acceptance", {"users": "aroha"})
    review = Round(
        story,
        ReviewKind.RR,
        opened="2026-10-07 14:00",
        by="marcus",
        chair="viktor",
        scheduled="2026-10-13 13:00",
        place="Head office, room Atlas",
        candidate="RC-4",
    )
    review.people(
        "2026-10-07 14:20",
        SIGN_THE_RELEASE,
        {"RR-P1": "kirsten", **LOOK_ON_THE_RELEASE},
    )
    review.agenda("2026-10-09 12:40", input=0, board=30, conditions=15, positions=20)
    review.convene("2026-10-09 12:45")
    review.waiver(
        "2026-10-09 15:30",
        "G-ENV-3",
        by="samira",
        reason="The bank's legal department has not finished its review of the amendment.",
        risk="If the gateway fails outside the bank's hours, nobody there has to answer us under the new sender.",
        compensation="The bank has confirmed out-of-hours support in writing; our on-call is doubled in pay week.",
        expires="2026-11-30",
        approved="2026-10-12 10:15",
        approver="hannah",
    )
    review.sheet("payroll_rr2", "2026-10-12 12:30", minutes=10)
    review.condition(
        "2026-10-13 12:50",
        "An automatic alert when the bank rejects a file.",
        consequence="Until it is there, somebody sits at the gateway's screen during every transmission.",
        owner="dag",
        due="2026-11-06",
        closed="2026-11-05 15:20",
        evidence="Alert rehearsed on the test gateway on [2026-11-05]: on-call was woken after 40 seconds.",
    )
    review.condition(
        "2026-10-13 12:55",
        "Repeat the rehearsal of the way back for the dual run in [2026-12].",
        consequence="Without it the dual run is not started, and the reviewers meet again.",
        owner="samira",
        due="2026-11-20",
    )
    review.ask("2026-10-13 13:10", due="2026-10-13 17:00")
    review.signed_by("2026-10-13 13:55", "dag farid samira naoko aroha hannah ruth")
    review.sign("2026-10-13 14:24", "gareth", "The bank's contract should be signed first.", position="support")
    review.sign("2026-10-13 14:28", "ingrid")
    review.decide(
        "2026-10-13 14:45",
        Decision.GO,
        "Go for RC-4 with two conditions and one waiver, W-01 for G-ENV-3. To the controller's disagreement: the "
        "bank's written confirmation covers the gap until [2026-11-30].",
        next_look="2026-11-30",
    )
    review.sheet("payroll_rr2_outputs", "2026-10-14 10:00", minutes=20)


def _deploy(story: Story) -> None:
    story.move("2026-10-14 09:00", "start_deploy", "marcus")
    story.outcomes(
        "2026-10-30 17:00",
        "marcus",
        {"DEP-O1": "In production since [2026-10-24]; first live pay today, 4,180 paid, 3 manual corrections."},
    )
    for kind, owner, due in (
        ("ART-52", "dag", "2026-11-27"),
        ("ART-50", "aroha", "2026-12-04"),
        ("ART-51", "hannah", "2026-12-04"),
        ("ART-53", "marcus", "2026-12-04"),
    ):
        story.planned("2026-11-02 10:00", "marcus", kind, owner, due)
