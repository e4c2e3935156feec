"""Files that were sent before and go with their form again: see `projects.held`."""

from typing import Any

from django.forms import Form
from django.utils import timezone
from django.utils.datastructures import MultiValueDict

from projects import held
from projects.requests import PersonalRequest


def kept(request: PersonalRequest) -> held.HeldFile | None:
    """What was sent with this form before; nothing any more when its sender does not want it."""
    if request.POST.get("remove_held"):
        held.drop(request.user, request.path)
        return None
    return held.held_for(request.user, request.path, now=timezone.now())


def files(request: PersonalRequest) -> MultiValueDict[str, Any]:
    """The file that came, else the one that was held."""
    before = kept(request)
    if request.FILES or before is None:
        return request.FILES
    return MultiValueDict({"file": [before.open()]})


def hold(request: PersonalRequest, form: Form) -> None:
    """A file that came with a form that was refused for something else is held."""
    file = request.FILES.get("file")
    if file is not None and "file" not in form.errors:
        held.keep(request.user, request.path, file, now=timezone.now())
