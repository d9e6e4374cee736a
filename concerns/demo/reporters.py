"""Invented people behind the demo city's concerns; their telephone numbers are those reserved for films."""

import unicodedata
from random import Random

from concerns.actions.intake import ANONYMOUS, OWN_OBSERVATION, ReporterData
from concerns.models import Reporter
from districts.models import District

from .wording import places_of, read

_Kind, _Channel = Reporter.Kind, Reporter.Channel
_POSTCODES = {"ost": "52068", "forst": "52078", "nord": "52070", "richterich": "52072", "eilendorf": "52080",
              "westpark": "52064", "burtscheid": "52066"}  # fmt: skip


def some_reporter(district: District | None, concern_channel: str, rnd: Random, *, channel: str = "") -> ReporterData:
    """Whoever raises a concern; with `channel` somebody who wants to hear back in this way."""
    if channel == _Channel.NOTICE:
        return ANONYMOUS
    if not channel and concern_channel == "observation":
        return OWN_OBSERVATION
    if concern_channel == "body":
        return _organisation(_Kind.BODY, "bodies", district, rnd, channel)
    dice = rnd.random()
    if not channel and dice < 0.07:
        return ANONYMOUS
    if dice < 0.15:
        return _organisation(_Kind.GROUP, "groups", district, rnd, channel)
    if dice < 0.24:
        return _organisation(_Kind.INSTITUTION, "institutions", district, rnd, channel)
    if dice < 0.25:
        return _organisation(_Kind.POLITICS, "politics", district, rnd, channel)
    return _resident(district, concern_channel, rnd, channel)


def _organisation(kind: str, names: str, district: District | None, rnd: Random, channel: str) -> ReporterData:
    name = rnd.choice(read("reporters")[names]).format(q=district.short_name if district else "Aachen")
    channel = channel or rnd.choice((_Channel.EMAIL, _Channel.EMAIL, _Channel.PHONE, _Channel.IN_PERSON))
    return ReporterData(kind=kind, name=name, consent_store=True, consent_pass_on=True, channel=channel,
                        **_ways(name, channel, district, rnd))  # fmt: skip


def _resident(district: District | None, concern_channel: str, rnd: Random, channel: str) -> ReporterData:
    name, language = rnd.choice(read("reporters")["people"])
    wanted = channel  # then the number is there, too
    if not channel:
        weights = {_Channel.PHONE: 38, _Channel.EMAIL: 22, _Channel.LETTER: 10, _Channel.IN_PERSON: 15,
                   _Channel.MULTIPLIER: 6 if language == "de" else 16, _Channel.NONE: 5}  # fmt: skip
        if concern_channel in {"email", "online"}:
            weights[_Channel.EMAIL] = 90
        channel = rnd.choices(list(weights), list(weights.values()))[0]
    common = {"kind": _Kind.RESIDENT, "channel": channel, "language": language,
              "plain_language": (language != "de" and rnd.random() < 0.6) or rnd.random() < 0.06}  # fmt: skip
    if channel == _Channel.NONE or (channel in {_Channel.IN_PERSON, _Channel.MULTIPLIER} and rnd.random() < 0.3):
        return ReporterData(**common)  # said hello, left no data
    ways = _ways(name, channel, district, rnd)
    if not wanted and channel == _Channel.PHONE and rnd.random() < 0.05:
        ways = {}  # forgot to leave a number
    return ReporterData(name=name, consent_store=True, consent_pass_on=rnd.random() < 0.35, **common, **ways)


def _ways(name: str, channel: str, district: District | None, rnd: Random) -> dict:
    ways = {}
    if channel == _Channel.PHONE or rnd.random() < 0.3:
        # Reserved for films by the Federal Network Agency: nobody is ever called.
        ways["phone"] = rnd.choice((f"0221 4710-{rnd.randint(0, 999):03d}", f"0171 39200-{rnd.randint(0, 99):02d}"))
    if channel == _Channel.EMAIL:
        ways["email"] = f"{_ascii(name)}@example.org"
    if channel == _Channel.LETTER:
        street, _ = rnd.choice(places_of(district))
        postcode = _POSTCODES.get(district.slug if district else "", "52074")
        ways["address"] = f"{street} {rnd.randint(181, 289)}\n{postcode} Aachen"
    return ways


def _ascii(name: str) -> str:
    for letter, latin in (("ä", "ae"), ("ö", "oe"), ("ü", "ue"), ("ß", "ss"), ("ı", "i")):
        name = name.lower().replace(letter, latin)
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return ".".join("".join(c if c.isalnum() else " " for c in plain).split())
