"""Settings: one frozen object read from the environment. Wrong settings stop the start with one clear line."""

from __future__ import annotations

import base64
import binascii
import fcntl
import json
import os
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from signalen.web.languages import HOUSE, PHONE, PUBLIC

ROOT = Path(__file__).resolve().parent.parent
KEY_BYTES = 32
LONGEST_KEY_ID = 20
P256 = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
"""How many numbers the curve has (FIPS 186-5); all but one in four billion random keys are below it."""


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
    phone_keys: Mapping[str, bytes] = field(repr=False)
    phone_current: str
    host: str
    port: int
    public_url: str
    languages: tuple[str, ...]
    house_languages: tuple[str, ...]
    phone_languages: tuple[str, ...]
    mail_url: str = field(repr=False)
    mail_from: str
    mail_folder: Path
    sms_url: str
    sms_token: str = field(repr=False)
    sms_folder: Path
    translator_url: str
    translator_key: str = field(repr=False)
    exit_url: str
    proxies: int
    code_tries: int
    code_tries_site: int
    attachments: Path
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
    vault, current = _keys(env, kept, "SIGNALEN_VAULT_KEYS")
    phone, phone_current = _keys(env, kept, "SIGNALEN_PHONE_KEYS")
    if not all(0 < int.from_bytes(key) < P256 for key in phone.values()):
        raise WrongSetting(
            "SIGNALEN_PHONE_KEYS", "needs keys that are numbers on the curve P-256: make another"
        )
    secret = env.get("SIGNALEN_SECRET_KEY") or kept.get("SIGNALEN_SECRET_KEY", "")
    if len(secret) < KEY_BYTES:
        raise WrongSetting("SIGNALEN_SECRET_KEY", f"needs at least {KEY_BYTES} characters")
    return Config(
        database_url=_database_url(env.get("SIGNALEN_DATABASE_URL") or f"sqlite:///{instance}/signalen.db"),
        secret_key=secret,
        vault_keys=vault,
        vault_current=current,
        phone_keys=phone,
        phone_current=phone_current,
        host=host,
        port=port,
        public_url=public_url,
        languages=_languages(env, "SIGNALEN_LANGUAGES", PUBLIC),
        house_languages=_languages(env, "SIGNALEN_HOUSE_LANGUAGES", HOUSE),
        phone_languages=_languages(env, "SIGNALEN_PHONE_LANGUAGES", PHONE),
        mail_url=env.get("SIGNALEN_MAIL_URL") or "",
        mail_from=env.get("SIGNALEN_MAIL_FROM") or "Signalen <signalen@localhost>",
        mail_folder=Path(env.get("SIGNALEN_MAIL_FOLDER") or instance / "mail"),
        sms_url=_gateway(env, "SIGNALEN_SMS_URL"),
        sms_token=env.get("SIGNALEN_SMS_TOKEN") or "",
        sms_folder=Path(env.get("SIGNALEN_SMS_FOLDER") or instance / "sms"),
        translator_url=_gateway(env, "SIGNALEN_TRANSLATOR_URL").rstrip("/"),
        translator_key=env.get("SIGNALEN_TRANSLATOR_KEY") or "",
        exit_url=_gateway(env, "SIGNALEN_EXIT_URL") or "https://www.meteo.be/",
        proxies=_number(env, "SIGNALEN_PROXIES", 0),
        code_tries=_number(env, "SIGNALEN_CODE_TRIES", 10),
        code_tries_site=_number(env, "SIGNALEN_CODE_TRIES_SITE", 500),
        attachments=Path(env.get("SIGNALEN_ATTACHMENTS") or instance / "attachments").absolute(),
        instance=instance,
    )


def _number(env: Mapping[str, str], name: str, default: int) -> int:
    try:
        return int(env.get(name) or default)
    except ValueError:
        raise WrongSetting(name, "needs a whole number") from None


def _gateway(env: Mapping[str, str], name: str) -> str:
    """The address of a service of others; empty when there is none."""
    url = env.get(name) or ""
    if url and (urlsplit(url).scheme not in {"http", "https"} or not urlsplit(url).netloc):
        raise WrongSetting(name, "needs an address such as https://gateway.example/messages")
    return url


def _languages(env: Mapping[str, str], name: str, default: tuple[str, ...]) -> tuple[str, ...]:
    codes = tuple(code.strip() for code in env.get(name, "").split(",") if code.strip()) or default
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


def _keys(env: Mapping[str, str], kept: Mapping[str, str], name: str) -> tuple[dict[str, bytes], str]:
    """`id:base64,id:base64`: all can open, the first one seals."""
    keys: dict[str, bytes] = {}
    for part in (env.get(name) or kept.get(name, "")).split(","):
        key_id, _, encoded = part.strip().partition(":")
        try:
            key = base64.b64decode(encoded, validate=True)
        except binascii.Error:
            key = b""
        if not key_id or len(key_id) > LONGEST_KEY_ID or len(key) != KEY_BYTES:
            raise WrongSetting(name, "needs id:key pairs, each key 32 bytes in base64")
        keys[key_id] = key
    return keys, next(iter(keys))


def _kept_keys(instance: Path, env: Mapping[str, str]) -> dict[str, str]:
    """Keys for trying things out: made once, readable by the owner only. A real installation sets them itself."""
    if all(env.get(name) for name in _MADE):
        return {}
    instance.mkdir(parents=True, exist_ok=True)
    path = instance / "keys.json"
    with (instance / "keys.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # two processes that start together agree on the keys
        kept: dict[str, str] = json.loads(path.read_text()) if path.exists() else {}
        kept = {_ONCE_NAMED.get(name, name): value for name, value in kept.items()}
        fresh = {name: make() for name, make in _MADE.items() if name not in kept}
        if fresh:
            draft = path.with_suffix(".draft")
            draft.unlink(missing_ok=True)
            with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
                json.dump(kept | fresh, file)
            draft.replace(path)
    return kept | fresh


def _made_key() -> str:
    return "local:" + base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode()


_MADE: Mapping[str, Callable[[], str]] = {
    "SIGNALEN_SECRET_KEY": lambda: secrets.token_urlsafe(48),
    "SIGNALEN_VAULT_KEYS": _made_key,
    "SIGNALEN_PHONE_KEYS": _made_key,
}
_ONCE_NAMED = {"secret_key": "SIGNALEN_SECRET_KEY", "vault_keys": "SIGNALEN_VAULT_KEYS"}
