"""Read exports into a survey, or say what would be read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import pandas as pd

import questionnaires
from questionnaires import Questionnaire
from questionnaires.text import normalise
from survey import coding, identifiers, provenance, readers, settings
from survey.coding.naming import NAMED, NO_BRANCH, with_roles
from survey.errors import CodingError, Place, SurveyError, UsageError
from survey.roster import Roster, read_roster, require_known, require_room
from survey.screening import DEFAULT_RULES, Rule, Screening, screen, within
from survey.screening.checks import is_test
from survey.workflow.frames import refuse_frames, to_pandas
from survey.workflow.survey import Progress, Survey

if TYPE_CHECKING:
    from narwhals.typing import IntoFrame

Paths = str | Path | Sequence[str | Path]

STANDARD = "jiangsu-2014"
DEFAULT_BAR = "0.9"


def read(
    paths: Paths,
    *,
    questionnaire: str | Path | Questionnaire | None = None,
    roster: str | Path | IntoFrame | None = None,
    roster_sheet: str | None = None,
    mapping: str | Path | Mapping[str, str] | None = None,
    branch: str | None = None,
    role: str | None = None,
    overall: str | None = None,
    dimensions: Mapping[str, Sequence[str]] | None = None,
    satisfied: Sequence[str] | None = None,
    ladder: Sequence[str] | None = None,
    not_applicable: Sequence[str] | None = None,
    bar: str | float | None = None,
    platform: str | None = None,
    sheet: str | None = None,
    encoding: str | None = None,
    mode: Literal["text", "numbered"] | None = None,
    codebook: str | Path | readers.CodeBook | None = None,
    rules: Sequence[Rule] = DEFAULT_RULES,
    since: str | date | None = None,
    until: str | date | None = None,
    allow_unknown_branches: bool = False,
    skip_bad_files: bool = False,
    min_cell: int | None = None,
    keep: str | Sequence[str] = (),
    progress: Progress | None = None,
) -> Survey:
    """Read exports into a survey: columns understood, answers coded, rows screened.

    Parameters
    ----------
    paths : path, or sequence of paths
        Export files, or a folder of them.
    questionnaire : str, path or Questionnaire, optional
        Name of a shipped questionnaire or a TOML file; the Jiangsu standard where no columns are
        named.
    roster : path or data frame, optional
        Sizes of branches. Without it intervals are binomial and wider than they have to be.
    roster_sheet : str, optional
        Sheet of the roster, where several look like one.
    mapping : path or mapping, optional
        Which column answers which item: a TOML file or ``{item id: selector}``.
    branch, role, overall : str, optional
        For a survey without a questionnaire: selectors of its columns, each a question number
        (``"17"``), number and row (``"17—逻辑拆解"``) or the header's text.
    dimensions : mapping of str to sequence of str, optional
        Names of dimensions and the selectors of their items; a whole matrix stands for its rows.
    satisfied : sequence of str, optional
        Answers that count as satisfied; needed with `overall`, since it is never guessed.
    ladder : sequence of str, optional
        All answers from best to worst, where they are none of the known ladders.
    not_applicable : sequence of str, optional
        With `overall`: answers that say nothing about satisfaction, beside 不了解, 不适用 and the
        like. They leave the base of every rate and are counted in the audit.
    bar : str or float, optional
        Share of satisfied people to be reached, for example ``"0.9"``; else the questionnaire's.
    platform, sheet, encoding : str, optional
        Override what is recognised in the files.
    mode : {"text", "numbered"}, optional
        How exports of 问卷星 were downloaded, by option text (按文本) or by option number (按序号).
        Needed where digits are to be rated and the files do not prove it.
    codebook : path or CodeBook, optional
        What the numbers of a numbered export mean: made by `survey.pair_exports`, or JSON like
        ``{"4": ["非常满意", "满意"]}`` with the labels of every question in order of their numbers.
    rules : sequence of Rule
        Rules of screening.
    since, until : str or date, optional
        First and last moment of the survey; answers outside are removed.
    allow_unknown_branches : bool
        Leave out answers from branches that are not on the roster instead of stopping.
    skip_bad_files : bool
        Leave out files that cannot be read, with a line in the audit, instead of stopping.
    min_cell : int, optional
        Least number of respondents of a published figure, 5 unless `survey.options` says otherwise.
    keep : str or sequence of str
        Further groupings, for example ``["学院", "年级"]``: headers of the roster, to whose values
        branches belong, or else selectors of columns of the exports.
    progress : callable, optional
        Told of every file read.

    Returns
    -------
    Survey

    Raises
    ------
    SurveyError
        If files, columns, answers or roster are not understood for certain.

    Examples
    --------
    >>> import tempfile, survey
    >>> folder = Path(tempfile.mkdtemp())
    >>> made = survey.simulate(folder, n_branches=6, seed=1)
    >>> s = survey.read(made.export, roster=made.roster)
    >>> s.n_read == s.n_used + s.n_removed
    True
    """
    refuse_frames(paths)
    known_frame = None if roster is None or isinstance(roster, str | Path) else to_pandas(roster)
    roster = roster if isinstance(roster, str | Path) else None
    files = [file for file in readers.expand(paths) if not _is_same(file, roster)]
    if not files:
        raise UsageError(
            zh="导出文件和名册是同一个文件。", en="The export and the roster are the same file."
        )
    exports, bad = _open(files, platform, sheet, encoding, mode, codebook, skip_bad_files, progress)
    exports = _with_passed_over(exports, paths, roster)
    asked, matchings = _match(
        exports,
        questionnaire=questionnaire,
        mapping=mapping,
        branch=branch,
        role=role,
        overall=overall,
        dimensions=dimensions,
        satisfied=satisfied,
        ladder=ladder,
        not_applicable=not_applicable,
        bar=bar,
    )
    for export, matching in zip(exports, matchings, strict=True):
        coding.require_certain(export, asked, matching)
    responses = coding.concatenate(
        [coding.code(e, asked, m) for e, m in zip(exports, matchings, strict=True)]
    )
    stated = [grouping.id for grouping in asked.groupings]
    names = [*stated, *([keep] if isinstance(keep, str) else keep)]
    source = roster if known_frame is None else known_frame
    known = None
    if source is not None:
        known = read_roster(source, asked, names, roster_sheet, open_roles=asked.id == NAMED)
        asked = with_roles(asked, known.roles)
        responses = replace(responses, questionnaire=asked)
        _require_branches(exports, matchings, asked, known)
    responses, unknown = _match_branches(responses, known, allow_unknown_branches)
    responses = _with_groupings(responses, known, exports, names)
    screening = screen(responses, within(since, until, rules), unknown_branch=unknown)
    _require_some(screening)
    if known is not None:
        require_room(responses.people[screening.used], known, asked)
    return Survey(
        responses=responses,
        roster=known,
        screening=screening,
        files=provenance.inputs(exports, roster, bad),
        min_cell=settings.current().min_cell if min_cell is None else min_cell,
        groupings=tuple(name for name in names if responses.people[name].notna().any()),
        sources=tuple(
            Path(given)
            for given in (*files, roster, mapping, codebook, questionnaire)
            if isinstance(given, str | Path)
        ),
    )


def check(
    paths: Paths,
    *,
    questionnaire: str | Path | Questionnaire | None = None,
    mapping: str | Path | Mapping[str, str] | None = None,
    branch: str | None = None,
    role: str | None = None,
    overall: str | None = None,
    dimensions: Mapping[str, Sequence[str]] | None = None,
    satisfied: Sequence[str] | None = None,
    ladder: Sequence[str] | None = None,
    not_applicable: Sequence[str] | None = None,
    platform: str | None = None,
    sheet: str | None = None,
    encoding: str | None = None,
    mode: Literal["text", "numbered"] | None = None,
    codebook: str | Path | readers.CodeBook | None = None,
) -> list[coding.Understanding]:
    """Say what would be read of every export; nothing is computed.

    Parameters
    ----------
    paths, questionnaire, mapping, branch, role, overall, dimensions, satisfied, ladder, \
