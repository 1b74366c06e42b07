"""Settings: one frozen object read from the environment. Wrong settings stop the start with one clear line."""

from __future__ import annotations

import base64
import binascii
import json
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parent.parent
KEY_BYTES = 32


class WrongSetting(SystemExit):
    """A setting that cannot be used; the process stops with the reason."""

    def __init__(self, name: str, why: str) -> None:
        super().__init__(f"{name}: {why}")


@dataclass(frozen=True)
class Config:
    """Everything that can be set. README has the table; a test keeps the two equal."""

    database_url: str
    secret_key: str = field(repr=False)
    vault_keys: Mapping[str, bytes] = field(repr=False)
    vault_current: str
    host: str
    port: int
    public_url: str
    languages: tuple[str, ...]
    house_languages: tuple[str, ...]
    mail_url: str = field(repr=False)
    mail_from: str
    mail_folder: Path
    proxies: int
    code_tries: int
    instance: Path

    @property
    def secure_cookies(self) -> bool:
        """Cookies travel over TLS only, when the public address does."""
        return self.public_url.startswith("https:")


def load(environ: Mapping[str, str] | None = None) -> Config:
    """Reads `SIGNALEN_*` from the environment. Keys that are not set are made once and kept beside the database."""
    env = os.environ if environ is None else environ
    instance = Path(env.get("SIGNALEN_INSTANCE") or ROOT / "instance").absolute()
    kept = _kept_keys(instance, env)
    host, port = env.get("SIGNALEN_HOST") or "127.0.0.1", _number(env, "SIGNALEN_PORT", 5000)
    public_url = (env.get("SIGNALEN_PUBLIC_URL") or f"http://{host}:{port}").rstrip("/")
    if urlsplit(public_url).scheme not in {"http", "https"} or not urlsplit(public_url).netloc:
        raise WrongSetting("SIGNALEN_PUBLIC_URL", "needs an address such as https://signalen.example")
    vault, current = _vault_keys(env.get("SIGNALEN_VAULT_KEYS") or kept["vault_keys"])
    secret = env.get("SIGNALEN_SECRET_KEY") or kept["secret_key"]
    if len(secret) < KEY_BYTES:
        raise WrongSetting("SIGNALEN_SECRET_KEY", f"needs at least {KEY_BYTES} characters")
    return Config(
        database_url=_database_url(env.get("SIGNALEN_DATABASE_URL") or f"sqlite:///{instance}/signalen.db"),
        secret_key=secret,
        vault_keys=vault,
        vault_current=current,
        host=host,
        port=port,
        public_url=public_url,
        languages=_languages(env, "SIGNALEN_LANGUAGES", "nl,fr,en,ar"),
        house_languages=_languages(env, "SIGNALEN_HOUSE_LANGUAGES", "nl,fr,en"),
        mail_url=env.get("SIGNALEN_MAIL_URL") or "",
        mail_from=env.get("SIGNALEN_MAIL_FROM") or "Signalen <signalen@localhost>",
        mail_folder=Path(env.get("SIGNALEN_MAIL_FOLDER") or instance / "mail"),
        proxies=_number(env, "SIGNALEN_PROXIES", 0),
        code_tries=_number(env, "SIGNALEN_CODE_TRIES", 10),
        instance=instance,
    )


def _number(env: Mapping[str, str], name: str, default: int) -> int:
    try:
        return int(env.get(name) or default)
    except ValueError:
        raise WrongSetting(name, "needs a whole number") from None


def _languages(env: Mapping[str, str], name: str, default: str) -> tuple[str, ...]:
    codes = tuple(code.strip() for code in (env.get(name) or default).split(",") if code.strip())
    if "nl" not in codes:
        raise WrongSetting(name, "needs nl: Dutch is the source of public texts")
    return codes


def _database_url(url: str) -> str:
    """A relative SQLite path is relative to the project, wherever the command was started."""
    prefix = "sqlite:///"
    if url.startswith(prefix) and not url.startswith(prefix + "/"):
        path = ROOT / url.removeprefix(prefix)
        path.parent.mkdir(parents=True, exist_ok=True)
        return f"{prefix}{path}"
    return url


def _vault_keys(text: str) -> tuple[dict[str, bytes], str]:
    """`id:base64,id:base64`: all can open, the first one seals."""
    keys: dict[str, bytes] = {}
    for part in text.split(","):
        name, _, encoded = part.strip().partition(":")
        try:
            key = base64.b64decode(encoded, validate=True)
        except binascii.Error:
            key = b""
        if not name or len(key) != KEY_BYTES:
            raise WrongSetting("SIGNALEN_VAULT_KEYS", "needs id:key pairs, each key 32 bytes in base64")
        keys[name] = key
    return keys, next(iter(keys))


def _kept_keys(instance: Path, env: Mapping[str, str]) -> dict[str, str]:
    """Keys for trying things out: made once, readable by the owner only. A real installation sets both itself."""
    if env.get("SIGNALEN_SECRET_KEY") and env.get("SIGNALEN_VAULT_KEYS"):
        return {"secret_key": "", "vault_keys": ""}
    path = instance / "keys.json"
    if not path.exists():
        instance.mkdir(parents=True, exist_ok=True)
        made = {
            "secret_key": secrets.token_urlsafe(48),
            "vault_keys": "local:" + base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode(),
        }
        draft = path.with_suffix(f".{secrets.token_hex(4)}")
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            json.dump(made, file)
        try:
            os.link(draft, path)  # fails when another process was first: then its keys are the keys
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    kept: dict[str, str] = json.loads(path.read_text())
    return kept
