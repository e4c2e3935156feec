"""PRJ-0015: a plan that was not approved. Auditors can sample a rejected item."""

from projects.actions import features
from reviews.demo import other_plans
from reviews.demo.rounds import Round
from reviews.demo.story import Story
from reviews.demo.testing import RiskLine, record_risks
from reviews.demo.timeline import Timeline
from reviews.models import Decision, ReviewKind

RISKS = (  # as in the risk plan, ART-23
    RiskLine("Money is not granted.", "reputation", 4, 4, "reduce", "Begin with the surveys alone.", "yusuf"),
    RiskLine("Cabling in two listed buildings.", "compliance", 3, 3, "avoid", "Survey first.", "ravi"),
)


def tell(timeline: Timeline) -> None:
    story = Story(timeline, "PRJ-0015")
    story.register(
        "2026-05-07 09:30",
        by="yusuf",
        program_manager="yusuf",
        title="Depot Wi-Fi refresh",
        description="New wireless networks for eleven depots.",
        project_type="infrastructure",
        category="significant",
        category_nature="Many people notice when it fails; no core system is changed.",
        category_size="Eleven depots, a year, EUR 410,000.",
        methodology="PMI",
        conversion_applies=False,
        intents="Signal at every gate, yard and workshop.\nA third of today's calls to the desk.",
        portfolio_ref="PMR-2026-07",
        portfolio_on="2026-04-30",
        unit="Facilities",
        planned_cost=410000,
        currency="EUR",
        planned_start="2026-05-11",
        planned_end="2027-06-25",
    )
    people = {
        "R-PDM": "anneke",
        "R-DEV": "ravi",
        "R-TST": "chloe",
        "R-REL": "samira",
        "R-OPX": "dag",
        "P-SPONSOR": "lucia",
        "P-FIN": "gareth",
        "P-ARCH": "viktor",
        "P-SEC": "naoko",
        "P-OPS": "hannah",
        "P-CUST": "joy",
    }
    story.people("2026-05-07 10:00", "yusuf", people)
    story.move("2026-05-11 09:00", "start_envision", "yusuf")
    story.need("2026-05-12 10:00", "anneke", "business", "Hand-held devices work at every place where people work.")
    story.need("2026-05-12 10:20", "dag", "operational", "One console for all access points.")
    record_risks(story, "2026-06-11", "yusuf", RISKS)
    story.papers("wifi", planned="2026-05-11 10:00", by="yusuf")
    story.signs("2026-05-21 15:00", "vision", {"team": "ravi", "customer": "joy"})
    story.outcomes(
        "2026-05-22 14:00",
        "yusuf",
        {
            "ENV-O1": "Vision document 1.0 read with the depot managers on [2026-05-20].",
            "ENV-O2": "Conceptual design is a section of vision document 1.0.",
            "ENV-O3": "Risks are a section of vision document 1.0.",
        },
    )
    story.move("2026-05-25 09:00", "start_planning", "yusuf")
    for name, owner, need in (
        ("Access points at gates, yards and workshops", "ravi", "R-001"),
        ("Roaming between access points", "ravi", "R-001"),
        ("One console with alerts", "dag", "R-002"),
    ):
        story.row(
            "2026-06-08 10:00",
            "a feature",
            features.add,
            "anneke",
            people={"owner": owner},
            name=name,
            requirements=lambda project, need=need: project.requirements.filter(ref=need),
        )
    other_plans.wifi(story)
    review = Round(story, ReviewKind.PPA, opened="2026-06-16 14:00", by="yusuf", scheduled="2026-06-23 10:00")
    review.convene("2026-06-17 09:30")
    review.conflict(
        "2026-06-17 11:20", "naoko", "My brother sells access points for one of the three who have made an offer."
    )
    review.named("2026-06-17 14:00", "PPA-P3", "tomasz")
    review.conflict("2026-06-17 14:30", "tomasz", "")
    review.sheet("wifi_ppa", "2026-06-18 09:10", minutes=40)
    review.ask("2026-06-23 10:20", due="2026-06-23 17:00")
    review.signed_by("2026-06-23 10:45", "yusuf anneke ravi chloe hannah joy")
    review.sign(
        "2026-06-23 11:15", "lucia", "The depots need signal now. I see that there is no money.", position="support"
    )
    review.decide(
        "2026-06-23 11:40",
        Decision.HOLD,
        "The plan is sound and the money is not there. Gareth Pugh asks Finance whether any is left from the depots' "
        "own budgets; we look at it again on [2026-07-07].",
        next_look="2026-07-07",
    )
    again = Round(
        story, ReviewKind.PPA, opened="2026-07-06 14:00", by="yusuf", scheduled="2026-07-07 10:00", delta=True
    )
    again.convene("2026-07-06 14:30")
    again.conflict("2026-07-06 15:10", "naoko", "As in June: my brother works for one of the three.")
    again.attended("2026-07-07 10:05", "yusuf anneke ravi chloe hannah joy lucia gareth")
    again.decide(
        "2026-07-07 10:40",
        Decision.NO_GO_CANCELLED,
        "Rejected and cancelled. Funding is not available this year, and the consolidation input shows that a managed "
        "service covers two depots already and could take more: ask there first.",
    )
