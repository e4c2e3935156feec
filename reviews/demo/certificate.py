"""STD-0031, a standard change that went as its template says, and PRJ-0021, one that departed from it at step 3."""

from datetime import datetime
from typing import Any

from projects.actions import change_templates, standard
from projects.actions.change_templates import TemplateContent
from projects.models import ChangeTemplate
from reviews.demo import closing, readiness
from reviews.demo.rounds import Round
from reviews.demo.story import Story
from reviews.demo.timeline import Timeline
from reviews.models import Decision, ReviewKind

TEMPLATE = "TPL-STD-004"
CONTENT = TemplateContent(
    title="Replace public certificate on customer portal",
    changes="The public certificate that five addresses of the customer portal serve.",
    steps=(
        "Key made in the key store.\nChain and names checked in staging.\nIssued by the approved issuer only.\n"
        "Install and reload.\nSmoke-test five addresses.\nWatch 30 minutes."
    ),
    project_type="it_service",
    nature="Known and tested: only the certificate is replaced, by the approved issuer.",
    size="One certificate, five addresses, less than an hour of work.",
    plan="The six steps in their order, on one morning between 05:00 and 07:00 UTC, by one person.",
    deployment="Install and reload on each address. Rollback: restore the previous bundle, at most ten minutes.",
)

FACTS: dict[str, Any] = {
    "project_type": "it_service",
    "category": "standard",
    "template": TEMPLATE,
    "conversion_applies": False,
    "unit": "Digital workplace",
}
STEPS_DONE = (
    ("2026-11-02 14:20", "Key 7C:41 in the key store; nobody can read it out."),
    ("2026-11-02 14:40", "Chain and five names answer in staging."),
    ("2026-11-02 14:55", "Issued by the approved issuer, serial on record."),
    ("2026-11-04 05:34", "Installed on five addresses, each reloaded once."),
    ("2026-11-04 05:48", "Five of five serve the new certificate."),
    ("2026-11-04 06:20", "Thirty minutes watched, no alarm."),
)
PEOPLE = {
    "R-PDM": "owen",
    "R-DEV": "ravi",
    "R-REL": "samira",
    "P-SUP1": "farid",
    "P-CUST": "joy",
    "P-DEPLOY": "jonas",
}


def tell(timeline: Timeline) -> None:
    _template(timeline)
    by_template = Story(timeline, "STD-0031")
    _as_the_template_says(by_template)
    closing.certificate(by_template)
    _with_a_new_issuer(Story(timeline, "PRJ-0021"))


def _template(timeline: Timeline) -> None:
    """Samira's template, accepted after eleven runs under older records and a rehearsal."""
    calendar, cast = timeline.calendar, timeline.cast

    def write(now: datetime) -> None:
        change_templates.create(by=cast["yusuf"], owner=cast["samira"], content=CONTENT, now=now, code=TEMPLATE)

    def accept(now: datetime) -> None:
        change_templates.approve(
            template_id=ChangeTemplate.objects.get(code=TEMPLATE).pk,
            by=cast["ingrid"],
            note=calendar.told("Eleven successful runs under older records; Hannah Vogel and Naoko agree."),
            evidence=calendar.told("Rehearsal on [2026-03-04]: rollback within six minutes."),
            expires_on=calendar.day("2027-03-10"),
            now=now,
        )

    timeline.add(calendar.at("2026-03-09 10:00"), f"{TEMPLATE} is written", write)
    timeline.add(calendar.at("2026-03-10 14:00"), f"{TEMPLATE} is known and tested", accept)


