"""The living page of components: every partial of templates/components in its states, with long real words.

The documentation shown is the comment at the top of the partial itself; the example is the template of the same name
in templates/gallery. A test fails when a component has no example.
"""

import re
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from projects.views import gallery_words

COMPONENTS = Path(settings.BASE_DIR) / "templates" / "components"
COMMENT = re.compile(r"{% comment %}\n(.*?)\n{% endcomment %}", re.DOTALL)

# What every page shows once around its content needs no second example.
FRAME = {"assets", "top_bar", "account_menu", "footer", "live", "messages"}


@dataclass(frozen=True)
class Component:
    """One partial. Args: says: the comment at its top. example: template that shows it; empty for the frame."""

    name: str
    says: str
    example: str


def components() -> list[Component]:
    """Every partial, by name."""
    found = []
    for path in sorted(COMPONENTS.glob("*.html")):
        comment = COMMENT.search(path.read_text(encoding="utf-8"))
        example = "" if path.stem in FRAME else f"gallery/{path.stem}.html"
        found.append(Component(path.stem, comment.group(1) if comment else "", example))
    return found


@require_safe
def gallery(request: HttpRequest) -> HttpResponse:
    """Nothing here is a project: words, people and digests are made up."""
    words = gallery_words.words(now=timezone.now())
    return render(request, "components.html", {"components": components(), **words})


@require_safe
def part(request: HttpRequest) -> HttpResponse:
    """What the drawer, the skeleton and the progress of the living page fetch."""
    return render(request, "gallery/part.html", gallery_words.words(now=timezone.now()))
