"""The site's addresses and, beside them, the floor: what a page costs that does next to nothing."""

from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import include, path

from projects.models import Project

FLOOR = engines["django"].from_string(
    "<!doctype html><title>Floor</title><h1>{{ user }}</h1>"
    "<ul>{% for project in page %}<li>{{ project.title }}</li>{% endfor %}</ul>"
)


def floor(request: HttpRequest) -> HttpResponse:
    """A bare page: session and person (two queries), 25 rows (one more), one template."""
    page = list(Project.objects.order_by("-id")[:25])
    return HttpResponse(FLOOR.render({"user": request.user, "page": page}, request))


urlpatterns = [path("floor/", floor), path("", include("deliverops.urls"))]
