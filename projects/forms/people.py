"""Forms about people: an account, the roles across the organisation, the own profile."""

from zoneinfo import available_timezones

from django import forms
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.utils.translation import gettext_lazy as _

from projects.actions.people import PersonFacts
from projects.models import OrgRole, User


def time_zones() -> list[tuple[str, str]]:
    """Region/City names; the rest of the database is aliases of these."""
    named = sorted(zone for zone in available_timezones() if "/" in zone and not zone.startswith(("Etc/", "SystemV/")))
    return [("UTC", "UTC"), *((zone, zone.replace("_", " ")) for zone in named)]


class PersonForm(forms.Form):
    """What an operator says about a person who has an account."""

    name = forms.CharField(
        label=_("Name"), max_length=150, help_text=_("As it is printed under signatures. Earlier ones keep theirs.")
    )
    email = forms.EmailField(label=_("E-mail address"))
    unit = forms.CharField(label=_("Unit"), max_length=120, required=False)
    job_title = forms.CharField(label=_("Job"), max_length=120, required=False)
    time_zone = forms.ChoiceField(label=_("Time zone"), choices=time_zones, initial="UTC")

    @classmethod
    def of(cls, person: User) -> "PersonForm":
        return cls(initial={name: getattr(person, name) for name in cls.base_fields})

    def facts(self) -> PersonFacts:
        return PersonFacts(**{name: self.cleaned_data[name] for name in PersonForm.base_fields})


class NewPersonForm(PersonForm):
    """A person who gets an account, and a mail with a link to set the password."""

    username = forms.CharField(
        label=_("Username"),
        max_length=150,
        validators=[UnicodeUsernameValidator()],
        help_text=_("For the login, beside the e-mail address. It cannot be changed later."),
    )
    field_order = ["name", "username", "email", "unit", "job_title", "time_zone"]


class ProfileForm(forms.Form):
    """What everybody says about himself."""

    name = forms.CharField(
        label=_("Name"),
        max_length=150,
        help_text=_("As it is printed under your signatures. Earlier ones keep the name they were given under."),
    )
    time_zone = forms.ChoiceField(
        label=_("Time zone"), choices=time_zones, help_text=_("Times on pages and in mails to you are in this zone.")
    )


class DisableForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=500, widget=forms.TextInput)


class SearchForm(forms.Form):
    """What narrows the list of people."""

    q = forms.CharField(label=_("Name, username, address, unit or job"), required=False, max_length=200)
    role = forms.ChoiceField(label=_("Role"), required=False, choices=[("", _("Any")), *OrgRole.choices])
    state = forms.ChoiceField(
        label=_("Account"),
        required=False,
        choices=[("", _("Active")), ("disabled", _("Disabled")), ("all", _("All"))],
    )
