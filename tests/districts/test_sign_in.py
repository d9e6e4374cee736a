"""Signing in: who gets in, who does not, and that nobody makes an account for themselves."""

import re

import pytest
from allauth.account.models import EmailAddress
from allauth.core.context import request_context
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from allauth.socialaccount.models import SocialAccount, SocialLogin
from django.contrib.messages import get_messages
from django.core import mail
from django.urls import reverse

from districts.accounts import NO_ACCOUNT, SocialAccountAdapter
from districts.models import User
from districts.roles import Role
from tests import make

pytestmark = pytest.mark.django_db

START = {
    "mara": "concerns:basket",
    "asli": "concerns:basket",
    "enno": "concerns:inbox",
    "lena": "concerns:inbox",
    "silke": "concerns:coordination",
    "adam": "districts:people",
    "tara": "districts:carrier",
}


def sign_in(email, password=make.PASSWORD, client=None):
    return (client or make.client_of(None)).post(reverse("account_login"), {"login": email, "password": password})


def test_email_and_password_lead_to_the_start_page(mara):
    client = make.client_of(None)
    response = sign_in("Mara@Quartier.example", client=client)
    assert (response.status_code, response.headers["Location"]) == (302, "/")
    assert client.session["_auth_user_id"] == str(mara.pk)


@pytest.mark.parametrize("name", sorted(START))
def test_everybody_lands_where_their_day_starts(name, request):
    response = make.client_of(request.getfixturevalue(name)).get("/")
    assert (response.status_code, response.headers["Location"]) == (302, reverse(START[name]))


def test_somebody_without_a_role_lands_on_their_profile(db):
    assert make.client_of(make.user()).get("/").headers["Location"] == reverse("districts:profile")


def test_several_roles_start_with_the_first_of_the_order(ost):
    person = make.user(role=Role.ADMIN)
    make.membership(user=person, role=Role.DEPT_STAFF)
    assert make.client_of(person).get("/").headers["Location"] == reverse("concerns:inbox")
    make.membership(user=person, role=Role.MANAGER, district=ost)
    assert make.client_of(person).get("/").headers["Location"] == reverse("concerns:basket")


def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(mara):
    wrong, unknown = sign_in(mara.email, "falsch"), sign_in("niemand@stadt.example", "falsch")
    errors = [response.context["form"].non_field_errors() for response in (wrong, unknown)]
    assert errors[0] == errors[1]
    assert len(errors[0]) == 1


def test_an_inactive_person_does_not_get_in(mara):
    User.objects.filter(pk=mara.pk).update(is_active=False)
    client = make.client_of(None)
    response = sign_in(mara.email, client=client)
    assert response.headers["Location"] == reverse("account_inactive")
    assert "_auth_user_id" not in client.session


def test_closing_the_access_ends_running_sessions(mara):
    client = make.client_of(mara)
    assert client.get(reverse("districts:profile")).status_code == 200
    User.objects.filter(pk=mara.pk).update(is_active=False)
    assert client.get(reverse("districts:profile")).status_code == 302


def test_guessing_is_slowed_down(mara):
    client = make.client_of(None)
    for _ in range(5):
        sign_in(mara.email, "falsch", client)
    response = sign_in(mara.email, make.PASSWORD, client)
    assert response.status_code in {200, 429}
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize("path", ["/konto/signup/", "/konto/3rdparty/signup/", "/konto/email/"])
def test_nobody_makes_an_account_or_changes_the_address(path, mara):
    for client in (make.client_of(None), make.client_of(mara)):
        assert client.get(path).status_code == 404
        assert client.post(path, {"email": "neu@stadt.example", "action_add": ""}).status_code == 404
    assert User.objects.count() == 1
    assert EmailAddress.objects.count() == 0


def test_the_first_password_comes_by_mail(db):
    person = User.objects.create_user(email="neu@stadt.example", name="Nora Neu")
    client = make.client_of(None)
    client.post(reverse("account_reset_password"), {"email": "neu@stadt.example"})
    link = re.search(r"https?://\S+", mail.outbox[0].body).group()
    page = client.get(link, follow=True)
    secret = "Ein-neues-Geheimnis-9"
    client.post(page.request["PATH_INFO"], {"password1": secret, "password2": secret})
    person.refresh_from_db()
    assert person.check_password(secret) is True


