"""Sealing, and settings that stop the start when they cannot be used."""

from __future__ import annotations

import base64
import json
import stat

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signalen.config import WrongSetting, load
from signalen.core.vault import CannotOpen, Vault

KEYS = {"a": b"A" * 32, "b": b"B" * 32}
VAULT = Vault(KEYS, "b")


@given(st.text(alphabet=st.characters(exclude_categories=("Cs",))), st.text(max_size=40, alphabet="abc:-"))
def test_what_is_sealed_opens_again_and_only_in_its_own_place(text, context) -> None:
    sealed = VAULT.seal(text, context)
    assert VAULT.open(sealed.key_id, sealed.data, context) == text
    with pytest.raises(CannotOpen):
        VAULT.open(sealed.key_id, sealed.data, context + "x")


def test_an_older_key_still_opens_and_an_unknown_one_does_not() -> None:
    old = Vault(KEYS, "a").seal("words", "x")
    assert VAULT.open(old.key_id, old.data, "x") == "words"
    with pytest.raises(CannotOpen):
        Vault({"b": KEYS["b"]}, "b").open(old.key_id, old.data, "x")


def test_a_changed_value_does_not_open() -> None:
    sealed = VAULT.seal("words", "x")
    with pytest.raises(CannotOpen):
        VAULT.open(sealed.key_id, sealed.data[:-1] + bytes([sealed.data[-1] ^ 1]), "x")


def test_the_same_text_sealed_twice_looks_different() -> None:
    assert VAULT.seal("words", "x").data != VAULT.seal("words", "x").data


def key(name: str = "k") -> str:
    return f"{name}:{base64.b64encode(b'K' * 32).decode()}"


def test_keys_that_are_not_set_are_made_once_and_readable_by_the_owner_only(tmp_path) -> None:
    first = load({"SIGNALEN_INSTANCE": str(tmp_path)})
    second = load({"SIGNALEN_INSTANCE": str(tmp_path)})
    assert first.secret_key == second.secret_key
    assert first.vault_keys == second.vault_keys
    assert stat.S_IMODE((tmp_path / "keys.json").stat().st_mode) == 0o600


def test_keys_of_an_earlier_version_stay_and_get_what_came_since(tmp_path) -> None:
    (tmp_path / "keys.json").write_text(json.dumps({"secret_key": "s" * 40, "vault_keys": key("old")}))
    config = load({"SIGNALEN_INSTANCE": str(tmp_path)})
    assert (config.secret_key, config.vault_current) == ("s" * 40, "old")
    assert load({"SIGNALEN_INSTANCE": str(tmp_path)}).phone_keys == config.phone_keys


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SIGNALEN_PORT", "five"),
        ("SIGNALEN_VAULT_KEYS", "short:abcd"),
        ("SIGNALEN_PHONE_KEYS", "short:abcd"),
        ("SIGNALEN_PHONE_KEYS", f"zero:{base64.b64encode(bytes(32)).decode()}"),
        ("SIGNALEN_SECRET_KEY", "short"),
        ("SIGNALEN_LANGUAGES", "fr,en"),
        ("SIGNALEN_PUBLIC_URL", "signalen.example"),
    ],
)
def test_a_wrong_setting_stops_the_start_with_its_name(tmp_path, name, value) -> None:
    with pytest.raises(WrongSetting, match=name):
        load({"SIGNALEN_INSTANCE": str(tmp_path), name: value})


def test_secrets_stand_in_no_representation(tmp_path) -> None:
    config = load(
        {
            "SIGNALEN_INSTANCE": str(tmp_path),
            "SIGNALEN_VAULT_KEYS": key(),
            "SIGNALEN_MAIL_URL": "smtp://u:p@h",
        }
    )
    assert config.secret_key not in repr(config)
    assert "smtp" not in repr(config)
    assert "KKKK" not in repr(config)
