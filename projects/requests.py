"""The request as views behind the login see it."""

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from projects.models import User


class PersonalRequest(HttpRequest):
    """For type checkers: `LoginRequiredMiddleware` lets nobody through who is not logged in."""

    user: User
    htmx: HtmxDetails
