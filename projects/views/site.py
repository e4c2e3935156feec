"""Pages about the site itself: about, the components it is built from, and what it says when something is wrong."""

from importlib.metadata import version
from typing import NamedTuple

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

# SEED-129: the sentence the licensor prescribes, word for word, so never translated.
ATTRIBUTION = "The Microsoft Operations Framework 4.0 is provided with permission from Microsoft Corporation."
ATTRIBUTION_LICENCE = "http://creativecommons.org/licenses/by/3.0/us/"


class Part(NamedTuple):
    """A packaged asset that reaches the reader's browser. Args: package: the distribution that carries it."""

    name: str
    package: str
    use: str | Promise
    licence: str

    @property
    def version(self) -> str:
        return version(self.package)


PARTS = [
    Part("Bootstrap", "django-js-lib-bootstrap5", _("Base styles."), "MIT"),
    Part("htmx", "django-htmx", _("Changes a part of a page."), "0BSD"),
    Part("Bootstrap Icons", "django-bs-icon-templates", _("The icons."), "MIT"),
]


@login_not_required
@require_safe
def about(request: HttpRequest) -> HttpResponse:
    """Attribution, licences, version (SEED-129, SEED-130). Open to everybody."""
    context = {"attribution": ATTRIBUTION, "attribution_licence": ATTRIBUTION_LICENCE, "parts": PARTS}
    return render(request, "about.html", context)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Like Django's own, but with the frame of the site."""
    return render(request, "400.html", status=400)
