"""PRJ-0008: the contact centre's voice upgrade, closed. One round of each review, a complete pack to export."""

from reviews.demo import closing, governance, other_plans, readiness_rows, tracing, voice_testing
from reviews.demo.rounds import Round
from reviews.demo.story import Story
from reviews.demo.timeline import Timeline
from reviews.models import Decision, ReviewKind

PEOPLE = {
    "R-PDM": "owen",
    "R-DEV": "ravi",
    "R-TST": "chloe",
    "R-TM": "beatriz",
    "R-REL": "samira",
    "R-OPX": "dag",
    "P-SPONSOR": "lucia",
    "P-CUST": "joy",
    "P-USER": "joy",
    "R-UX": "owen",
    "P-FIN": "gareth",
    "P-ARCH": "viktor",
    "P-SEC": "naoko",
    "P-OPS": "hannah",
    "P-DEPLOY": "jonas",
}


def tell(timeline: Timeline) -> None:
    story = Story(timeline, "PRJ-0008")
    _plan(story)
    _build(story)
    voice_testing.tell(story)
    _release(story)
    readiness_rows.voice(story)
    other_plans.voice(story)
    closing.voice(story)
    governance.voice(story)


def _plan(story: Story) -> None:
    story.register(
        "2025-10-06 09:15",
        by="marcus",
        program_manager="marcus",
        title="Contact-centre voice upgrade",
        description="84 seats of the contact centre move from the old exchange to a voice service over the network.",
        project_type="it_service",
        category="significant",
        category_nature="Every caller notices it; no data are converted.",
        category_size="84 seats at two sites, eight months, EUR 285,000.",
        methodology="PMI",
        conversion_applies=False,
        intents="Callers reach a person who can help.\nNo day on which nobody can be reached.",
        portfolio_ref="PMR-2025-31",
        portfolio_on="2025-10-02",
        unit="Customer service",
        planned_cost=285000,
        currency="EUR",
        planned_start="2025-10-06",
        planned_end="2026-06-26",
    )
    story.people("2025-10-06 10:00", "marcus", PEOPLE)
    story.move("2025-10-06 14:00", "start_envision", "marcus")
    story.need("2025-10-08 10:00", "owen", "business", "80 % of calls are answered within 30 seconds.")
    story.need("2025-10-08 10:10", "owen", "user", "The agent sees who is calling before picking up.")
    story.need("2025-10-09 11:00", "dag", "operational", "Calls go on when one computing centre is lost.")
    story.need("2025-10-09 11:10", "naoko", "system", "Lines are encrypted; foreign calls are limited.")
    story.papers("voice_plan", planned="2025-10-07 10:00", by="marcus")
    story.papers("voice_release", planned="2025-12-10 10:00", by="marcus")
    story.outcomes(
        "2025-10-24 14:00",
        "marcus",
        {
            "ENV-O1": "Vision document 1.0 read with the team and with Joy Mbeki's supervisors on [2025-10-22].",
            "ENV-O2": "Conceptual design is a section of vision document 1.0.",
            "ENV-O3": "Risks are a section of vision document 1.0.",
        },
    )
    story.signs("2025-10-22 15:00", "vision", {"team": "ravi", "customer": "joy"})
    story.move("2025-10-27 09:00", "start_planning", "marcus")
    tracing.taken_over(story, "2025-11-21 09:30", "owen", "voice_traceability.csv")
    story.outcomes(
        "2025-12-05 14:00",
        "marcus",
        {
            "PLN-O1": "Functional specification 1.0, 28 features, signed by the owners of its four groups.",
            "PLN-O2": "30 requirements traced to 28 features.",
        },
    )
    story.owners_sign("2025-12-03 09:30")
    story.signs("2025-12-03 10:00", "specification", {"customer": "joy"})
    story.signs("2025-12-03 10:30", "design", {"release": "samira"})
    story.signs("2025-12-03 11:00", "master-plan", {"team": "marcus", "stakeholders": "lucia"})
    story.signs("2025-12-03 11:10", "master-schedule", {"team": "marcus", "stakeholders": "lucia"})
    story.signs("2025-12-04 14:00", "plan", {"team": "owen", "customer": "joy", "stakeholders": "lucia"})
    review = Round(story, ReviewKind.PPA, opened="2025-12-02 10:00", by="marcus", scheduled="2025-12-09 10:00")
    review.convene("2025-12-05 15:00")
    review.sheet("voice_ppa", "2025-12-08 09:10", minutes=30)
    review.ask("2025-12-09 10:15", due="2025-12-09 17:00")
    review.signed_by("2025-12-09 10:40", "marcus owen ravi chloe lucia hannah joy")
    review.decide("2025-12-09 11:20", Decision.GO, "Approved as planned.", next_look="2026-04-14")
    review.sheet("voice_ppa_outputs", "2025-12-09 11:40")
    story.move("2025-12-10 09:00", "start_build", "marcus")


