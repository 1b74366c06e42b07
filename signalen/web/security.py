"""Headers on every answer, the CSRF token, limits on what comes in, and addresses of static files by their content."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path

from flask import Flask, Response, request
from flask_wtf import CSRFProtect
from flask_wtf.csrf import generate_csrf
from werkzeug.middleware.proxy_fix import ProxyFix

from signalen.config import Config

csrf = CSRFProtect()
CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; manifest-src 'self'; worker-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
LOOPBACK = frozenset({"127.0.0.1", "::1"})


def on_loopback() -> bool:
    """Whether the visitor sits at this very machine: behind an undeclared proxy nobody does."""
    return request.remote_addr in LOOPBACK and "X-Forwarded-For" not in request.headers


def init_security(app: Flask, config: Config) -> None:
    """Makes each answer carry the headers of safety.md."""
    app.config.update(
        SECRET_KEY=config.secret_key,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=config.secure_cookies,
        SESSION_COOKIE_NAME="__Host-signalen" if config.secure_cookies else "signalen",
        MAX_CONTENT_LENGTH=2 * 1024 * 1024,
        MAX_FORM_MEMORY_SIZE=1024 * 1024,
        MAX_FORM_PARTS=500,
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=False,  # Referrer-Policy is no-referrer; the token is the check
    )
    if config.proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=config.proxies, x_proto=config.proxies)  # type: ignore[method-assign]
    csrf.init_app(app)

    @app.after_request
    def headers(response: Response) -> Response:
        h = response.headers
        h.setdefault("Content-Security-Policy", CSP)
        h.setdefault("X-Content-Type-Options", "nosniff")
        h.setdefault("Referrer-Policy", "no-referrer")
        h.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
        h.setdefault("Cross-Origin-Opener-Policy", "same-origin")
        if config.secure_cookies:
            h.setdefault("Strict-Transport-Security", "max-age=31536000")
        if request.endpoint == "static":
            h["Cache-Control"] = "public, max-age=31536000, immutable" if "v" in request.args else "no-cache"
        else:
            h.setdefault("Cache-Control", "no-store")
        return response

    root = Path(app.static_folder or "")

    @lru_cache
    def version(name: str) -> str:
        return hashlib.blake2b((root / name).read_bytes(), digest_size=6).hexdigest()

    app.jinja_env.globals.update(
        # What url_for would say, without asking the map of routes five times a page.
        static=lambda name: f"{request.script_root}{app.static_url_path}/{name}?v={version(name)}",
        csrf_token=generate_csrf,
        exit_url=config.exit_url,
    )
