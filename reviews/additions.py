"""Which of the organisation's additions hold for a round that begins now (SEED-42, SEED-43)."""

from collections.abc import Iterable

from projects.models import Project, User
from reviews.models import ChecklistAddition, Review, SignerAddition


def questions(kind: str, category: str) -> list[ChecklistAddition]:
    """Approved questions for reviews of this kind and category, oldest first. One query."""
    rows = ChecklistAddition.objects.filter(kind=kind, approved_at__isnull=False, retired_at__isnull=True)
    return [row for row in rows.order_by("pk") if category in row.categories]


def signer_roles(kind: str, category: str) -> list[str]:
    """Approved roles that must sign reviews of this kind and category. One query."""
    rows = SignerAddition.objects.filter(kind=kind, approved_at__isnull=False, retired_at__isnull=True)
    return sorted({row.role for row in rows if category in row.categories})


def origins(codes: Iterable[str], reader: User) -> dict[str, Review]:
    """The rounds that taught questions of our own, by the question's code, as far as the reader may see them (EXT-23).

    One query, and none where no question is our own.
    """
    own = [int(code.removeprefix("X-")) for code in codes if code.startswith("X-")]
    if not own:
        return {}
    rows = ChecklistAddition.objects.filter(pk__in=own, origin_review__project__in=Project.objects.visible_to(reader))
    return {row.code: row.origin_review for row in rows.select_related("origin_review__project") if row.origin_review}
