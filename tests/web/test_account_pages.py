"""Sign-in and security pages: our shell, German, no self sign-up."""

import pytest
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

from tests import make


@pytest.fixture
def browser(client, mara):
    """Signed in and confirmed with the password a second time, as the security pages demand."""
    client.force_login(mara)
    assert ">Bitte bestätigen Sie, dass Sie es sind</h1>" in client.get("/konto/reauthenticate/").content.decode()
    client.post("/konto/reauthenticate/", {"password": make.PASSWORD})
    return client


def page(browser, path: str) -> str:
    response = browser.get(path)
    text = response.content.decode()
    assert (path, response.status_code, text.count("<h1"), text.count('class="q-brand"')) == (path, 200, 1, 1)
    assert [word for word in (" du ", " dein", "Sign ", "Security key", "Recovery") if word in text] == []
    return text


@pytest.mark.parametrize(
    ("path", "heading"),
    [
        ("/konto/login/", "Anmelden"),
        ("/konto/password/reset/", "Passwort vergessen"),
        ("/konto/password/reset/done/", "E-Mail unterwegs"),
        ("/konto/password/reset/key/1-abc/", "Link nicht mehr gültig"),
        ("/konto/password/reset/key/done/", "Passwort geändert"),
        ("/konto/inactive/", "Zugang gesperrt"),
    ],
)
def test_pages_before_signing_in(client, db, path, heading):
    assert f">{heading}</h1>" in page(client, path)


@pytest.mark.parametrize(
    ("path", "heading"),
    [
        ("/konto/2fa/", "Anmeldung und Sicherheit"),
        ("/konto/2fa/totp/activate/", "Authenticator-App einrichten"),
        ("/konto/2fa/webauthn/", "Passkeys und Sicherheitsschlüssel"),
        ("/konto/2fa/webauthn/add/", "Passkey oder Sicherheitsschlüssel hinzufügen"),
        ("/konto/password/change/", "Passwort ändern"),
        ("/konto/logout/", "Abmelden"),
    ],
)
def test_pages_of_a_signed_in_person(browser, path, heading):
    assert f">{heading}</h1>" in page(browser, path)


def test_pages_of_somebody_with_a_second_factor(browser, mara):
    secret = generate_totp_secret()
    TOTP.activate(mara, secret)
    RecoveryCodes.activate(mara)
    assert "Eingerichtet" in page(browser, "/konto/2fa/")
    assert "Authenticator-App ausschalten" in page(browser, "/konto/2fa/totp/deactivate/")
    assert page(browser, "/konto/2fa/recovery-codes/").count("<li>") >= 10
    assert "Ihre bisherigen Codes gelten danach nicht mehr." in page(browser, "/konto/2fa/recovery-codes/generate/")


def test_the_keys_are_listed_with_what_can_be_done(browser, mara):
    Authenticator.objects.create(
        user=mara, type=Authenticator.Type.WEBAUTHN, data={"name": "Dienstschlüssel", "credential": {}}
    )
    text = page(browser, "/konto/2fa/webauthn/")
    assert (text.count("Dienstschlüssel"), text.count("Umbenennen"), text.count("Entfernen")) == (3, 1, 1)


def test_the_second_step_asks_for_the_code(client, mara):
    TOTP.activate(mara, generate_totp_secret())
    response = client.post("/konto/login/", {"login": mara.email, "password": make.PASSWORD}, follow=True)
    assert ">Zweiter Schritt</h1>" in response.content.decode()
    wrong = client.post("/konto/2fa/authenticate/", {"code": "000000"}).content.decode()
    assert str(get_adapter().error_messages["incorrect_code"]) in wrong


def test_a_wrong_password_is_said_in_german_and_the_address_stays(client, mara):
    text = client.post("/konto/login/", {"login": mara.email, "password": "falsch"}).content.decode()
    assert "Die E-Mail-Adresse oder das Passwort stimmt nicht." in text
    assert f'value="{mara.email}"' in text


def test_a_password_is_reset_by_a_mail_without_names(client, mara, mailoutbox):
    client.post("/konto/password/reset/", {"email": mara.email})
    (mail,) = mailoutbox
    assert "Neues Passwort festlegen" in mail.subject
    assert "jemand hat für Ihren Zugang ein neues Passwort angefordert" in mail.body
    assert mara.name not in mail.body


def test_a_reset_for_a_stranger_sends_nothing(client, db, mailoutbox):
    response = client.post("/konto/password/reset/", {"email": "fremd@stadt.example"}, follow=True)
    assert ("E-Mail unterwegs" in response.content.decode(), mailoutbox) == (True, [])


def test_nobody_registers(client, db):
    assert client.get("/konto/signup/").status_code == 404
