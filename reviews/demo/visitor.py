"""PRJ-0019: a bought product for three depots. Its release review on Thursday lacks this and that."""

from reviews.demo import closing
from reviews.demo.rounds import Round
from reviews.demo.story import Story
from reviews.demo.timeline import Timeline
from reviews.models import Decision, ReviewKind


def tell(timeline: Timeline) -> None:
    story = Story(timeline, "PRJ-0019")
    _plan(story)
    _plan_review(story)
    _build_and_stabilize(story)
    _release_review(story)
    closing.visitor(story)


def _plan(story: Story) -> None:
    story.register(
        "2026-09-04 08:30",
        by="yusuf",
        program_manager="yusuf",
        title="Visitor sign-in at three depots",
        description=(
            "Visitors of North Quay, Ember Lane and Halden Road sign in on tablets, three at each depot, and get a "
            "printed badge. Replaces the paper books."
        ),
        project_type="packaged_product",
        category="minor",
        category_nature="No core system is touched; a bought product, configured.",
        category_size="Three sites, nine tablets, six weeks, EUR 18,400.",
        methodology="Scrum",
        conversion_applies=False,
        intents=(
            "Know at any moment who is on a site.\nAn evacuation list that is right.\nNo more paper books with names "
            "that everybody can read."
        ),
        portfolio_ref="PMR-2026-11",
        portfolio_on="2026-09-03",
        unit="Facilities",
        planned_cost=18400,
        currency="EUR",
        planned_start="2026-09-07",
        planned_end="2026-12-11",
    )
    story.people(
        "2026-09-04 09:10",
        "yusuf",
        {
            "R-PDM": "anneke",
            "R-DEV": "ravi",
            "R-TST": "chloe",
            "R-TM": "beatriz",
            "R-UX": "owen",
            "R-REL": "samira",
            "R-OPX": "dag",
            "P-SPONSOR": "lucia",
            "P-CUST": "lucia",
            "P-OPS": "hannah",
            "P-SEC": "naoko",
            "P-SUP1": "joy",
        },
    )
    story.move("2026-09-07 09:00", "start_envision", "yusuf")
    story.need(
        "2026-09-08 10:00", "anneke", "business", "Visitors are known by name, company and host from gate to gate."
    )
    story.need(
        "2026-09-08 10:10",
        "anneke",
        "operational",
        "The fire warden has a list of who is on site, at most one minute old.",
    )
    story.need(
        "2026-09-08 10:20", "anneke", "user", "A visitor signs in within a minute without help, in Welsh or English."
    )
    story.need(
        "2026-09-09 11:00",
        "naoko",
        "system",
        "Names are deleted after 30 days; the export is kept where only facilities reads it.",
    )
    story.papers("visitor", planned="2026-09-07 10:00", by="yusuf")
    story.outcomes(
        "2026-09-16 16:00",
        "yusuf",
        {
            "ENV-O1": "Vision note 1.0 read with Lucía Benítez and the three depot managers on [2026-09-16].",
            "ENV-O2": "Conceptual design is a section of vision note 1.0.",
            "ENV-O3": "Risks are a section of vision note 1.0; the depot managers added the weak Wi-Fi at the gates.",
        },
    )
    story.move("2026-09-17 09:00", "start_planning", "yusuf")
    story.outcomes(
        "2026-10-01 13:00",
        "yusuf",
        {
            "PLN-O1": "Functional specification 1.1: nine features, each with screen, texts and acceptance test.",
            "PLN-O2": "The specification names the requirement behind each of its nine features.",
        },
    )


def _plan_review(story: Story) -> None:
    review = Round(story, ReviewKind.PPA, opened="2026-09-30 15:00", by="yusuf", scheduled="2026-10-02 16:00")
    review.convene("2026-10-01 13:30")
    review.sheet("visitor_ppa", "2026-10-01 13:40")
    review.ask("2026-10-01 15:30", due="2026-10-02 16:00")
    review.sign("2026-10-01 17:20", "lucia")
    review.sign("2026-10-02 08:45", "hannah", "Agreed. Show me the guide before the pilot, not after it.")
    review.decide("2026-10-02 15:10", Decision.GO, "Approved as planned.")
    review.sheet("visitor_ppa_outputs", "2026-10-02 15:20")
    story.move("2026-10-05 08:30", "start_build", "yusuf")


def _build_and_stabilize(story: Story) -> None:
    story.outcomes(
        "2026-10-28 15:30",
        "yusuf",
        {
            "BLD-O1": "All four kinds of requirement traced to configuration 5: R-001 to R-004.",
            "BLD-O2": "9 of 9 features shown to Anneke de Wit and Lucía Benítez on [2026-10-28].",
        },
    )
    story.move("2026-10-29 09:00", "start_stabilize", "yusuf")
    story.planned("2026-11-02 09:00", "yusuf", "ART-35", "dag", "2026-11-25")
    story.planned("2026-11-02 09:05", "yusuf", "ART-36", "samira", "2026-11-24")
    story.not_applicable(
        "2026-11-11 14:00",
        "ART-20",
        by="anneke",
        reason="A bought product; the vendor says that it keeps to the data protection rules.",
        refused="2026-11-12 10:30",
        refused_by="naoko",
        why_not="Visitor names are personal data, and it is we who keep them. A review is needed before the release.",
    )
    story.planned("2026-11-12 11:00", "yusuf", "ART-20", "yusuf", "2026-11-25")
    story.planned("2026-11-16 09:35", "yusuf", "ART-46", "samira", "2026-11-25")
    story.planned("2026-11-16 09:40", "yusuf", "ART-41", "lucia", "2026-11-26")


def _release_review(story: Story) -> None:
    review = Round(
        story,
        ReviewKind.RR,
        opened="2026-11-16 09:30",
        by="yusuf",
        scheduled="2026-11-26 13:00",
        candidate="Configuration 7",
    )
    review.sheet("visitor_rr", "2026-11-20 09:20", minutes=23)
