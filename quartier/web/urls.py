"""Addresses of the platform itself."""

from django.urls import path

from quartier.web import views

app_name = "web"
urlpatterns = [path("sitzung/", views.session_alive, name="session")]
