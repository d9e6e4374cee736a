"""App configuration of the web platform (template tags, middleware)."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "quartier.web"
    label = "web"
