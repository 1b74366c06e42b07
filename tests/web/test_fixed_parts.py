"""Parts of pages that are drawn once: the same for everybody who brings the same facts, and nobody's in particular."""

from __future__ import annotations

import pytest
from jinja2 import ChoiceLoader, DictLoader
from jinja2.exceptions import UndefinedError

from signalen.web.fragments import PERSONAL, fixed_part
from signalen.web.locale import speaking


@pytest.fixture
def draw(app):
    """Draws a text as a fixed part."""
    texts: dict[str, str] = {}
    app.jinja_env.loader = ChoiceLoader([DictLoader(texts), app.jinja_env.loader])

    def drawn(text: str, **facts: object) -> str:
        texts[text] = text  # named by itself: a template is kept by its name
        return fixed_part(text, **facts)

    with app.test_request_context():
        yield drawn


def test_a_fixed_part_follows_its_facts_and_the_language(draw) -> None:
    text = '{{ _("Signals") }} {{ who }}.html'
    with speaking("nl"):
        assert draw(text, who="<b>") == "Signalen &lt;b&gt;.html"
        assert draw(text, who="Bart") == "Signalen Bart.html"
    with speaking("en"):
        assert draw(text, who="Bart") == "Signals Bart.html"


@pytest.mark.parametrize("name", PERSONAL)
def test_a_fixed_part_cannot_ask_what_belongs_to_one_visitor(draw, name) -> None:
    with pytest.raises((TypeError, UndefinedError)):
        draw("{{ " + name + "() }}")
    with pytest.raises(UndefinedError):
        draw("{{ " + name + ".id.x }}")
