"""Which of the organisation's additions hold for a round that begins now (SEED-42, SEED-43)."""

from reviews.models import ChecklistAddition, SignerAddition


def questions(kind: str, category: str) -> list[ChecklistAddition]:
    """Approved questions for reviews of this kind and category, oldest first. One query."""
    rows = ChecklistAddition.objects.filter(kind=kind, approved_at__isnull=False, retired_at__isnull=True)
    return [row for row in rows.order_by("pk") if category in row.categories]


def signer_roles(kind: str, category: str) -> list[str]:
    """Approved roles that must sign reviews of this kind and category. One query."""
    rows = SignerAddition.objects.filter(kind=kind, approved_at__isnull=False, retired_at__isnull=True)
    return sorted({row.role for row in rows if category in row.categories})
