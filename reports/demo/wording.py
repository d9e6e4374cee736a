"""The demo city's texts for figures and papers, and the people who write them."""

import json
from functools import cache
from pathlib import Path

from districts.demo import read as read_city
from districts.models import District, User

_DATA = Path(__file__).parent / "data"


@cache
def read(name: str):
    """One of the lists."""
    return json.loads((_DATA / f"{name}.json").read_text(encoding="utf-8"))


def text(paragraphs: list[str], **slots: str) -> str:
    """Paragraphs as one text, with what belongs in their slots."""
    return "\n\n".join(paragraph.format(**slots) for paragraph in paragraphs)


def districts() -> dict[str, District]:
    """The districts by the code that the lists use."""
    return {district.slug: district for district in District.objects.defer("boundary")}


def people() -> dict[str, User]:
    """Everybody with a login, by the part of the e-mail address before the @."""
    return {user.email.partition("@")[0]: user for user in User.objects.select_related("office")}


def managers() -> dict[str, User]:
    """Who manages a district, by the district's code."""
    known = people()
    rows = [row for row in read_city("people") if row["role"] == "manager"]
    return {code: known[row["email"].partition("@")[0]] for row in rows for code in row["districts"]}
