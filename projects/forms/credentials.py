"""The fields with which a person proves at a signature who he is. Mixed into the forms of the sign and decide pages."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from projects import credentials
from projects.models import User


class Unshown(forms.HiddenInput):
    """A hidden field that is filled by the browser and never sent back to it: an answer of a passkey works once."""

    def format_value(self, value: Any) -> None:
        return None


class CredentialsForm(forms.Form):
    """Password, and the second factors that the person has.

    Shown by ``projects/credentials.html`` (give it ``form``). The view, once the form is valid and before any
    transaction::

        proof = form.prove(request.user, bound_to=digest, required_second_factor=..., now=now)

    Args:
        user: who is to sign.
        bound_to: digest of what the page shows; the passkey button signs it.
        second_factor_by_profile: whether the change category asks for a second factor.
    """

    password = forms.CharField(
        label=_("Your password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    code = forms.CharField(
        label=_("Code of your authenticator app"),
        help_text=_("Or one of your recovery codes."),
        required=False,
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "spellcheck": "false"}),
    )
    passkey = forms.JSONField(required=False, widget=Unshown)

    def __init__(
        self, *args: Any, user: User, bound_to: str = "", second_factor_by_profile: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.bound_to = bound_to
        self.factors = credentials.factors_of(user)
        self.second_factor_missing = not self.factors and credentials.second_factor_demanded(second_factor_by_profile)
        if not self.factors:
            del self.fields["code"]
        elif not self.factors.totp:
            self.fields["code"].label = _("Recovery code")
            self.fields["code"].help_text = _("Only if your passkey is not at hand.")
        if not self.factors.passkey:
            del self.fields["passkey"]

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if self.factors and not self.errors and not (self.cleaned_data["code"] or self.cleaned_data.get("passkey")):
            asked = _("Enter a code, or use your passkey.")
            if not self.factors.passkey:
                asked = _("Enter the code of your authenticator app, or one of your recovery codes.")
            self.add_error("code", asked)
        return cleaned

    def prove(
        self, user: User, *, bound_to: str, required_second_factor: bool = False, now: datetime
    ) -> credentials.Proof:
        """The proof that an action asks for. Raises what `credentials.prove` raises."""
        passkey = self.cleaned_data.get("passkey")
        return credentials.prove(
            user,
            password=self.cleaned_data["password"],
            code=self.cleaned_data.get("code", ""),
            passkey_response=passkey if isinstance(passkey, dict) else None,
            bound_to=bound_to,
            required_second_factor=required_second_factor,
            now=now,
        )
