"""Every address of the site."""

from django.contrib import admin
from django.urls import include, path

from projects.views import site

handler400 = "projects.views.site.bad_request"

urlpatterns = [
    path("about/", site.about, name="about"),
    path("accounts/", include("allauth.urls")),
    path("admin/", admin.site.urls),
    path("", include("projects.urls")),
    path("", include("reviews.urls")),
]
