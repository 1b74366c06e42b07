"""What a worker reads about the signals of their organisation."""

from __future__ import annotations

import pytest

from signalen.consultations.models import AnswerKind
from tests.feedback import steps


@pytest.mark.usefixtures("frozen")
def test_a_worker_reads_the_answer_to_a_signal_once_it_stands_ready(as_, people, store, vault) -> None:
    people.session = store
    mine = steps.own_signal(store, vault, people, organisation_id=people.linde.id)
    _dossier, round_ = steps.asked(store, people, [mine])
    here = f"/mine/signals/{mine.id}"
    store.commit()
    amina = as_(people.amina)
    assert 'id="answer"' not in amina.get(here).text
    steps.answer(store, people, round_, AnswerKind.PARTLY)
    steps.delivered(store, people, round_)
    store.commit()
    page = amina.get(here).text
    for words in steps.PARTS.values():
        assert words in page
    assert as_(people.dre).get(here).status_code == 404
