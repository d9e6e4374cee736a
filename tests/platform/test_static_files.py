"""Static files in production: hashed names, compressed, nothing missing."""

import json

import pytest
from django.conf import settings

from tests.platform.test_settings import city, start

pytestmark = pytest.mark.skipif(
    not (settings.BASE_DIR / "static" / "vendor").is_dir(), reason="static/vendor is not made (make test makes it)"
)


def test_every_reference_in_the_styles_leads_to_a_hashed_file(tmp_path):
    done = start(["manage.py", "collectstatic", "--no-input", "--verbosity=0"], city(VAR_DIR=str(tmp_path)))
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    names = json.loads((tmp_path / "static" / "staticfiles.json").read_text())["paths"]
    own = [name for name in names if name.startswith(("css/", "js/", "vendor/"))]
    assert own
    assert [name for name in own if not (tmp_path / "static" / names[name]).is_file()] == []
    styles = [tmp_path / "static" / names[name] for name in own if name.endswith(".css")]
    assert [style.name for style in styles if not style.with_name(f"{style.name}.br").is_file()] == []
