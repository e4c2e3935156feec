"""When a change may be called standard: it is made from a template that is known and tested (SEED-07)."""

from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from projects.blocker import Blocker
from projects.models import Category, ChangeTemplate


def blockers(category: str, template: ChangeTemplate | None, today: date) -> list[Blocker]:
    """What keeps a project of this category from being opened from this template. No query but the owner's name."""
    if category != Category.STANDARD:
        return []
    if template is None:
        return [
            Blocker(
                "template.missing",
                _("A standard change is opened from a template that is known and tested: choose one."),
            )
        ]
    state = ChangeTemplate.State(template.state)
    if state == ChangeTemplate.State.DRAFT:
        text = _("%(code)s is a draft: it is not known and tested yet.") % {"code": template.code}
    elif state == ChangeTemplate.State.SUSPENDED:
        text = _("%(code)s is suspended: %(reason)s") % {"code": template.code, "reason": template.suspended_reason}
    elif template.expired(today):
        day = date_format(template.expires_on, "j M Y") if template.expires_on else ""
        text = _("%(code)s expired on %(day)s: it has to be tested and approved again.") % {
            "code": template.code,
            "day": day,
        }
    else:
        return []
    return [Blocker(f"template.{state}", text, str(template.owner), template.get_absolute_url())]


def basis(template: ChangeTemplate) -> str:
    """The template's approval and test evidence, as a project keeps them whatever becomes of the template."""
    assert template.approved_at  # held by changetemplate_known_is_approved
    return _(
        "From %(code)s, owner %(owner)s, approved by %(approver)s on %(day)s: %(note)s. Tested: %(evidence)s. "
        "Valid until %(until)s."
    ) % {
        "code": template.code,
        "owner": template.owner,
        "approver": template.approved_by,
        "day": date_format(template.approved_at, "j M Y"),
        "note": template.approval_note.rstrip("."),
        "evidence": template.evidence.rstrip("."),
        "until": date_format(template.expires_on, "j M Y") if template.expires_on else "",
    }