not_applicable, platform, sheet, encoding, mode, codebook
        As for `read`.

    Returns
    -------
    list of Understanding
        One a file, with the error that would stop the reading.

    Examples
    --------
    >>> import tempfile, survey
    >>> made = survey.simulate(Path(tempfile.mkdtemp()), n_branches=4, seed=1)
    >>> understood = survey.check(made.export)[0]
    >>> understood.error is None, "→ overall" in understood.text()
    (True, True)
    """
    files = readers.expand(paths)
    exports, _ = _open(files, platform, sheet, encoding, mode, codebook, False, None)
    exports = _with_passed_over(exports, paths, None)
    asked, matchings = _match(
        exports,
        questionnaire=questionnaire,
        mapping=mapping,
        branch=branch,
        role=role,
        overall=overall,
        dimensions=dimensions,
        satisfied=satisfied,
        ladder=ladder,
        not_applicable=not_applicable,
        bar=None,
    )
    return [coding.understand(e, asked, m) for e, m in zip(exports, matchings, strict=True)]


def _with_groupings(
    responses: coding.Responses,
    roster: Roster | None,
    exports: Sequence[readers.Export],
    names: Sequence[str],
) -> coding.Responses:
    """Give everybody a value of each grouping: the branch's on the roster, or the one answered."""
    people = responses.people
    for name in names:
        if roster is not None and name in roster.frame:
            parents = roster.frame.drop_duplicates("branch").set_index("branch")[name]
            people = people.assign(**{name: people["branch"].map(parents)})
        elif name not in people:
            answers = [coding.grouping(export, name) for export in exports]
            people = people.assign(**{name: pd.concat(answers, ignore_index=True)})
    return replace(responses, people=people)


