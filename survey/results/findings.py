"""Everything that a report holds."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import pandas as pd

from survey import vocabulary
from survey.contract import Result
from survey.errors import Language

if TYPE_CHECKING:
    from questionnaires import Questionnaire
    from questionnaires.standard import Standard
from survey.results.actions import Actions
from survey.results.comments import Comments
from survey.results.comparison import Comparison, Waves
from survey.results.drivers import Drivers
from survey.results.items import ItemResponses
from survey.results.ranking import Ranking
from survey.results.reliability import Reliability
from survey.results.satisfaction import Satisfaction
from survey.results.scores import Scores


@dataclass(frozen=True, eq=False, repr=False)
class Evidence(Result):
    """Whether documents prove what a standard asks for at least.

    Attributes
    ----------
    frame : DataFrame
        One row a branch and minimum: ``branch``, ``number``, ``title``, ``title_en`` (of the
        indicator), ``required``, ``required_en``, ``n`` (least count over its times or members),
        ``status`` (``met``, ``not_met``, ``not_provided``), ``detail``, ``detail_en`` (what lacks;
        may be empty).
    attachments : DataFrame
        One row a file: ``branch``, ``number``, ``date``, ``subject``, ``n`` (people),
        ``attachment`` (its name, masked).
    standard : Standard
        That asks for them.
    opinions : mapping of int to str
        What reviewers say of an indicator, by its number.
    remarks : mapping of str to str
        What the superior committee says of a branch.
    """

    _name = ("佐证材料", "Documentary evidence")
    _shown = ("branch", "number", "title", "status", "n", "detail")

    frame: pd.DataFrame
    attachments: pd.DataFrame
    standard: Standard
    opinions: Mapping[int, str] = field(default_factory=dict)
    remarks: Mapping[str, str] = field(default_factory=dict)

    def of(self, branches: Collection[str]) -> Evidence:
        """Keep some branches."""
        frames = (part[part["branch"].isin(branches)] for part in (self.frame, self.attachments))
        frame, attachments = (part.reset_index(drop=True) for part in frames)
        remarks = {name: text for name, text in self.remarks.items() if name in branches}
        return replace(self, frame=frame, attachments=attachments, remarks=remarks)

    def _table(self, language: Language) -> pd.DataFrame:
        status = [vocabulary.proof(code, language) for code in self.frame["status"]]
        return self.frame.assign(status=status)

    def _caption(self, language: Language) -> str:
        return f"{self.standard.citation}，{self.standard.version}"


@dataclass(frozen=True, eq=False)
class Strict:
    """What would change if every flagged answer were removed too."""

    # of everyone without the flagged rows; withheld where only a few rows are flagged
    overall: Satisfaction
    n_compared: int  # branches whose verdict is published
    n_changed: int  # of these, how many would have another verdict


@dataclass(frozen=True)
class Cover:
    """What stands under the title of a report; empty where it is not given."""

    organisation: str = ""
    period: str = ""
    author: str = ""


@dataclass(frozen=True)
class Doubts:
    """How many published verdicts of branches may be wrong, or hang on what was taken as given."""

    n_judged: int  # branches whose verdict is published
    most_wrong: float  # wrong verdicts expected among them at most, whatever the truth
    # verdicts that change if every size on the roster is 5 % more, or less
    n_larger: int
    n_smaller: int
    # verdicts that change if roles are left out of account; None where none rests on them
    n_roles: int | None


@dataclass(frozen=True)
class Late:
    """Those who answered first beside those who answered last, of everyone."""

    # valid and satisfied answers of the first and of the last half
    n_valid: tuple[int, int]
    n_satisfied: tuple[int, int]
    p_value: float  # of no difference, Fisher's exact test


@dataclass(frozen=True, eq=False)
class Findings:
    """Everything that is published together, already under the privacy rule.

    Attributes
    ----------
    title : str
        Title of the report.
    questionnaire : Questionnaire
        What was asked.
    created : str
        Date, ISO format.
    files : DataFrame
        One row an input file: ``file``, ``kind`` (``export`` or ``roster``), ``sha256``,
        ``n_rows``, ``platform``.
    n_read, n_used : int
        Rows read and rows used; ``n_read = n_used + removed``.
    removed : DataFrame
        ``rule`` (code), ``zh``, ``en`` (its name for readers), ``n``: rows removed, by reason.
    flagged : DataFrame
        ``rule``, ``zh``, ``en``, ``n``: rows kept but flagged.
    tables : mapping of tuple of str to Satisfaction
        By their units: ``()`` is everyone, ``("branch",)`` the branches; roles, branches by role
        and further groupings (colleges, years) where the survey knows them.
    strict : Strict or None
        What removing every flagged row too would change.
    doubts : Doubts or None
        What verdicts hang on; None without a roster, or where none is published.
    late : Late or None
        Early beside late answers; None without a time on every one, or with few of them.
    drivers, items, ranking, reliability : results or None
        None where the survey does not hold what they need.
    branch_items : ItemResponses or None
        Answers to the items in every published branch, for the branches' own pages.
    scores : Scores or None
        By a school's rule, where one was asked for.
    comments : Comments or None
        What the open answers speak of.
    actions : Actions or None
        What has become of last time's list of actions, where it was given.
    evidence : Evidence or None
        What documents prove, where a workbook of them was given.
    notices : tuple of (str, str)
        What a reader must know, in Chinese and in English.
    options : mapping
        Options of the run that change figures (bar, level, min_cell, seed).
    changes : Comparison or None
        Since an earlier wave.
    waves : Waves or None
        All waves, where more than one earlier was given.
    cover : Cover
        Who reports, on which time.

    Examples
    --------
    >>> import survey, tempfile
    >>> made = survey.simulate(tempfile.mkdtemp(), n_branches=4, seed=1)
    >>> held = survey.read(made.export, roster=made.roster)
    >>> found = held.findings()
    >>> sorted(found.tables), found.further
    ([(), ('branch',), ('role',)], ())
    >>> found.named_in("en").tables["role",].frame["role"].tolist()
    ['Party members', 'staff and students']
    """

    title: str
    questionnaire: Questionnaire
    created: str
    files: pd.DataFrame
    n_read: int
    n_used: int
    removed: pd.DataFrame
    flagged: pd.DataFrame
    tables: Mapping[tuple[str, ...], Satisfaction]
    strict: Strict | None
    drivers: Drivers | None
    items: ItemResponses | None
    ranking: Ranking | None
    reliability: Reliability | None
    branch_items: ItemResponses | None = None
    scores: Scores | None = None
    comments: Comments | None = None
    actions: Actions | None = None
    evidence: Evidence | None = None
    late: Late | None = None
    doubts: Doubts | None = None
    notices: tuple[tuple[str, str], ...] = ()
    options: Mapping[str, object] = field(default_factory=dict)
    changes: Comparison | None = None
    waves: Waves | None = None
    cover: Cover = Cover()

    def __repr__(self) -> str:
        return (
            f"<Findings {self.title}: {self.n_used} of {self.n_read} rows used, "
            f"{len(self.tables['branch',].frame)} branches>"
        )

    def named_in(self, language: Language) -> Findings:
        """Give them with answers and roles in English, where this is asked."""
        return replace(self, tables={by: t.named_in(language) for by, t in self.tables.items()})

    @property
    def further(self) -> tuple[Satisfaction, ...]:
        """Tables by groupings other than branch and role."""
        return tuple(t for by, t in self.tables.items() if not {*by} <= {"branch", "role"})
