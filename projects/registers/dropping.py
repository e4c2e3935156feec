"""The verb of registers whose rows can turn out not to be needed."""

from django.utils.translation import gettext_lazy as _

from projects.actions.dropping import drop
from projects.forms.fields import TextField
from projects.registers.register import RegisterForm, Verb


class DropForm(RegisterForm):
    reason = TextField(label=_("Why it is not needed"))


DROP = Verb(
    "drop",
    _("Drop"),
    drop,
    DropForm,
    open_to=lambda place: place.manages,
    when=lambda row: not (row.is_dropped or row.is_over),
    explain=_("The row stays here with your reason, and no gate waits for it any more."),
)