def _require_branches(
    exports: Sequence[readers.Export],
    matchings: Sequence[coding.Matching],
    asked: Questionnaire,
    roster: Roster,
) -> None:
    """Stop where there is a roster of branches and a file without a column of the branch."""
    without = [
        export
        for export, matching in zip(exports, matchings, strict=True)
        if asked.branch.id not in matching.targets
    ]
    if not without or normalise(NO_BRANCH) in map(normalise, roster.branches):
        return
    named = asked.id == NAMED
    raise CodingError(
        zh=("没有指明支部列（--branch）" if named else '映射文件把支部留空了（branch = ""）')
        + "，全部答卷算作一个整体，与按支部列出人数的名册对不上。请写明支部是哪一列；"
        "确实不分支部的，请去掉名册（--roster）。",
        en=(
            "No branch column is named (--branch)" if named else "The mapping leaves the branch out"
        )
        + ": all answers count as one unit, which does not fit a roster of branches. Name the "
        "column of the branch, or leave the roster out (--roster).",
        place=Place(file=without[0].name),
    )


def _is_same(file: Path, roster: str | Path | None) -> bool:
    """Tell whether a file is the roster, which often lies in the folder of the exports."""
    return roster is not None and file.exists() and Path(roster).resolve() == file.resolve()


def _require_some(screening: Screening) -> None:
    """Stop where no row is left."""
    if not screening.used.any():
        removed = screening.tally("remove")
        zh = "、".join(f"{row.zh} {row.n}" for row in removed.itertuples())
        en = ", ".join(f"{row.en} {row.n}" for row in removed.itertuples())
        raise CodingError(
            zh=f"{len(screening.used)} 份答卷全部被剔除（{zh}），没有可用的答卷。",
            en=f"All {len(screening.used)} rows were removed ({en}): nothing is left to use.",
        )


