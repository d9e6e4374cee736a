"""App configuration of the web platform (template tags, middleware)."""

from django.apps import AppConfig
from django.core.checks import register

from quartier.checks import DEPLOY_CHECKS


class WebConfig(AppConfig):
    name = "quartier.web"
    label = "web"

    def ready(self) -> None:
        """Register the checks of the wiring, which is no app itself."""
        for check in DEPLOY_CHECKS:
            register(check, deploy=True)
