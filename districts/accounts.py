"""How people sign in: hooks of django-allauth. Accounts are made by the administration and by nobody else."""

import logging

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.contrib.auth import authenticate
from django.http import HttpRequest
from django.shortcuts import redirect

from districts.models import User
from quartier.web.notices import notify

logger = logging.getLogger("quartier.sign_in")

NO_ACCOUNT = (
    "Für diese Anmeldung gibt es hier keinen aktiven Zugang. Bitte wenden Sie sich an die Administration der Anwendung."
)


class AccountAdapter(DefaultAccountAdapter):
    """Sign-in with e-mail address and password or passkey."""

    # The package's German says „du“ here; staff are addressed with „Sie“.
    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": "Die E-Mail-Adresse oder das Passwort stimmt nicht.",
        "enter_current_password": "Bitte geben Sie Ihr jetziges Passwort ein.",
        "too_many_login_attempts": "Zu viele Fehlversuche. Bitte versuchen Sie es in einigen Minuten noch einmal.",
        "rate_limited": "Zu viele Anfragen in kurzer Zeit. Bitte warten Sie einen Augenblick.",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody registers: people and their roles are entered by the administration."""
        return False

    def send_mail(self, template_prefix: str, email: str, context: dict) -> None:
        """Send one of the package's mails; a mail server that is away goes to the log, not onto the page.

        An error page for known addresses and none for unknown ones would tell who has an account.
        """
        try:
            super().send_mail(template_prefix, email, context)
        except OSError as error:  # every SMTPException is one
            logger.error("mail %s not sent: %s", template_prefix, type(error).__name__)

    def reauthenticate(self, user: User, password: str) -> bool:
        """Whether `password` is the one of the signed-in person (limited like every sign-in).

        The address stands on the person, not in allauth's own table of addresses, where the default looks.
        """
        credentials = {"email": user.email, "password": password}
        self.pre_authenticate(self.request, **credentials)
        known = authenticate(self.request, **credentials)
        if known is None or known.pk != user.pk:
            return False
        self._rollback_login_failed_rl_usage()
        return True


class SocialAccountAdapter(DefaultSocialAccountAdapter):
    """Sign-in through the city's identity provider (OpenID Connect): it finds people, it never creates them."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin) -> bool:
        """Nobody registers this way either."""
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin) -> None:
        """Let only somebody in who has an active account here with the address that the provider has verified.

        A known connection counts only while that account is active. Raises ImmediateHttpResponse otherwise.
        """
        user = sociallogin.user if sociallogin.is_existing else self._owner_of_verified_address(sociallogin)
        if user is None or not user.is_active or (request.user.is_authenticated and request.user.pk != user.pk):
            notify(request, NO_ACCOUNT, level="error")
            raise ImmediateHttpResponse(redirect("account_login"))
        if not sociallogin.is_existing:
            sociallogin.connect(request, user)

    def _owner_of_verified_address(self, sociallogin) -> User | None:
        verified = [address.email for address in sociallogin.email_addresses if address.verified is True]
        return User.objects.active().filter(email__iexact=verified[0]).first() if verified else None
