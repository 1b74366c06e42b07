"""Every table of every room, loaded once: for migrations, commands and the tests that compare them."""

from __future__ import annotations

from sqlmodel import SQLModel

from signalen.consultations import models as consultations
from signalen.core import models as core
from signalen.dossiers import models as dossiers
from signalen.feedback import models as feedback
from signalen.people import models as people
from signalen.signals import giver_models
from signalen.signals import models as signals
from signalen.texts import models as texts
from signalen.themes import models as themes
from signalen.toetsen import models as toetsen

ROOMS = (core, people, themes, texts, signals, giver_models, dossiers, consultations, feedback, toetsen)
metadata = SQLModel.metadata
