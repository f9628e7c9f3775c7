"""An empty roster to fill in."""

from __future__ import annotations

from pathlib import Path

from questionnaires import Questionnaire
from survey import forms, output, settings
from survey.errors import Language
from survey.forms import Column, Form, Line
from survey.text import Text
from survey.workflow import meant

LINES = 400
"""Lines to fill in: a university of 200 branches with two roles each."""


def blank_roster(
    out: str | Path,
    *,
    questionnaire: str | Path | Questionnaire | None = None,
    language: Language | None = None,
    force: bool = False,
) -> Path:
    """Write an empty roster: branch, role to choose, number of people, other names of the branch.

    Parameters
    ----------
    out : path
        A file ending in ``.xlsx``.
    questionnaire : str, path or Questionnaire, optional
        Gives the roles.
    language : {"zh", "en"}, optional
        Of the workbook; else the one that `survey.options` sets.
    force : bool
        Replace a file that is there.

    Returns
    -------
    Path
        The file, for ``roster=`` once it is filled in.

    Examples
    --------
    >>> import tempfile, survey
    >>> survey.blank_roster(Path(tempfile.mkdtemp()) / "名册.xlsx").name
    '名册.xlsx'
    """
    roles = meant.questionnaire(questionnaire).roles
    role = Column(
        "role",
        Text("身份", "role"),
        16,
        filled=True,
        choices=tuple(Text(one.title, one.title_en or one.title) for one in roles),
    )
    form = Form(
        "roster",
        Text("名册", "Roster"),
        Text(
            "每个支部的每类人员写一行：支部、身份、应参加的人数。答卷里支部有别的叫法的，"
            "写在别名里，用、隔开。",
            "One line for each role of a branch: branch, role, number of people asked. Other names "
            "that answers may give the branch stand under alias.",
        ),
        (
            Column("branch", Text("支部", "branch"), 32, filled=True),
            *([role] if roles else []),
            Column("population", Text("人数", "population"), 12, filled=True, kind="whole"),
            Column("alias", Text("别名", "alias"), 32, filled=True),
        ),
    )
    with output.file(out, force=force) as file:
        forms.write(file, {form: [Line({})] * LINES}, settings.language(language))
    return Path(out)
