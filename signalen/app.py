"""create_app(): alone knows every room."""

from __future__ import annotations

from pathlib import Path

from flask import Flask
from whitenoise import WhiteNoise

from signalen import cli, config
from signalen.core.db import Sessions, create_engine
from signalen.core.letterbox import Letterbox
from signalen.core.vault import Vault
from signalen.people.devices import device_state, touch_device
from signalen.people.operations import touch_sign_in
from signalen.rooms import BLUEPRINTS, load_actor, prepare
from signalen.web.errors import init_errors
from signalen.web.fragments import init_fragments
from signalen.web.guards import init_guards
from signalen.web.light import light_copies
from signalen.web.locale import init_locale
from signalen.web.notices import init_notices
from signalen.web.security import init_security
from signalen.web.sessions import init_sessions


def create_app(settings: config.Config | None = None) -> Flask:
    """The whole application, ready to serve. `settings`: from the environment unless given."""
    settings = settings or config.load()
    app = Flask("signalen", template_folder=str(config.ROOT / "templates"))
    app.extensions["signalen.config"] = settings
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    init_security(app, settings)
    init_sessions(
        app,
        Sessions(create_engine(settings.database_url)),
        Vault(settings.vault_keys, settings.vault_current),
        Letterbox(settings.phone_keys, settings.phone_current),
    )
    init_guards(app, load_actor, touch_sign_in, device_state, touch_device)
    init_locale(app, settings.languages, settings.house_languages, settings.phone_languages)
    init_fragments(app)
    init_notices(app)
    init_errors(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    prepare(app)
    cli.init_cli(app)
    static = Path(app.static_folder or "")
    files = WhiteNoise(app.wsgi_app, root=str(static), prefix="static/", max_age=31536000)
    files.add_files(str(light_copies(static / "phone", settings.instance / "light")), prefix="static/phone/")
    app.wsgi_app = files  # type: ignore[method-assign]
    return app
