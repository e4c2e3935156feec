"""What a project is, as a person states it: the same words for the form, the import, the record and the pack."""

import re
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal
from typing import Any

from projects.models import ChangeTemplate, Project

CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}")
RESERVED_CODES = frozenset({"new", "import"})
"""Codes that are addresses of other pages."""


@dataclass(frozen=True, kw_only=True)
class ProjectFacts:
    """What a project is. Money in units of `currency`, dates without time.

    Args:
        conversion_applies: whether data or system conversion applies; None when not answered yet (SEED-47).
        template: what a standard change is made from (SEED-07).
        category_nature, category_size: why this category, as the source asks: the nature and the size of the change.
    """

    title: str
    project_type: str
    category: str
    category_nature: str
    category_size: str
    description: str = ""
    methodology: str = ""
    conversion_applies: bool | None = None
    role_segregation: bool = False
    intents: str = ""
    portfolio_ref: str = ""
    portfolio_date: date | None = None
    portfolio_outcome: str = ""
    unit: str = ""
    external_ref: str = ""
    planned_cost: Decimal | None = None
    currency: str = ""
    planned_start: date | None = None
    planned_end: date | None = None
    template: ChangeTemplate | None = None

    def as_dict(self) -> dict[str, Any]:
        return {field.name: getattr(self, field.name) for field in fields(self)}

    @classmethod
    def of(cls, project: Project) -> "ProjectFacts":
        """The facts as they stand on a project now."""
        return cls(**{field.name: getattr(project, field.name) for field in fields(cls)})
