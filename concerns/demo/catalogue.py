"""Topics, responsibility rules and text blocks of the demo city."""

from datetime import date

from concerns.models import ResponsibilityRule, TextBlock, Topic
from districts.demo import City

from .wording import read


def load_catalogue(city: City) -> dict[str, Topic]:
    """Create the catalogue; returns the topics (not the themes) by code."""
    topics = _load_topics()
    for row in read("rules"):
        partner = row.get("with", [None])[0]
        ResponsibilityRule.objects.create(
            topic=topics[row["topic"]],
            district=city.districts.get(row.get("district", "")),
            borough=city.boroughs.get(row.get("borough", "")),
            department=city.departments[row["department"]],
            co_department=city.departments[partner] if partner else None,
            working_days=row["days"],
            note=row["note"],
            valid_from=_date(row, "valid_from"),
            valid_to=_date(row, "valid_to"),
        )
    for row in read("loop")["text_blocks"]:
        TextBlock.objects.create(
            name=row["name"],
            purpose=row["purpose"],
            result=row["result"],
            department=city.departments.get(row.get("department", "")),
            language=row.get("language", "de"),
            text=row["text"],
        )
    return topics


def _load_topics() -> dict[str, Topic]:
    topics = {}
    for position, theme in enumerate(read("topics")):
        parent = Topic.objects.create(code=theme["code"], name=theme["name"], position=position)
        for number, row in enumerate(theme["topics"]):
            topics[row["code"]] = Topic.objects.create(
                parent=parent,
                code=row["code"],
                name=row["name"],
                position=number,
                keywords=", ".join(row["keywords"]),
                is_sensitive=row.get("sensitive", False),
            )
    return topics


def _date(row: dict, name: str) -> date | None:
    return date.fromisoformat(row[name]) if name in row else None
