"""What the site has told a person, as the mail looks; and for operators, how the mail is getting out."""

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.db.models import Count, Min
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from projects import mail
from projects.actions import notices as actions
from projects.blocker import Refused
from projects.models import Notice
from projects.requests import PersonalRequest
from projects.views.people import operators_only

PAGE = 50


@require_safe
def mailbox(request: PersonalRequest) -> HttpResponse:
    """The reader's own notices that were sent, newest first. Nobody sees another's."""
    mine = Notice.objects.filter(recipient=request.user, state=Notice.State.SENT).select_related("project")
    page = Paginator(mine.defer("body"), PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "mailed": not settings.MAIL_TO_MAILBOX, **leaves(page)}
    return render(request, "projects/mailbox.html", context)


@require_safe
def notice(request: PersonalRequest, pk: int) -> HttpResponse:
    """One of the reader's own notices as the mail that it is. Missing, foreign and unsent ones answer alike."""
    one = _mine(request, pk)
    context = {
        "notice": one,
        "letter": mail.message(one),
        "link": mail.link(one),
        "href": one.path,  # within the site, under whatever name the reader came by
        "site": settings.SITE_URL,
    }
    return render(request, "projects/mailbox_notice.html", context)


@require_safe
def calendar(request: PersonalRequest, pk: int) -> HttpResponse:
    """What is attached to one of the reader's own notices for a calendar, as the mail would carry it."""
    one = _mine(request, pk)
    if not one.calendar:
        raise Http404(_("Nothing is attached to this notice."))
    answer = HttpResponse(one.calendar, content_type="text/calendar; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{mail.ATTACHED}"'
    return answer


def _mine(request: PersonalRequest, pk: int) -> Notice:
    """Raises: Http404, alike for a missing, a foreign and an unsent one."""
    sent = Notice.objects.select_related("recipient", "project").filter(state=Notice.State.SENT)
    return get_object_or_404(sent, pk=pk, recipient=request.user)


@require_safe
@operators_only
def delivery(request: PersonalRequest) -> HttpResponse:
    """What waits, what failed and why: states and errors, never what stands in another person's mail."""
    shown = Notice.objects.select_related("recipient").defer("subject", "body")
    failed = Paginator(shown.filter(state=Notice.State.FAILED).order_by("-id"), PAGE)
    pending = Notice.objects.filter(state=Notice.State.PENDING)
    page = failed.get_page(request.GET.get("page"))
    context = {
        "page": page,
        "failed": failed.count,
        "waiting": pending.aggregate(count=Count("pk"), oldest=Min("not_before")),
        "retrying": shown.filter(state=Notice.State.PENDING).exclude(last_error="").order_by("not_before")[:PAGE],
        "to_mailbox": settings.MAIL_TO_MAILBOX,
        **leaves(page),
    }
    return render(request, "projects/mail_delivery.html", context)


@require_POST
@operators_only
def retry(request: PersonalRequest, pk: int) -> HttpResponse:
    """A failed notice is tried again."""
    try:
        actions.retry(notice_id=pk, by=request.user, now=timezone.now())
    except Refused as refused:
        messages.error(request, refused.text)
    else:
        messages.success(request, _("It will be sent again in a moment."))
    return redirect("mail_delivery")


@require_POST
@operators_only
def retry_all(request: PersonalRequest) -> HttpResponse:
    """Every failed notice is tried again."""
    count = actions.retry_all(by=request.user, now=timezone.now())
    text = ngettext("%(count)d notice will be sent again.", "%(count)d notices will be sent again.", count)
    messages.success(request, text % {"count": count})
    return redirect("mail_delivery")


def leaves(page: "Page[Notice]") -> dict[str, str]:
    """Addresses of the pages before and after."""
    return {
        "previous_url": f"?page={page.previous_page_number()}" if page.has_previous() else "",
        "next_url": f"?page={page.next_page_number()}" if page.has_next() else "",
        "range": _("%(first)d to %(last)d of %(all)d")
        % {"first": page.start_index(), "last": page.end_index(), "all": page.paginator.count},
    }
