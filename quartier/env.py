"""Reading the environment: every value is checked once, at the start, and all problems are told together."""

from collections.abc import Mapping
from email.utils import parseaddr
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

REQUIRED = object()
"""Marks a value that has no default: without it the start is refused."""

_TRUE = {"1", "true", "yes", "on"}
_FALSE = {"0", "false", "no", "off", ""}
_MAIL_SCHEMES = {"smtp": (False, False, 25), "smtp+tls": (True, False, 587), "smtps": (False, True, 465)}
_SMTP_BACKEND = "django.core.mail.backends.smtp.EmailBackend"


class Env:
    """A reader over environment values that collects problems instead of stopping at the first one.

    Every method returns the value, or its default when the variable is unset or empty. A missing required value or a
    wrong one is noted and answered with a harmless stand-in; `finish()` then ends the process with one line for each.
    """

    def __init__(self, values: Mapping[str, str]) -> None:
        self._values = values
        self.problems: list[str] = []

    def has(self, name: str) -> bool:
        """Whether the variable is set to something."""
        return bool(self._values.get(name, "").strip())

    def wrong(self, name: str, why: str) -> None:
        """Note a problem with a variable; the value itself is never repeated, it may be a secret."""
        self.problems.append(f"{name} {why}")

    def text(self, name: str, default=REQUIRED, *, at_least: int = 0) -> str:
        """A string of at least `at_least` characters."""
        value = self._raw(name, default)
        if self.has(name) and len(value) < at_least:
            self.wrong(name, f"is too short: at least {at_least} characters are needed.")
        return value

    def flag(self, name: str, default: bool = False) -> bool:
        """1, true, yes, on or 0, false, no, off."""
        value = self._values.get(name, "").strip().lower()
        if name not in self._values:
            return default
        if value not in _TRUE | _FALSE:
            self.wrong(name, "is neither 1 nor 0.")
        return value in _TRUE

    def number(self, name: str, default: int, *, minimum: int = 0, maximum: int = 1_000_000_000) -> int:
        """A whole number within limits."""
        if not self.has(name):
            return default
        value = self._values[name].strip()
        if not value.isascii() or not value.isdigit() or not minimum <= int(value) <= maximum:
            self.wrong(name, f"is not a whole number from {minimum} to {maximum}.")
            return default
        return int(value)

    def choice(self, name: str, default: str, choices: tuple[str, ...]) -> str:
        """One of a few words."""
        value = self._raw(name, default)
        if value not in choices:
            self.wrong(name, f"is none of {', '.join(choices)}.")
            return default
        return value

    def words(self, name: str, default=REQUIRED) -> list[str]:
        """Values separated by commas."""
        value = self._raw(name, default)
        return [word.strip() for word in value.split(",") if word.strip()] if isinstance(value, str) else list(value)

    def folder(self, name: str, default: Path) -> Path:
        """An absolute path."""
        if not self.has(name):
            return default
        path = Path(self._values[name].strip())
        if not path.is_absolute():
            self.wrong(name, "is not an absolute path.")
        return path

    def url(self, name: str, default=REQUIRED, *, schemes: tuple[str, ...] = ("https",), root: bool = False) -> str:
        """An address with one of the schemes; `root` asks for one without path. Given back without a final slash."""
        value = self._raw(name, default).rstrip("/")
        if self.has(name):
            parts = urlsplit(value)
            if parts.scheme not in schemes or not parts.hostname:
                self.wrong(name, f"is not an address that starts with {' or '.join(s + '://' for s in schemes)}.")
            elif root and (parts.path or parts.query):
                self.wrong(name, "has a path; give the address of the site alone.")
        return value

    def address(self, name: str, default=REQUIRED) -> str:
        """A mail address, with or without a display name."""
        value = self._raw(name, default)
        if self.has(name) and "@" not in parseaddr(value)[1]:
            self.wrong(name, "is not a mail address.")
        return value

    def database(self, name: str) -> dict[str, str]:
        """Django's connection settings from postgresql://user:password@host:port/name?sslmode=require."""
        parts = urlsplit(self._raw(name, REQUIRED))
        if self.has(name) and (parts.scheme not in ("postgres", "postgresql") or not parts.path.strip("/")):
            self.wrong(name, "is not of the form postgresql://user:password@host:port/name.")
            return {}
        query = {key: values[-1] for key, values in parse_qs(parts.query).items()}
        return {
            "HOST": query.pop("host", unquote(parts.hostname or "")),
            "PORT": self._port(name, parts) or query.pop("port", ""),
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "NAME": unquote(parts.path.lstrip("/")),
            "OPTIONS": query,
        }

    def mail(self, name: str) -> dict[str, object]:
        """Django's EMAIL_* settings from smtp://, smtp+tls:// (STARTTLS) or smtps://user:password@host:port."""
        parts = urlsplit(self._raw(name, REQUIRED))
        if not self.has(name):
            return {}
        if parts.scheme not in _MAIL_SCHEMES or not parts.hostname:
            self.wrong(name, "is not of the form smtp+tls://user:password@host:port.")
            return {}
        starttls, tls, port = _MAIL_SCHEMES[parts.scheme]
        return {
            "EMAIL_BACKEND": _SMTP_BACKEND,
            "EMAIL_HOST": parts.hostname,
            "EMAIL_PORT": int(self._port(name, parts) or port),
            "EMAIL_HOST_USER": unquote(parts.username or ""),
            "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
            "EMAIL_USE_TLS": starttls,
            "EMAIL_USE_SSL": tls,
        }

    def finish(self) -> None:
        """End the process with one line per problem, if there is any."""
        if self.problems:
            raise SystemExit("\n".join(f"Quartier does not start: {problem}" for problem in self.problems))

    def _raw(self, name: str, default):
        if self.has(name):
            return self._values[name].strip()
        if default is REQUIRED:
            self.wrong(name, "is missing.")
            return ""
        return default

    def _port(self, name: str, parts) -> str:
        try:
            return str(parts.port or "")
        except ValueError:
            self.wrong(name, "has a port that is not a number.")
            return ""
