"""The sample pages of the design system."""

import copy
from pathlib import Path

import pytest

TEMPLATES = Path(__file__).parent / "templates"


@pytest.fixture
def samples(settings):
    """Serve the sample pages in this test."""
    settings.ROOT_URLCONF = "tests.web.samples"
    settings.NAVIGATION = "tests.web.samples.navigation"
    settings.SEARCH = "tests.web.samples.search"
    templates = copy.deepcopy(settings.TEMPLATES)
    templates[0]["DIRS"] = [*templates[0]["DIRS"], TEMPLATES]
    settings.TEMPLATES = templates
