"""Forms of the import pages."""

from typing import Any

from django import forms
from django.conf import settings
from django.http import QueryDict
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from projects.importing.fields import FIELDS
from projects.importing.plan import Mapping
from projects.models import ImportMapping

ORDERS = [
    ("auto", _("Found out from the file")),
    ("dmy", _("Day, month, year")),
    ("mdy", _("Month, day, year")),
    ("ymd", _("Year, month, day")),
]


class UploadForm(forms.Form):
    file = forms.FileField(label=_("CSV file or Excel workbook (.xlsx)"))


class MatrixFile(forms.Form):
    """A table of requirements and features."""

    file = forms.FileField(label=_("CSV file or Excel workbook (.xlsx)"))

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > settings.ARTIFACT_MAX_BYTES:
            raise forms.ValidationError(
                gettext("The file has %(size)s; the limit is %(limit)s.")
                % {"size": filesizeformat(file.size), "limit": filesizeformat(settings.ARTIFACT_MAX_BYTES)}
            )
        return file


class SavedMappingForm(forms.Form):
    """Begin from a mapping that was saved for a file of this kind."""

    mapping = forms.ModelChoiceField(label=_("Saved mapping"), queryset=ImportMapping.objects.all())


class MappingForm(forms.Form):
    """For each field of a project: the column that holds it, or a value for every row."""

    order = forms.ChoiceField(label=_("Dates written in numbers"), choices=ORDERS)
    save_as = forms.CharField(
        label=_("Save this mapping as"),
        max_length=80,
        required=False,
        help_text=_("A name to use again for the next file of this kind."),
    )

    def __init__(self, data: QueryDict | None = None, *, header: list[str], mapping: Mapping) -> None:
        initial: dict[str, Any] = {"order": mapping.order}
        for name in FIELDS:
            column = mapping.fields.get(name, "")
            initial[f"column-{name}"] = column if column in header else ""
            initial[f"value-{name}"] = mapping.defaults.get(name, "")
        super().__init__(data, initial=initial)
        columns = [("", "—"), *((column, column) for column in header if column)]
        for name, field in FIELDS.items():
            self.fields[f"column-{name}"] = forms.ChoiceField(label=field.label, choices=columns, required=False)
            self.fields[f"value-{name}"] = forms.CharField(
                label=_("%(field)s for every row") % {"field": field.label}, required=False, max_length=500
            )

    def rows(self) -> list[dict[str, Any]]:
        """The fields in pairs, for the template."""
        return [
            {"label": field.label, "column": self[f"column-{name}"], "value": self[f"value-{name}"]}
            for name, field in FIELDS.items()
        ]

    def mapping(self) -> Mapping:
        data = self.cleaned_data
        return Mapping(
            fields={name: data[f"column-{name}"] for name in FIELDS if data[f"column-{name}"]},
            defaults={name: data[f"value-{name}"].strip() for name in FIELDS if data[f"value-{name}"].strip()},
            order=data["order"],
        )
