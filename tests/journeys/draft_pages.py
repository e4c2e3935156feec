"""The site with one more page: a form whose answers a test chooses. For the browser's tests of kept drafts."""

from django import forms
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template import engines
from django.urls import path

from deliverops.urls import handler400, urlpatterns

PAGE = engines["django"].from_string(
    '{% extends "base.html" %}{% block title %}Form{% endblock %}{% block content %}<h1>Form</h1>'
    '{% include "components/form.html" with form=form button="Send" keep="example" csrf_token=csrf_token only %}'
    "{% endblock %}"
)


class ExampleForm(forms.Form):
    text = forms.CharField(label="Text", widget=forms.Textarea)
    kind = forms.ChoiceField(label="Kind", choices=[("a", "A"), ("b", "B")], widget=forms.RadioSelect, initial="a")
    agreed = forms.BooleanField(label="Agreed", required=False)
    secret = forms.CharField(label="Secret", widget=forms.PasswordInput, required=False)
    answer = forms.ChoiceField(label="Answer", choices=[(a, a) for a in ("accept", "refuse", "expire", "break")])


def example(request: HttpRequest) -> HttpResponse:
    form = ExampleForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        answer = form.cleaned_data["answer"]
        if answer == "expire":
            logout(request)
            return redirect(f"/accounts/login/?next={request.path}")
        if answer == "break":
            return render(request, "403.html", status=403)
        if answer == "accept":
            messages.success(request, "Saved.")
            return redirect(request.path)
        form.add_error("text", "Not like this.")
    return HttpResponse(PAGE.render({"form": form}, request))


urlpatterns = [path("example/", example, name="example"), *urlpatterns]
__all__ = ["handler400", "urlpatterns"]
