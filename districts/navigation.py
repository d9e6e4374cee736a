"""What the main navigation offers to whom."""

from quartier.web.navigation import NavItem


def items(user) -> list[NavItem]:
    """The entries this person may use, in the order of the day's work."""
    return []
