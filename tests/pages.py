"""Reading and posting the pages of reviews as a browser without scripts does: log in, take the form, send it back."""

import re
from html import unescape

from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from projects.models import User
from reviews.models import Review
from tests import world


def client_of(user: User) -> Client:
    """A browser in which this person has logged in."""
    client = Client()
    assert client.login(username=user.username, password=world.PASSWORD)
    return client


def address(name: str, review: Review, *more: object) -> str:
    return reverse(name, args=[review.project.code, review.ref, *more])


def text_of(response: HttpResponse) -> str:
    """The words of a page: no tags, no runs of blanks."""
    inside = re.sub(r"<(script|style)\b.*?</\1>", " ", response.content.decode(), flags=re.S)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", inside)).split())


def hidden(response: HttpResponse, name: str) -> str:
    """The value of a hidden field of the page's form."""
    found = re.search(rf'<input type="hidden" name="{name}" value="([^"]*)"', response.content.decode())
    assert found, f"no hidden field {name}"
    return found.group(1)


def sign_form(client: Client, review: Review, **typed: object) -> dict[str, object]:
    """What a browser posts from a sign page just opened."""
    page = client.get(address("sign", review))
    assert page.status_code == 200
    given = {"position": "agree", "comment": "", "password": world.PASSWORD, **typed}
    return {"packet": hidden(page, "packet"), "key": hidden(page, "key"), **given}


def areas_form(*areas: dict[str, object]) -> dict[str, object]:
    """The rows of a remediation plan as the browser names them."""
    given: dict[str, object] = {"areas-TOTAL_FORMS": len(areas), "areas-INITIAL_FORMS": 0}
    for at, area in enumerate(areas):
        given |= {f"areas-{at}-{name}": value for name, value in area.items()}
    return given


def decide_form(client: Client, review: Review, decision: str, *areas: dict[str, object], **typed: object):
    """What a browser posts from a decide page just opened."""
    page = client.get(address("decide", review))
    assert page.status_code == 200
    given = {"decision": decision, "reason": "", "next_review_on": "", "password": world.PASSWORD, **typed}
    if review.kind == "rr" and decision == "go":
        given.setdefault("risks_acceptable", "on")
    return {"packet": hidden(page, "packet"), **given, **areas_form(*areas)}


def answer_form(client: Client, review: Review, code: str, value: str, **typed: object) -> dict[str, object]:
    """What a browser posts from the page of one question just opened."""
    page = client.get(address("item", review, code))
    assert page.status_code == 200
    return {"seen": hidden(page, "seen"), "value": value, "evidence": "", "reason": "", **typed}


def waiver_form(**more: object) -> dict[str, object]:
    """A waiver asked for until far in the future."""
    given = {"reason": "Too late.", "risk": "Hearsay.", "compensation": "A call.", "expires_on": "2099-01-01"}
    return {**given, **more}