def test_an_unknown_address_gets_no_mail(db):
    make.client_of(None).post(reverse("account_reset_password"), {"email": "niemand@stadt.example"})
    assert mail.outbox == []


def test_a_second_factor_is_asked_for(mara):
    secret = generate_totp_secret()
    TOTP.activate(mara, secret)
    client = make.client_of(None)
    response = sign_in(mara.email, client=client)
    assert response.headers["Location"].partition("?")[0] == reverse("mfa_authenticate")
    assert "_auth_user_id" not in client.session
    code = format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))
    client.post(reverse("mfa_authenticate"), {"code": code})
    assert client.session["_auth_user_id"] == str(mara.pk)


def test_security_settings_ask_for_the_password_again_and_take_it(mara):
    client = make.client_of(mara)
    url = reverse("mfa_activate_totp")
    asked = client.get(url)
    assert asked.headers["Location"].partition("?")[0] == reverse("account_reauthenticate")
    wrong = client.post(asked.headers["Location"], {"password": "falsch"})
    assert wrong.context["form"].errors.get("password") is not None
    right = client.post(asked.headers["Location"], {"password": make.PASSWORD})
    assert right.headers["Location"] == url
    assert client.get(url).status_code == 200
    assert Authenticator.objects.count() == 0


# --- the city's identity provider -------------------------------------------------------------------------------------


APP = {
    "provider_id": "city",
    "name": "Stadt",
    "client_id": "quartier",
    "secret": "geheim",
    "settings": {"server_url": "https://anmeldung.stadt.example"},
}


@pytest.fixture
def request_of(settings):
    """A request with session and messages, signed in or not."""

    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": [APP]}}

    def build(user=None):
        client = make.client_of(user)
        request = client.get("/healthz").wsgi_request
        request._messages = get_messages(request)
        return request

    return build


def social_login(email, *, verified=True, account=None):
    addresses = [EmailAddress(email=email, verified=verified, primary=True)] if email else []
    account = account or SocialAccount(provider="city", uid="u-1")
    login = SocialLogin(
        user=account.user if account.pk else User(email=email or ""), account=account, email_addresses=addresses
    )
    login.state = {"process": "login"}
    return login


def enter(request, login):
    """The page somebody is sent back to, or None when they may enter."""
    try:
        with request_context(request):
            SocialAccountAdapter().pre_social_login(request, login)
    except ImmediateHttpResponse as refused:
        return refused.response.headers["Location"]
    return None


def test_a_verified_address_finds_the_account(mara, request_of):
    login = social_login("MARA@quartier.example")
    assert enter(request_of(), login) is None
    assert login.user == mara
    assert list(SocialAccount.objects.values_list("user", "uid")) == [(mara.pk, "u-1")]
    mara.refresh_from_db()
    assert mara.check_password(make.PASSWORD) is True


@pytest.mark.parametrize(
    ("email", "verified"),
    [("mara@quartier.example", False), ("mara@quartier.example", "false"), ("fremd@stadt.example", True), ("", True)],
)
def test_nobody_else_gets_in_and_no_account_is_made(email, verified, mara, request_of):
    request = request_of()
    assert enter(request, social_login(email, verified=verified)) == reverse("account_login")
    assert [str(message) for message in get_messages(request)] == [NO_ACCOUNT]
    assert (User.objects.count(), SocialAccount.objects.count()) == (1, 0)


def test_the_provider_does_not_open_a_closed_access(mara, request_of):
    account = SocialAccount.objects.create(user=mara, provider="city", uid="u-1")
    assert enter(request_of(), social_login(mara.email, account=account)) is None
    User.objects.filter(pk=mara.pk).update(is_active=False)
    account = SocialAccount.objects.get()
    assert enter(request_of(), social_login(mara.email, account=account)) == reverse("account_login")
    SocialAccount.objects.all().delete()
    assert enter(request_of(), social_login(mara.email)) == reverse("account_login")


def test_nobody_connects_somebody_elses_identity(mara, paul, request_of):
    assert enter(request_of(paul), social_login(mara.email)) == reverse("account_login")
    assert SocialAccount.objects.count() == 0
