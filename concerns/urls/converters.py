"""How concern numbers look in addresses; `<concern_number:number>` is registered here and nowhere else."""

from django.urls import register_converter


class ConcernNumber:
    """Number of a concern such as 2026-00123."""

    regex = r"\d{4}-\d{5,7}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(ConcernNumber, "concern_number")