def _build(story: Story) -> None:
    tracing.built(story, "F-001 F-009", by="ravi", begun="2025-12-15", done="2026-01-30", tester="chloe")
    tracing.built(story, "F-010 F-017", by="owen", begun="2026-01-12", done="2026-02-20", tester="chloe")
    tracing.built(story, "F-018 F-022", by="ravi", begun="2026-01-19", done="2026-02-13", tester="chloe")
    tracing.built(story, "F-023 F-028", by="ravi", begun="2026-02-02", done="2026-02-25", tester="chloe")
    story.outcomes(
        "2026-02-27 14:00",
        "marcus",
        {
            "BLD-O1": "All 30 requirements, of all four kinds, traced to the final design 1.1.",
            "BLD-O2": "28 of 28 features shown to Joy Mbeki's supervisors on [2026-02-26].",
        },
    )
    for kind in ("business", "user", "operational", "system"):
        story.signs("2026-02-27 15:00", f"design-{kind}", {"team": "owen"})
    story.signs("2026-02-27 15:30", "scope", {"management": "marcus", "team": "ravi"})
    story.move("2026-03-02 09:00", "start_stabilize", "marcus")
    story.people("2026-03-02 09:30", "marcus", {"P-SUP1": "farid", "P-SUP2": "kirsten"})


def _release(story: Story) -> None:
    tracing.evaluated(story, "2026-04-08 14:00", "samira", "Seen in the pilot with VC-14.", addressed=True)
    story.outcomes(
        "2026-04-10 15:00",
        "marcus",
        {
            "STB-O1": "61 issues found, 59 fixed, 2 deferred with a workaround, none open (ART-34 1.0).",
            "STB-O2": "All tests passed, the pilot met both criteria (ART-32 1.0, ART-33 1.0).",
        },
    )
    story.signs("2026-04-08 14:00", "test-environment", {"testing": "beatriz"})
    story.signs("2026-04-08 14:30", "usable", {"users": "owen"})
    story.signs("2026-04-08 15:00", "user-acceptance", {"users": "joy"})
    review = Round(
        story,
        ReviewKind.RR,
        opened="2026-04-07 10:00",
        by="marcus",
        scheduled="2026-04-14 10:00",
        candidate="VC-14",
    )
    review.convene("2026-04-10 15:30")
    review.sheet("voice_rr", "2026-04-13 08:30", minutes=15)
    review.ask("2026-04-14 10:20", due="2026-04-14 17:00")
    review.signed_by("2026-04-14 10:45", "dag samira naoko joy hannah lucia ingrid")
    review.decide("2026-04-14 11:25", Decision.GO, "Go for VC-14.")
    review.sheet("voice_rr_outputs", "2026-04-15 10:00")
    story.move("2026-04-15 13:00", "start_deploy", "marcus")
    story.outcomes(
        "2026-05-29 16:00",
        "marcus",
        {
            "DEP-O1": "In production since [2026-04-19]; held through the storm of [2026-05-06].",
            "DEP-O2": "Accepted by Joy Mbeki on [2026-05-20].",
            "DEP-O3": "Taken over by Hannah Vogel and Farid Nasser on [2026-05-21].",
        },
    )
    story.signs("2026-05-22 15:00", "customer-acceptance", {"customer": "joy"})
    story.signs("2026-05-22 15:30", "transfer", {"giving": "samira", "receiving": "hannah"})
    story.signs("2026-05-29 15:00", "analysis", {"team": "ravi", "management": "ingrid", "stakeholders": "lucia"})
    story.move("2026-05-30 10:00", "close", "ingrid")
