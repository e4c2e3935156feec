"""What Tarnwick made of the no-go of its payroll: a question of its own, worded anew once; a third version waits."""

from datetime import datetime

from reviews.actions import policy
from reviews.actions.policy import Facts
from reviews.demo.timeline import Timeline
from reviews.models import ChecklistAddition, Review

LARGE = ("significant", "major")


def tell(timeline: Timeline) -> None:
    """No round that it is meant for begins afterwards, so none asks it yet."""
    calendar, cast = timeline.calendar, timeline.cast

    def asks(text: str, *categories: str) -> Facts:
        taught = Review.objects.select_related("project").get(project__code="PRJ-0012", kind="rr", round=1)
        return {
            "categories": categories,
            "section": "decision",
            "element": "",
            "text": text,
            "must": True,
            "origin": calendar.told("No-go of the payroll release, [2026-09-15]"),
            "origin_review": taught,
        }

    def newest() -> ChecklistAddition:
        return ChecklistAddition.objects.order_by("-number")[:1].get()

    def propose(now: datetime) -> None:
        said = asks("Does somebody besides the one who built it know how to repair each interface?", *LARGE)
        policy.propose_question(by=cast["margit"], kind="rr", now=now, **said)

    def sharpen(now: datetime) -> None:
        text = "Has somebody besides the one who built it repaired each interface, alone and on a test system?"
        why = "Everybody answered yes to the first wording. Only a repair that was tried tells."
        policy.propose_change(pk=newest().pk, by=cast["ingrid"], reason=why, now=now, **asks(text, *LARGE))

    def widen(now: datetime) -> None:
        said = asks(newest().text, "minor", *LARGE)
        why = "Small releases touch the bank file too."
        policy.propose_change(pk=newest().pk, by=cast["ingrid"], reason=why, now=now, **said)

    def approved_by(who: str, now: datetime) -> None:
        policy.approve(what=ChecklistAddition, pk=newest().pk, by=cast[who], now=now)

    timeline.add(calendar.at("2026-10-20 10:00"), "a question is proposed", propose)
    timeline.add(calendar.at("2026-10-21 09:10"), "it is approved", lambda now: approved_by("ingrid", now))
    timeline.add(calendar.at("2026-11-09 14:20"), "its next version is proposed", sharpen)
    timeline.add(calendar.at("2026-11-11 08:40"), "it is approved", lambda now: approved_by("margit", now))
    timeline.add(calendar.at("2026-11-20 15:30"), "a third version is proposed", widen)
