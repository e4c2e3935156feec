"""The form under a statement: who signs, on exactly what the page showed."""

from django import forms
from django.utils.translation import gettext_lazy as _

from projects.forms.credentials import CredentialsForm
from projects.forms.fields import TextField


class StatementForm(CredentialsForm):
    """A signature under a statement."""

    comment = TextField(
        label=_("Comment"), required=False, rows=2, help_text=_("If something is to be remembered with it.")
    )
    digest = forms.CharField(max_length=64, widget=forms.HiddenInput)
