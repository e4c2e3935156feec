"""Addresses of the lower app."""

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path

from projects.views import artifacts, importing, inbox, mailbox, people, portfolio, project, stages


def to_come(request: HttpRequest, **where: object) -> HttpResponse:
    raise Http404


_P = "projects/<str:code>/"

urlpatterns = [
    path("", inbox.inbox, name="inbox"),
    path("projects/", portfolio.portfolio, name="portfolio"),
    path("projects/new/", to_come, name="project_new"),
    path(_P, project.project, name="project"),
    path(_P + "edit/", to_come, name="project_edit"),
    path(_P + "status/<str:verb>/", to_come, name="project_status"),
    path(_P + "move/<str:name>/", to_come, name="move"),
    path(_P + "roles/", to_come, name="roles"),
    path(_P + "roles/hand-over/", to_come, name="role_hand_over"),
    path(_P + "roles/<int:assignment>/<str:verb>/", to_come, name="role_do"),
    path(_P + "stages/<str:stage>/", stages.stage, name="stage"),
    path(_P + "stages/<str:stage>/outcomes/<str:outcome>/", stages.outcome, name="outcome"),
    path(_P + "artifacts/", artifacts.artifacts, name="artifacts"),
    path(_P + "artifacts/<str:kind>/", artifacts.artifact, name="artifact"),
    path(_P + "artifacts/<str:kind>/do/<str:verb>/", artifacts.artifact_do, name="artifact_do"),
    path(_P + "artifacts/<str:kind>/versions/<int:number>/file/", artifacts.version_file, name="version_file"),
    path(_P + "requirements/", stages.requirements, name="requirements"),
    path(_P + "history/", to_come, name="history"),
    path("import/", importing.import_start, name="import"),
    path("import/<int:pk>/", importing.import_run, name="import_run"),
    path("import/<int:pk>/mapping/", importing.import_use_mapping, name="import_use_mapping"),
    path("import/<int:pk>/go/", importing.import_go, name="import_go"),
    path("import/<int:pk>/progress/", importing.import_progress, name="import_progress"),
    path("mailbox/", mailbox.mailbox, name="mailbox"),
    path("mailbox/<int:pk>/", mailbox.notice, name="mailbox_notice"),
    path("mailbox/delivery/", mailbox.delivery, name="mail_delivery"),
    path("mailbox/delivery/retry/", mailbox.retry_all, name="mail_retry_all"),
    path("mailbox/delivery/<int:pk>/retry/", mailbox.retry, name="mail_retry"),
    path("me/", people.profile, name="profile"),
    path("me/passkey-challenge/", people.passkey_challenge, name="passkey_challenge"),
    path("people/", people.people, name="people"),
    path("people/new/", people.person_new, name="person_new"),
    path("people/<int:pk>/", people.person, name="person"),
    path("people/<int:pk>/roles/<str:role>/<str:verb>/", people.person_role, name="person_role"),
    path("people/<int:pk>/disable/", people.person_disable, name="person_disable"),
    path("people/<int:pk>/enable/", people.person_enable, name="person_enable"),
    path("people/<int:pk>/invite/", people.person_invite, name="person_invite"),
]
