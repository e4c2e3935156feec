"""Every address of the site."""

from django.contrib.auth.decorators import login_not_required
from django.urls import include, path
from django.views.generic import RedirectView

from projects import admin
from projects.views import gallery, site

handler400 = "projects.views.site.bad_request"

urlpatterns = [
    path("about/", site.about, name="about"),
    path("components/", gallery.gallery, name="components"),
    path("components/part/", gallery.part, name="components_part"),
    # Nobody signs up, and addresses are the operator's to change (docs/operator/accounts.md).
    path("accounts/signup/", login_not_required(RedirectView.as_view(pattern_name="account_login"))),
    path("accounts/email/", RedirectView.as_view(pattern_name="profile")),
    path("accounts/", include("allauth.urls")),
    path("admin/", admin.site.urls),
    path("", include("projects.urls")),
    path("", include("reviews.urls")),
]