def _open(
    files: Sequence[Path],
    platform: str | None,
    sheet: str | None,
    encoding: str | None,
    mode: Literal["text", "numbered"] | None,
    codebook: str | Path | readers.CodeBook | None,
    skip_bad_files: bool,
    progress: Progress | None,
) -> tuple[list[readers.Export], list[tuple[str, SurveyError]]]:
    """Open every file; keep apart those that cannot be read."""
    book = readers.CodeBook.load(codebook) if isinstance(codebook, str | Path) else codebook
    exports, bad = [], []
    for done, (file, name) in enumerate(zip(files, readers.told_apart(files), strict=True)):
        if progress:
            progress("read", done, len(files))
        try:
            export = readers.open_export(
                file, platform=platform, sheet=sheet, encoding=encoding, mode=mode
            )
            export = export.renamed(name)
            if book is not None:
                export = export.decode(book) if export.mode != "text" else _without_book(export)
            exports.append(export)
        except SurveyError as error:
            if isinstance(error.place, Place) and error.place.file == file.name:
                error.place = replace(error.place, file=name)
            if not skip_bad_files:
                raise
            bad.append((name, error))
    if progress:
        progress("read", len(files), len(files))
    if not exports:
        raise UsageError(zh="没有一个文件可以读取。", en="No file could be read.")
    return exports, bad


def _without_book(export: readers.Export) -> readers.Export:
    """Say that a code book was given and not used."""
    unused = readers.Problem(
        zh="文件是按文本下载的，答案本来就是选项文字，没有用到编码本。",
        en="The file was downloaded by text and needs no code book; it was not used.",
        place=export.place,
    )
    return replace(export, problems=(*export.problems, unused))


def _with_passed_over(
    exports: Sequence[readers.Export], paths: Paths, roster: str | Path | None
) -> list[readers.Export]:
    """Let the first export tell what lay in its folders and was not read."""
    known = None if roster is None else Path(roster).name
    passed = [p for p in readers.passed_over(paths) if p.place.file != known]
    first, *rest = exports
    return [replace(first, problems=(*first.problems, *passed)), *rest]


def _match(
    exports: Sequence[readers.Export],
    *,
    questionnaire: str | Path | Questionnaire | None,
    mapping: str | Path | Mapping[str, str] | None,
    overall: str | None,
    bar: str | float | None,
    **named: Any,
) -> tuple[Questionnaire, list[coding.Matching]]:
    """Find out what was asked and which column answers it."""
    if overall is not None:
        if questionnaire is not None or mapping is not None:
            raise UsageError(
                zh="指明了总体满意度一列（overall）时不能再给问卷或映射文件。",
                en="With overall, neither a questionnaire nor a mapping can be given.",
            )
        written = str(bar) if bar is not None else DEFAULT_BAR
        return coding.name_columns(exports, overall=overall, bar=written, **named)
    given = [name for name, value in named.items() if value is not None]
    if given:
        raise UsageError(
            zh=f"用了 {'、'.join(given)} 就要同时用 overall（--overall）指明总体满意度一列。",
            en=f"With {', '.join(given)} name the column of overall satisfaction too (overall).",
        )
    asked = load_questionnaire(questionnaire)
    if bar is not None:
        asked = replace(asked, bar=str(bar))
    chosen = coding.load_mapping(mapping) if mapping is not None else {}
    return asked, [coding.match_columns(export, asked, chosen) for export in exports]


def load_questionnaire(given: str | Path | Questionnaire | None) -> Questionnaire:
    """Load a questionnaire by name or file; the Jiangsu standard where none is given."""
    if isinstance(given, Questionnaire):
        return given
    return questionnaires.load(given or STANDARD)


def _match_branches(
    responses: coding.Responses, roster: Roster | None, allow_unknown: bool
) -> tuple[coding.Responses, pd.Series | None]:
    """Give every branch one name: the roster's, or its most frequent spelling."""
    answers = responses.people["branch"]
    if roster is None:
        spellings = answers.value_counts().index
        first = {normalise(name): name for name in reversed(list(spellings))}
        # typed freely: a name or a number among them reaches no output
        shown = identifiers.mask(pd.Series([*first.values()], dtype="str"))
        first = dict(zip(first, shown, strict=True))
        matched = answers.map({name: first[normalise(name)] for name in spellings})
        unknown = None
    else:
        matched = roster.match(answers)
        # Test rows have a rule of their own.
        real = ~is_test(answers)
        if not allow_unknown:
            require_known(answers[real], matched[real], roster)
        unknown = matched.isna() & answers.notna() & real
        matched = matched.fillna(answers)
    people = responses.people.assign(branch=matched)
    return replace(responses, people=people), unknown
