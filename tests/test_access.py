"""Keys to the pages: made once, kept as a hash, taken away for good."""

import json
from pathlib import Path

import pytest

from trova_widgets.access import AccessKeys, hash_password, is_password
from trova_widgets.cli import main
from trova_widgets.errors import TrovaError
from trova_widgets.pages.addresses import BaseUrl, reachable, url
from trova_widgets.pages.server import Serving


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder that looks like a workspace."""
    (tmp_path / "trova.duckdb").touch()
    return tmp_path


def test_a_key_is_found_by_its_secret_and_by_nothing_else(tmp_path: Path) -> None:
    keys = AccessKeys(tmp_path)
    ada, look = keys.add("  Ada\n Lovelace "), keys.add("Colleagues", "visitor")
    found = keys.find(ada)
    assert found is not None and (found.name, found.role) == ("Ada Lovelace", "analyst")
    assert keys.find(look).role == "visitor"
    assert [keys.find(wrong) for wrong in ("", ada[:-1], ada + "x", found.digest, found.identity)] == [None] * 5
    assert keys.get(found.identity) == found and keys.get("../" + found.identity) is None
    assert keys.revoke("Ada Lovelace") == 1 and keys.find(ada) is None
    assert keys.revoke("nobody") == 0 and [key.name for key in keys] == ["Colleagues"]


def test_an_address_that_a_start_printed_ends(tmp_path: Path) -> None:
    keys = AccessKeys(tmp_path)
    secret = keys.add("Ada", ends=True)
    (file,) = (tmp_path / ".trova" / "access").glob("*.json")
    kept = json.loads(file.read_text())
    assert kept["until"] > kept["made_at"]
    file.write_text(json.dumps({**kept, "until": kept["made_at"] - 1}))
    assert keys.find(secret) is None


@pytest.mark.parametrize("name", ["", "  ", "\n", "x" * 61])
def test_a_name_that_signs_nothing_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(TrovaError, match="signs nothing; give one of 1 to 60 characters"):
        AccessKeys(tmp_path).add(name)


def test_a_password_is_recognised_and_not_kept() -> None:
    kept = hash_password("quarry blast")
    assert is_password("quarry blast", kept) and not is_password("quarry blas", kept)
    assert "quarry" not in kept and hash_password("quarry blast") != kept


def test_the_command_makes_lists_and_revokes(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    where = ["-w", str(folder)]
    assert main(["access", *where]) == 0
    assert "Nobody has a key" in capsys.readouterr().out
    assert main(["access", "add", "Ada", *where]) == 0
    secret = capsys.readouterr().out.splitlines()[1].strip()
    assert AccessKeys(folder).find(secret).name == "Ada"
    assert main(["access", *where, "add", "Guests", "--visitor"]) == 0
    capsys.readouterr()
    assert main(["access", "list", *where]) == 0
    said = capsys.readouterr().out
    assert "analyst  Ada" in said and "visitor  Guests" in said and secret not in said
    assert main(["access", "revoke", "Ada", *where]) == 0
    assert main(["access", "revoke", "Ada", *where]) == 1
    assert main(["access", "add", "Ada", "-w", str(folder / "nowhere")]) == 1
    assert "is no workspace" in capsys.readouterr().err


def test_the_printed_addresses_are_those_that_work(folder: Path) -> None:
    def said(**options: object) -> dict[str, str]:
        return dict(Serving(workspace=folder, port=8866, **options).invitations())

    (alone,) = said().values()
    assert alone == "http://127.0.0.1:8866/"
    everywhere = said(host="0.0.0.0")
    assert all("0.0.0.0" not in address for address in everywhere.values())
    assert "http://127.0.0.1:8866/" in everywhere.values()
    proxied = said(base_url="https://seismo.example.org/trova", public=True)
    assert proxied["Colleagues, who look and change nothing"] == "https://seismo.example.org/trova/"
    assert all(address.startswith("https://seismo.example.org/trova/") for address in proxied.values())
    assert reachable("127.0.0.1") == [] and reachable("192.0.2.7") == ["192.0.2.7"]
    assert url("::1", 1) == "http://[::1]:1/"


@pytest.mark.parametrize("text", ["ftp://a/", "https:///trova", "/trova?a=1"])
def test_a_base_address_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(TrovaError, match="is no base address"):
        BaseUrl.read(text)
