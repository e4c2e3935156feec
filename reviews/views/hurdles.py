"""What is missing as the room lists it: many blockers of one kind under one line."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from projects.blocker import Blocker

FOLD_FROM = 4  # so many blockers of one kind are folded into one line
FOLDED: dict[str, Promise] = {
    "item.unanswered": gettext_lazy("%(count)d questions are not answered"),
    "item.not_fine": gettext_lazy("%(count)d answers stand against a go"),
    "signature.missing": gettext_lazy("%(count)d people have not signed the present content"),
    "input.missing": gettext_lazy("%(count)d inputs are missing or not approved"),
    "input.newer_version": gettext_lazy("%(count)d inputs have a newer version"),
    "artifact.not_approved": gettext_lazy("%(count)d artifacts are not approved"),
    "outcome.not_confirmed": gettext_lazy("%(count)d outcomes of the stage are not confirmed"),
    "finding.before_go": gettext_lazy("%(count)d findings must be settled before the go"),
    "group.missing": gettext_lazy("%(count)d groups lack a person or a signer"),
}


@dataclass(frozen=True)
class Hurdle:
    """Blockers of one kind under one line; a few stand on their own."""

    text: str
    blockers: list[Blocker]


def hurdles(blockers: Iterable[Blocker]) -> list[Hurdle]:
    """The blockers in their order; many of a kind are folded, none is left out."""
    kinds: dict[str, list[Blocker]] = {}
    for blocker in blockers:
        kinds.setdefault(blocker.code, []).append(blocker)
    found = []
    for code, of_kind in kinds.items():
        if len(of_kind) >= FOLD_FROM and code in FOLDED:
            found.append(Hurdle(str(FOLDED[code]) % {"count": len(of_kind)}, of_kind))
        else:
            found.extend(Hurdle("", [blocker]) for blocker in of_kind)
    return found