def _as_the_template_says(story: Story) -> None:
    story.register(
        "2026-11-02 09:05",
        by="yusuf",
        program_manager="ravi",
        title="Portal certificate renewal",
        description="Requested by Ravi Menon on [2026-11-02] from template TPL-STD-004.",
        category_nature="Known and tested: template TPL-STD-004, eleven successful runs before.",
        category_size="One certificate, five addresses, less than an hour of work.",
        intents="The portal keeps a valid certificate; nobody notices.",
        external_ref="TPL-STD-004",
        planned_start="2026-11-02",
        planned_end="2026-11-06",
        **FACTS,
    )
    story.people("2026-11-02 09:08", "ravi", PEOPLE)
    story.move("2026-11-02 09:40", "start_envision", "ravi")
    story.need("2026-11-02 09:42", "ravi", "system", "The certificate ends on [2026-11-12] and is replaced before.")
    story.outcomes(
        "2026-11-02 09:44",
        "ravi",
        {
            "ENV-O1": "As the template says; nothing differs.",
            "ENV-O2": "As the template says; nothing differs.",
            "ENV-O3": "As the template says; nothing differs.",
        },
    )
    story.move("2026-11-02 09:46", "start_planning", "ravi")
    story.papers("certificate")
    story.outcomes(
        "2026-11-02 10:00",
        "ravi",
        {"PLN-O1": "Work plan with the template's six steps.", "PLN-O2": "R-001 leads to all six steps."},
    )
    plan = Round(story, ReviewKind.PPA, opened="2026-11-02 10:02", by="ravi")
    plan.convene("2026-11-02 10:04")
    plan.sheet("certificate_ppa", "2026-11-02 11:20")
    plan.ask("2026-11-02 11:21", due="2026-11-03 17:00")
    plan.sign("2026-11-02 11:23", "ingrid")
    plan.decide("2026-11-02 11:24", Decision.GO, "As the template says.")
    plan.sheet("certificate_ppa_outputs", "2026-11-02 11:30")
    story.move("2026-11-02 11:40", "start_build", "ravi")
    story.outcomes(
        "2026-11-02 15:00",
        "ravi",
        {"BLD-O1": "Certificate issued by the approved issuer.", "BLD-O2": "Chain and names checked in staging."},
    )
    story.move("2026-11-02 15:05", "start_stabilize", "ravi")
    story.outcomes(
        "2026-11-03 12:40",
        "ravi",
        {"STB-O1": "No issue came up.", "STB-O2": "Five of five addresses answer in staging."},
    )
    story.candidate("2026-11-02 15:10", "ravi", "Certificate 7C:41", "The certificate for five addresses.")
    readiness.way_back(
        story,
        "2026-11-03 12:42",
        "jonas",
        6,
        held="2026-03-04",
        window=10,
        no_return="None: the previous bundle stays on every address.",
        seen="The template's rehearsal: the previous bundle was restored and served again.",
    )
    release = Round(story, ReviewKind.RR, opened="2026-11-03 12:45", by="ravi", candidate="Certificate 7C:41")
    release.convene("2026-11-03 12:47")
    release.sheet("certificate_rr", "2026-11-03 12:50", minutes=3)
    release.ask("2026-11-03 13:30", due="2026-11-03 17:00")
    release.sign("2026-11-03 14:05", "samira")
    release.sign("2026-11-03 15:40", "farid")
    release.decide("2026-11-03 15:52", Decision.GO, "Both have signed; nothing departs from the template.")
    story.move("2026-11-04 05:25", "start_deploy", "ravi")
    for number, (on, evidence) in enumerate(STEPS_DONE, start=1):
        story.row(on, f"step {number}", standard.do_step, "jonas", number=number, evidence=evidence)
    release.sheet("certificate_rr_outputs", "2026-11-04 08:30")
    story.outcomes(
        "2026-11-06 09:00",
        "ravi",
        {
            "DEP-O1": "Served on five addresses since [2026-11-04] 05:48 UTC.",
            "DEP-O2": "Accepted by Joy Mbeki on [2026-11-04].",
            "DEP-O3": "The service stays with those who operate it.",
        },
    )
    story.row(
        "2026-11-06 09:10",
        "the run",
        standard.record_run,
        "ravi",
        succeeded=True,
        note="All five addresses serve the new certificate; thirty minutes watched, no alarm.",
    )
    story.move("2026-11-06 09:30", "close", "ingrid")


def _with_a_new_issuer(story: Story) -> None:
    story.register(
        "2026-11-17 10:05",
        by="yusuf",
        program_manager="ravi",
        title="Portal certificate with new issuer",
        description=(
            "Requested by Ravi Menon on [2026-11-17] as STD-0034 from template TPL-STD-004. Step 3 names a new issuer."
        ),
        category_nature="Asked for as known and tested, template TPL-STD-004.",
        category_size="One certificate, five addresses.",
        intents="A certificate that renews by itself.",
        external_ref="STD-0034",
        planned_start="2026-11-17",
        planned_end="2026-12-18",
        **FACTS,
    )
    story.recategorise(
        "2026-11-17 10:40",
        "minor",
        "ingrid",
        "Differs from the tested template TPL-STD-004 at step 3: a new issuer. Not a standard change any more; the "
        "request STD-0034 and its history stay with this project.",
        category_nature="Issuer and way of renewal are new; the portal itself is not changed.",
        category_size="One certificate, five addresses, three and a half days of work.",
    )
    story.people(
        "2026-11-17 10:50",
        "ravi",
        {
            **PEOPLE,
            "R-TST": "chloe",
            "R-OPX": "dag",
            "P-OPS": "hannah",
            "P-SEC": "naoko",
            "P-ARCH": "viktor",
        },
    )
    story.move("2026-11-17 11:30", "start_envision", "ravi")
    story.need(
        "2026-11-17 14:00", "owen", "business", "Customers reach the portal without a warning, on old devices too."
    )
    story.need(
        "2026-11-17 14:05", "farid", "operational", "A renewal that fails is told to the desk within ten minutes."
    )
    story.papers("new_issuer", planned="2026-11-17 11:45", by="ravi")
    story.outcomes(
        "2026-11-18 15:30",
        "ravi",
        {
            "ENV-O1": "Vision note 1.0 read with Owen Prichard and Joy Mbeki on [2026-11-18].",
            "ENV-O2": "Conceptual design is a section of vision note 1.0.",
            "ENV-O3": "Risks are a section of vision note 1.0.",
        },
    )
    story.move("2026-11-19 08:00", "start_planning", "ravi")
    story.planned("2026-11-19 08:10", "ravi", "ART-35", "dag", "2026-12-04")
    story.planned("2026-11-19 08:12", "ravi", "ART-36", "samira", "2026-12-04")
    story.outcomes(
        "2026-11-20 10:30",
        "ravi",
        {
            "PLN-O1": "Specification 1.0: two features, each with its test.",
            "PLN-O2": "R-001 leads to F-1, R-002 to F-2.",
        },
    )
    review = Round(story, ReviewKind.PPA, opened="2026-11-20 11:00", by="ravi", scheduled="2026-11-27 15:00")
    review.people(
        "2026-11-20 11:05",
        {"PPA-P6": "ingrid", "PPA-P7": "hannah"},
        {"PPA-P2": "owen", "PPA-P3": "naoko samira", "PPA-P5": "chloe", "PPA-P6": "viktor", "PPA-P7": "dag farid"},
    )
    review.convene("2026-11-20 11:20")
    review.sheet("new_issuer_ppa", "2026-11-20 11:30", minutes=11)
    review.ask("2026-11-20 14:00", due="2026-11-27 16:00")
    review.sign("2026-11-20 15:25", "hannah", "Agreed, if the desk is told of a failed renewal as written.")
