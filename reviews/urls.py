"""Addresses of the upper app."""

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path

from reviews.views import evidence


def to_come(request: HttpRequest, **where: object) -> HttpResponse:
    raise Http404


_R = "projects/<str:code>/reviews/"

urlpatterns = [
    path(_R + "new/<str:kind>/", to_come, name="review_new"),
    path(_R + "<str:ref>/", to_come, name="review"),
    path(_R + "<str:ref>/facts/", to_come, name="review_facts"),
    path(_R + "<str:ref>/participants/", to_come, name="participants"),
    path(_R + "<str:ref>/participants/<int:participant>/remove/", to_come, name="participant_remove"),
    path(_R + "<str:ref>/convene/", to_come, name="convene"),
    path(_R + "<str:ref>/withdraw/", to_come, name="withdraw"),
    path(_R + "<str:ref>/items/<str:item>/", to_come, name="item"),
    path(_R + "<str:ref>/items/<str:item>/pin/", to_come, name="item_pin"),
    path(_R + "<str:ref>/items/<str:item>/waiver/", to_come, name="waiver_new"),
    path(_R + "<str:ref>/waivers/<int:waiver>/", to_come, name="waiver"),
    path(_R + "<str:ref>/conditions/", to_come, name="condition_new"),
    path(_R + "<str:ref>/conditions/<int:number>/close/", to_come, name="condition_close"),
    path(_R + "<str:ref>/remediation/<int:number>/done/", to_come, name="remediation_done"),
    path(_R + "<str:ref>/request-sign-offs/", to_come, name="request_sign_offs"),
    path(_R + "<str:ref>/sign/", to_come, name="sign"),
    path(_R + "<str:ref>/receipts/<int:sign_off>/", to_come, name="receipt"),
    path(_R + "<str:ref>/decide/", to_come, name="decide"),
    path("projects/<str:code>/evidence/", evidence.evidence, name="evidence"),
    path("projects/<str:code>/evidence/pack/", evidence.evidence_pack, name="evidence_pack"),
    path("evidence/key/", evidence.seal_public_key, name="seal_public_key"),
]
