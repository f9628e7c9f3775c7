"""The two papers of the Word report, as data: plain, and as offices hand documents in.

Official paper follows what Jiangsu universities ask for (a notice of 2024) within GB/T 9704: title
in 二号 小标宋, unit in 小三 楷体, text in 三号 仿宋 on fixed lines of 28 points, 22 lines of 28
characters a page. Tables and pictures stand on single lines: fixed ones would clip them. Styles are
our own where LibreOffice has others of the same name: it would give them another id.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, NamedTuple

Style = Literal["plain", "official"]

SIZE = 210.0, 297.0
"""A4 in millimetres."""
INK, SOFT = "1F2328", "565C64"


class Face(NamedTuple):
    """A Chinese font: its name, the fonts that stand in for it, and how systems call the files."""

    name: str
    instead: tuple[str, ...] = ()
    families: tuple[str, ...] = ()


class Look(NamedTuple):
    """How a style looks: its font, size in points, and what differs from plain text.

    ``line`` counts lines up to 3, beyond it is a fixed height in points; ``indent`` is the first
    line's, in characters; ``tracking`` is added between characters, in points.
    """

    face: Face
    size: float
    bold: bool = False
    colour: str = INK
    before: float = 0
    after: float = 0
    line: float = 1.0
    indent: float = 0
    centred: bool = False
    keep: bool = False
    tracking: float = 0


@dataclass(frozen=True)
class Paper:
    """What a page of Word is like."""

    # above, below, left and right of the text, in millimetres
    margins: tuple[float, float, float, float]
    looks: Mapping[str, Look]  # by the names of the styles
    # sizes of the text in tables, in points: the first at which no number is broken
    cells: tuple[float, ...]
    whole: int  # rows up to which a table is not broken over two pages
    footer: float  # millimetres from the page number to the lower edge
    # whether the unit stands on a line of its own, page numbers on the outer side, and sentences
    # side by side are counted（1）（2）
    is_official: bool = False

    @property
    def width(self) -> float:
        """Width of the text in millimetres."""
        return SIZE[0] - self.margins[2] - self.margins[3]

    @property
    def tallest(self) -> float:
        """Height that a picture may take in millimetres, its caption beside it on the page."""
        return SIZE[1] - self.margins[0] - self.margins[1] - 24

    @property
    def faces(self) -> tuple[Face, ...]:
        """All its Chinese fonts."""
        return tuple(dict.fromkeys(look.face for look in self.looks.values()))


FANG, HEI, KAI = Face("仿宋"), Face("黑体"), Face("楷体")
SONG = Face("宋体")
PLAIN = Paper(
    margins=(25, 22, 27, 25),
    looks={
        "Normal": Look(FANG, 12),
        "Report Text": Look(FANG, 12, after=3, line=20, indent=2),
        "Report Lead": Look(HEI, 14, after=6, line=24, indent=2),
        "Title": Look(SONG, 18, bold=True, before=6, after=6, line=26, centred=True),
        "Subtitle": Look(KAI, 10.5, colour=SOFT, after=6, line=16, centred=True),
        "Heading 1": Look(HEI, 16, before=16, after=6, line=22, keep=True),
        "Heading 2": Look(KAI, 14, before=10, after=4, line=20, keep=True),
        "Heading 3": Look(FANG, 12, bold=True, before=6, after=3, line=18, keep=True),
        "List Bullet": Look(FANG, 12, after=3, line=20),
        "Report Caption": Look(HEI, 10.5, before=6, after=4, line=15, centred=True),
        "Report Note": Look(FANG, 10.5, colour=SOFT, after=4, line=16),
        "Report Source": Look(FANG, 9, colour=SOFT, after=6, line=12),
        "Report Cell": Look(SONG, 8.5, before=1, after=1, line=11.5),
        "Report Picture": Look(FANG, 10.5, before=6, centred=True, keep=True),
        "Footer": Look(SONG, 10.5, centred=True),
    },
    cells=(8.5, 8, 7.5, 7),
    whole=12,
    footer=12,
)
"""Lines have fixed heights: pages are the same whatever fonts a reader's machine has."""

_TITLE = Face("方正小标宋_GBK", ("宋体", "SimSun"), ("FZXiaoBiaoSong",))
_TEXT = Face("方正仿宋_GBK", ("仿宋_GB2312", "仿宋", "FangSong"), ("FZFangSong",))
_HEAD = Face("方正黑体_GBK", ("黑体", "SimHei"), ("FZHei",))
_UNIT = Face("方正楷体_GBK", ("楷体_GB2312", "楷体", "KaiTi"), ("FZKai",))
LINE = 28.0
"""Points from line to line."""
TIGHT = -0.25
"""Points between characters of 三号, so that 28 fill a line of 156 mm."""
_BODY = Look(_TEXT, 16, line=LINE, indent=2, tracking=TIGHT)
OFFICIAL = Paper(
    margins=(37, 35, 28, 26),
    looks={
        "Normal": Look(_TEXT, 16),
        "Report Text": _BODY,
        "Report Lead": _BODY,
        "Title": Look(_TITLE, 22, line=LINE, centred=True),
        "Subtitle": Look(_UNIT, 15, after=6, line=LINE, centred=True),
        "Heading 1": _BODY._replace(face=_HEAD, keep=True),
        "Heading 2": _BODY._replace(face=_UNIT, keep=True),
        "Heading 3": _BODY._replace(keep=True),
        "Report Caption": Look(_HEAD, 12, before=6, after=4, centred=True, keep=True),
        "Report Note": Look(_TEXT, 12, after=4, line=20, indent=2),
        "Report Source": Look(_TEXT, 10.5, after=6),
        "Report Cell": Look(SONG, 10.5, before=1, after=1),
        "Report Picture": Look(_TEXT, 10.5, before=8, centred=True, keep=True),
        "Footer": Look(SONG, 14, centred=False),
    },
    cells=(10.5, 9, 8, 7),
    whole=10,
    footer=23,
    is_official=True,
)
PAPERS: Mapping[Style, Paper] = {"plain": PLAIN, "official": OFFICIAL}


def missing(style: Style) -> tuple[Face, ...]:
    """Give the fonts of a paper that this machine lacks, each with what stands in for it.

    The document names them all the same: where they are installed it looks as it should, elsewhere
    Word takes the stand-ins, which the document names too.

    Examples
    --------
    >>> missing("plain")
    ()
    """
    from matplotlib.font_manager import fontManager

    known = {font.name for font in fontManager.ttflist}
    return tuple(
        face
        for face in PAPERS[style].faces
        if face.families and not any(name.startswith(face.families) for name in known)
    )
