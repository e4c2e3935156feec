"""EMG-0003: an emergency on a Saturday night, and its record, complete on the third working day."""

from reviews.demo import closing, readiness_rows
from reviews.demo.rounds import Round
from reviews.demo.story import Story
from reviews.demo.timeline import Timeline
from reviews.models import Decision, ReviewKind

NIGHT = "2026-08-15"


def tell(timeline: Timeline) -> None:
    story = Story(timeline, "EMG-0003")
    story.register(
        f"{NIGHT} 22:40",
        by="ingrid",
        program_manager="yusuf",
        title="Revoke leaked key at meter gateway",
        description="A key of the meter gateway was found in a public build log at 22:31 UTC. Incident INC-8402.",
        project_type="infrastructure",
        category="emergency",
        category_nature="A secret is public; readings could be forged.",
        category_size="One key at one gateway.",
        conversion_applies=False,
        intents="The leaked key is worth nothing before anybody uses it.",
        unit="Operations",
        external_ref="INC-8402",
        planned_start=NIGHT,
        planned_end="2026-08-21",
    )
    people = {
        "R-DEV": "leila",
        "R-PDM": "joy",
        "P-OPS": "hannah",
        "P-SEC": "naoko",
        "P-SUP1": "farid",
        "P-SUP2": "kirsten",
        "P-DEPLOY": "jonas",
    }
    story.people(f"{NIGHT} 22:41", "yusuf", people)
    story.papers("leaked_key")
    _authorise(story)
    _fix(story)
    readiness_rows.leaked_key(story, NIGHT)
    closing.leaked_key(story)
    story.outcomes(
        "2026-08-19 14:30",
        "yusuf",
        {
            "DEP-O1": "New key in force since [2026-08-15] 23:20 UTC, readings complete since 01:30.",
            "DEP-O2": "Joy Mbeki, for those who bill: no reading is missing.",
            "DEP-O3": "The gateway stays with Operations; the guide has its page.",
        },
    )
    story.signs("2026-08-19 14:40", "transfer", {"giving": "yusuf", "receiving": "hannah"})
    story.signs("2026-08-19 14:45", "analysis", {"team": "leila", "management": "ingrid", "stakeholders": "naoko"})
    story.move("2026-08-19 15:00", "close", "ingrid")


def _authorise(story: Story) -> None:
    story.move(f"{NIGHT} 22:42", "start_envision", "yusuf")
    story.need(f"{NIGHT} 22:42", "naoko", "system", "Key 4F-A2 is refused by the gateway.")
    story.outcomes(
        f"{NIGHT} 22:43",
        "yusuf",
        {
            "ENV-O1": "Said on the line to all who are on it.",
            "ENV-O2": "Spare key in place of the leaked one.",
            "ENV-O3": "Readings of the night arrive late.",
        },
    )
    story.move(f"{NIGHT} 22:43", "start_planning", "yusuf")
    story.outcomes(
        f"{NIGHT} 22:48",
        "yusuf",
        {"PLN-O1": "Deployment plan 1.0, five lines.", "PLN-O2": "R-001 leads to the one change."},
    )
    review = Round(story, ReviewKind.PPA, opened=f"{NIGHT} 22:49", by="yusuf")
    review.people(f"{NIGHT} 22:49", {"PPA-P6": "naoko", "PPA-P7": "hannah"})
    review.convene(f"{NIGHT} 22:50")
    review.sheet("leaked_key_ppa", f"{NIGHT} 22:50", minutes=0)
    review.ask(f"{NIGHT} 22:51", due=f"{NIGHT} 23:30")
    review.sign(f"{NIGHT} 22:52", "hannah")
    review.sign(f"{NIGHT} 22:55", "naoko")
    review.decide(f"{NIGHT} 22:56", Decision.GO, "Authorised by Hannah Vogel and Naoko Ishii.")
    review.sheet("leaked_key_ppa_outputs", "2026-08-19 10:40")
    story.move(f"{NIGHT} 22:56", "start_build", "yusuf")


def _fix(story: Story) -> None:
    story.outcomes(
        f"{NIGHT} 22:57", "yusuf", {"BLD-O1": "Spare key loaded on the standby.", "BLD-O2": "Standby as production."}
    )
    story.move(f"{NIGHT} 22:58", "start_stabilize", "yusuf")
    story.outcomes(
        f"{NIGHT} 23:01",
        "yusuf",
        {"STB-O1": "No issue on the standby.", "STB-O2": "Revoked key refused, spare accepted."},
    )
    story.candidate(f"{NIGHT} 22:59", "yusuf", "Key 51-0C", "The spare key, on the standby gateway.")
    review = Round(story, ReviewKind.RR, opened=f"{NIGHT} 23:01", by="yusuf", candidate="Key 51-0C")
    review.people(f"{NIGHT} 23:02", {"RR-P1": "hannah", "RR-P6": "naoko"})
    review.convene(f"{NIGHT} 23:02")
    review.sheet("leaked_key_rr", f"{NIGHT} 23:03", minutes=0)
    review.ask(f"{NIGHT} 23:03", due=f"{NIGHT} 23:30")
    review.sign(f"{NIGHT} 23:04", "hannah")
    review.sign(f"{NIGHT} 23:05", "naoko")
    review.decide(f"{NIGHT} 23:06", Decision.GO, "Go.")
    story.move(f"{NIGHT} 23:06", "start_deploy", "yusuf")
    review.sheet("leaked_key_rr_outputs", "2026-08-19 11:00")
