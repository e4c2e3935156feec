"""The two forms with credentials: a signature, and the chair's decision."""

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from projects.forms.credentials import CredentialsForm
from projects.models import User
from reviews.actions.decisions import AreaToAddress
from reviews.forms.fields import DayField, PersonChoice, TextField, field_of, people_of
from reviews.models import Decision, Position, Review

AGREE_WITH_COMMENT = "comment"
POSITIONS = [
    (Position.AGREE.value, _("Agree"), _("For my part it can go ahead.")),
    (AGREE_WITH_COMMENT, _("Agree, with a comment"), _("It can go ahead, and something is to be remembered.")),
    (
        Position.SUPPORT.value,
        _("Disagree, but will support"),
        _("I would decide otherwise and will not stand in the way. Say why."),
    ),
    (Position.DISSENT.value, _("Dissent"), _("It should not go ahead. Say why; the chair answers before deciding.")),
]


class SignForm(CredentialsForm):
    """A position under exactly the packet that the page showed, and who gives it."""

    position = forms.ChoiceField(
        label=_("Your position"),
        choices=[(value, label) for value, label, _help in POSITIONS],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose a position.")},
    )
    comment = TextField(
        label=_("Comment"),
        required=False,
        help_text=_("Needed unless you simply agree. It becomes part of the record."),
    )
    packet = forms.CharField(max_length=64, widget=forms.HiddenInput)
    key = forms.UUIDField(widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        position = self.cleaned_data.get("position")
        if position and position != Position.AGREE and not self.cleaned_data.get("comment", "").strip():
            self.add_error("comment", _("Say it in a sentence: it becomes part of the record."))
        return cleaned

    @property
    def model_position(self) -> str:
        """The position as it is stored: agreeing with a comment is agreeing."""
        given: str = self.cleaned_data["position"]
        return Position.AGREE if given == AGREE_WITH_COMMENT else given


DECISIONS = [
    (Decision.GO.value, _("Go"), _("The gate opens at once.")),
    (
        Decision.NO_GO_POSTPONED.value,
        _("No-go, postponed"),
        _("The areas below are addressed; then another round is held."),
    ),
    (
        Decision.HOLD.value,
        _("Hold"),
        _("Neither yet: the gate stays as it is, and the review is looked at again on the day below."),
    ),
    (Decision.NO_GO_CANCELLED.value, _("No-go, cancelled"), _("The project ends here.")),
]


class DecideForm(CredentialsForm):
    """Go, hold or no-go by the chair, under the packet that the page showed."""

    decision = forms.ChoiceField(
        label=_("Decision"),
        choices=[(value, label) for value, label, _help in DECISIONS],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose a decision.")},
    )
    reason = TextField(
        label=_("Reason"), required=False, help_text=_("Needed for a hold and a no-go: everybody affected reads it.")
    )
    risks_acceptable = forms.BooleanField(
        label=_("The risks that remain are dealt with or acceptable."),
        required=False,
        help_text=_("Needed for a go: the release is the last point at which turning back is cheap."),
    )
    next_review_on = DayField(
        label=_("Next look"),
        required=False,
        help_text=_("Needed for a hold; useful after a no-go that postpones. The chair is reminded of it."),
    )
    packet = forms.CharField(max_length=64, widget=forms.HiddenInput)

    def __init__(self, *args: Any, states_risks: bool, **kwargs: Any) -> None:
        """Args: states_risks: the decision is about a release, whose go carries a statement on its risks (SEED-77)."""
        super().__init__(*args, **kwargs)
        if not states_risks:
            del self.fields["risks_acceptable"]

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        decision = self.cleaned_data.get("decision")
        if decision == Decision.GO and self.cleaned_data.get("risks_acceptable") is False:
            self.add_error("risks_acceptable", _("State it for a go, or decide hold or no-go."))
        if decision and decision != Decision.GO and not self.cleaned_data.get("reason", "").strip():
            self.add_error("reason", _("Give the reason for a hold or no-go: everybody affected reads it."))
        undated = "next_review_on" not in self.errors and not self.cleaned_data.get("next_review_on")
        if decision == Decision.HOLD and undated:
            self.add_error("next_review_on", _("Name the day on which the review is looked at again."))
        return cleaned


class AreaForm(forms.Form):
    """One area to address. A row left empty is no area."""

    area = TextField(label=_("Area to address"), required=False, rows=2)
    effort_days = forms.DecimalField(
        label=_("First estimate, person-days"),
        required=False,
        min_value=Decimal("0.1"),
        max_digits=7,
        decimal_places=1,
        widget=forms.NumberInput(attrs={"inputmode": "decimal", "step": "0.5"}),
    )
    owner = PersonChoice(label=_("Owner"), required=False)
    due_on = DayField(label=_("Due"), required=False)
    item_codes = forms.CharField(
        label=_("Questions"), required=False, max_length=200, help_text=_("Codes, e.g. I2, A3.")
    )

    def __init__(self, *args: Any, owners: list[User], codes: frozenset[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field_of(self, "owner", PersonChoice).offer(owners)
        self.codes = codes

    def clean_item_codes(self) -> tuple[str, ...]:
        typed = tuple(code.strip().upper() for code in self.cleaned_data["item_codes"].split(",") if code.strip())
        unknown = [code for code in typed if code not in self.codes]
        if unknown:
            raise forms.ValidationError(_("No such question: %(codes)s"), params={"codes": ", ".join(unknown)})
        return typed

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if self.is_empty:
            return cleaned
        for name in ("area", "effort_days", "owner", "due_on"):
            if name not in self.errors and not self.cleaned_data.get(name):
                self.add_error(name, _("Needed for every area to address."))
        return cleaned

    @property
    def is_empty(self) -> bool:
        """Nobody said what is to be addressed, nor how long it takes."""
        return not (self.cleaned_data.get("area", "").strip() or self.cleaned_data.get("effort_days"))

    def to_address(self) -> AreaToAddress:
        given = self.cleaned_data
        return AreaToAddress(
            area=given["area"],
            effort_days=given["effort_days"],
            owner=given["owner"],
            due_on=given["due_on"],
            item_codes=given["item_codes"],
        )


if TYPE_CHECKING:
    _AreaFormSet = forms.BaseFormSet[AreaForm]
else:  # generic in the stubs only
    _AreaFormSet = forms.BaseFormSet


class BaseAreas(_AreaFormSet):
    """The areas to address of a no-go."""

    def areas(self) -> tuple[AreaToAddress, ...]:
        return tuple(form.to_address() for form in self.forms if not form.is_empty)


def area_forms(review: Review, data: Any = None, *, initial: list[dict[str, Any]], extra: int = 1) -> BaseAreas:
    """The rows of a remediation plan: those given as `initial`, and some empty ones."""
    factory: Any = forms.formset_factory(AreaForm, formset=BaseAreas, extra=extra, max_num=60, absolute_max=60)
    codes = frozenset(item.code for item in review.items.all())
    owners = list(people_of(review.project))
    made: BaseAreas = factory(data, prefix="areas", initial=initial, form_kwargs={"owners": owners, "codes": codes})
    return made


def owners_by_default(review: Review) -> User:
    """Who answers for an area until somebody else is named: the program manager, else the chair."""
    return next((held.user for held in review.project.roles.all() if held.role == "R-PGM"), review.chair)
