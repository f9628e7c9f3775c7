"""Draw a figure once and give it in several forms: SVG with texts or outlines, and dots.

Matplotlib lays out, measures and draws every text anew for every file. A recording keeps what a
figure drew, in points, and files are made of it without asking the figure again.
"""

from __future__ import annotations

import io
from contextlib import contextmanager
from functools import cache, lru_cache
from html import escape
from typing import TYPE_CHECKING, Any, TypeAlias, cast

import matplotlib as mpl
import numpy as np
from matplotlib import ft2font
from matplotlib.backend_bases import FigureCanvasBase, GraphicsContextBase, RendererBase
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.backends.backend_svg import RendererSVG
from matplotlib.font_manager import FontProperties, findfont, get_font
from matplotlib.path import Path
from matplotlib.textpath import text_to_path
from matplotlib.transforms import Affine2D, Bbox, Transform, TransformedPath

from survey.charts import fonts

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from matplotlib.figure import Figure
    from matplotlib.text import Text
    from numpy.typing import NDArray

POINTS = 72
"""Dots per inch of a recording."""
# at the sizes of print hinting only moves strokes away from where they belong
_UNHINTED: Any = (
    ft2font.LoadFlags.NO_HINTING
    if hasattr(ft2font, "LoadFlags")
    else getattr(ft2font, "LOAD_NO_HINTING")  # noqa: B009 - releases before 3.10
)


_Svg: Any = RendererSVG
_Agg: Any = RendererAgg


class Recording(RendererBase):
    """What a figure drew, in order.

    Made by `record`. As a renderer it is asked by matplotlib for sizes and told what to draw.

    Parameters
    ----------
    width, height : float
        Size in points.
    """

    def __init__(self, width: float, height: float) -> None:
        super().__init__()
        self.width, self.height = width, height
        self._calls: list[tuple[str, tuple[Any, ...], dict[str, Any]]] = []
        self._hints: list[str] = []

    def hint(self, left: float, bottom: float, right: float, top: float, text: str) -> None:
        """Note what a page shows when the pointer rests on a box."""
        self._hints.append(
            f'<rect x="{left:.1f}" y="{self.height - top:.1f}" width="{right - left:.1f}" '
            f'height="{top - bottom:.1f}"><title>{escape(text, quote=False)}</title></rect>'
        )

    def _note(self, name: str, gc: GraphicsContextBase, *args: Any, **kwargs: Any) -> None:
        kept = GraphicsContextBase()
        kept.copy_properties(gc)
        self._calls.append((name, (kept, *args), kwargs))

    def open_group(self, s: str, gid: str | None = None) -> None:
        """Note that a group begins."""
        self._calls.append(("open_group", (s, gid), {}))

    def close_group(self, s: str) -> None:
        """Note that a group ends."""
        self._calls.append(("close_group", (s,), {}))

    def draw_path(
        self, gc: GraphicsContextBase, path: Path, transform: Transform, rgbFace: Any = None
    ) -> None:
        """Note a line or an area."""
        self._note("draw_path", gc, path, transform.frozen(), rgbFace)

    def draw_markers(
        self,
        gc: GraphicsContextBase,
        marker_path: Path,
        marker_trans: Transform,
        path: Path,
        trans: Transform,
        rgbFace: Any = None,
    ) -> None:
        """Note one mark at many places."""
        places = (marker_path, marker_trans.frozen(), path, trans.frozen())
        self._note("draw_markers", gc, *places, rgbFace)

    def draw_path_collection(
        self,
        gc: GraphicsContextBase,
        master_transform: Transform,
        paths: Sequence[Any],
        all_transforms: Any,
        offsets: Any,
        offset_trans: Transform,
        *args: Any,
        **kwargs: Any,
    ) -> None:
        """Note many paths of one kind."""
        # a mesh gives an empty list where dots want an empty array
        each = np.reshape(all_transforms, (-1, 3, 3))
        places = (master_transform.frozen(), paths, each, offsets, offset_trans.frozen())
        self._note("draw_path_collection", gc, *places, *args, **kwargs)

    def draw_text(
        self,
        gc: GraphicsContextBase,
        x: float,
        y: float,
        s: str,
        prop: FontProperties,
        angle: float,
        ismath: bool | str = False,
        mtext: Text | None = None,
    ) -> None:
        """Note a line of text as it stands: a name with two dollar signs is no formula."""
        self._note("draw_text", gc, x, y, s, prop, angle, False, mtext)

    def get_text_width_height_descent(
        self, s: str, prop: FontProperties, ismath: Any
    ) -> tuple[float, float, float]:
        """Measure a line of text as SVG does: without hinting, so alike at every resolution."""
        return _measured(s, _key(prop))

    def get_canvas_width_height(self) -> tuple[float, float]:
        """Give the size in points."""
        return self.width, self.height

    def flipy(self) -> bool:
        """Say that texts are placed from the top, as in SVG and in pictures of dots."""
        return True

    def points_to_pixels(self, points: Any) -> Any:
        """Leave points as they are."""
        return points

    def svg(self, *, embed_text: bool) -> str:
        """Write everything as SVG.

        Parameters
        ----------
        embed_text : bool
            Keep texts as texts, with the hints of a page; otherwise draw them as outlines.
        """
        buffer = io.StringIO()
        settings: dict[Any, Any] = {
            "svg.fonttype": "none" if embed_text else "path",
            "svg.hashsalt": "survey",
        }
        with mpl.rc_context(settings):
            page: Any = _Svg(
                self.width, self.height, buffer, metadata={"Date": None, "Creator": None}
            )
            for name, args, kwargs in self._calls:
                getattr(page, name)(*args, **kwargs)
            page.finalize()
        text = buffer.getvalue()
        if not embed_text or not self._hints:
            return text
        body, end, rest = text.rpartition("</svg>")
        return f'{body}<g class="hints">\n' + "\n".join(self._hints) + f"\n</g>\n{end}{rest}"

    def dots(self, dpi: float) -> NDArray[np.uint8]:
        """Draw everything on white paper.

        Parameters
        ----------
        dpi : float
            Dots per inch.

        Returns
        -------
        array of shape (height, width, 4)
            Red, green, blue and 255 everywhere. Texts lie above all else.
        """
        zoom = dpi / POINTS
        larger = Affine2D().scale(zoom)
        page: Any = _Agg(self.width * zoom, self.height * zoom, dpi)
        paper = page.new_gc()
        paper.set_linewidth(0)
        sheet = Affine2D().scale(page.width, page.height)
        page.draw_path(paper, Path.unit_rectangle(), sheet, (1.0, 1.0, 1.0, 1.0))
        texts = []
        for name, args, kwargs in self._calls:
            if name == "draw_text" and not args[5]:
                texts.append(args)
            elif name == "draw_text":
                gc, x, y, *rest = args
                page.draw_text(gc, x * zoom, y * zoom, *rest)
            elif name not in ("open_group", "close_group"):
                gc, *rest = args
                rest = [part + larger if isinstance(part, Transform) else part for part in rest]
                getattr(page, name)(_zoomed(gc, zoom, larger), *rest, **kwargs)
        dots = np.array(page.buffer_rgba())
        for gc, x, y, text, font, *_ in texts:
            _write(dots, gc.get_rgb(), zoom * x, zoom * y, _inked(text, _key(font), dpi))
        return dots


class Canvas(FigureCanvasBase):
    """A canvas whose figure is measured by its recording."""

    def __init__(self, figure: Figure, recording: Recording) -> None:
        super().__init__(figure)
        self._recording = recording

    def get_renderer(self) -> Recording:
        """Give what measures texts while the figure is laid out."""
        return self._recording


@contextmanager
def record(figure: Figure) -> Iterator[Recording]:
    """Draw a figure once, without its paper; it is as before after.

    Parameters
    ----------
    figure : Figure
        What a chart has drawn on.

    Yields
    ------
    Recording
        Good for as many files as one likes, inside the ``with`` only.

    Examples
    --------
    >>> from survey.charts import style
    >>> with style.offscreen(), record(style.figure(1.0)) as recording:
    ...     recording.dots(dpi=10).shape
    (10, 70, 4)
    """
    before: dict[str, Any] = {
        "facecolor": figure.get_facecolor(),
        "dpi": figure.dpi,
        "canvas": figure.canvas,
    }
    figure.set(facecolor="none", dpi=POINTS)
    width, height = figure.get_size_inches() * POINTS
    recording = Recording(width, height)
    figure.set_canvas(Canvas(figure, recording))
    try:
        figure.draw(recording)
        yield recording
    finally:
        figure.set(**before)


def _zoomed(gc: GraphicsContextBase, zoom: float, larger: Affine2D) -> GraphicsContextBase:
    """Enlarge where a context clips; widths are in points and grow by themselves."""
    made = GraphicsContextBase()
    made.copy_properties(gc)
    rectangle = gc.get_clip_rectangle()
    if rectangle is not None:
        made.set_clip_rectangle(Bbox.from_extents(*(zoom * np.array(rectangle.extents))))
    path, transform = gc.get_clip_path()
    if path is not None and transform is not None:
        made.set_clip_path(TransformedPath(cast("Path", path), transform + larger))
    return made


_Key: TypeAlias = tuple[tuple[str, ...], float]
"""Families and size of a font."""


def _key(font: FontProperties) -> _Key:
    return tuple(font.get_family()), font.get_size_in_points()


@cache
def _files(families: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(str(findfont(FontProperties(family=[name]))) for name in families)


@lru_cache(maxsize=20_000)
def _measured(text: str, key: _Key) -> tuple[float, float, float]:
    return text_to_path.get_text_width_height_descent(
        text, FontProperties(family=list(key[0]), size=key[1]), False
    )


def width(text: str, size: float) -> float:
    r"""Measure the widest line of a text in our font, in points.

    Parameters
    ----------
    text : str
        One line or more.
    size : float
        Size of the font in points.

    Examples
    --------
    >>> fonts.register()
    >>> round(width("支部", 10), 1) < round(width("党支部\n甲", 10), 1)
    True
    """
    return max(_measured(line, (fonts.FAMILIES, size))[0] for line in text.split("\n"))


@lru_cache(maxsize=2_000)
def _inked(text: str, key: _Key, dpi: float) -> tuple[NDArray[np.uint8], float, float]:
    """Draw a line of text: how dark each dot is, dots right of its place and above its base."""
    families, size = key
    font = get_font(_files(families))
    font.set_size(size, dpi)
    font.set_text(text, 0.0, flags=_UNHINTED)
    font.draw_glyphs_to_bitmap(antialiased=True)
    dark = np.array(font.get_image())
    left, _ = font.get_bitmap_offset()
    _, height = font.get_width_height()
    # the picture has a free row above; its columns are cut off, not rounded: half a dot on average
    return dark, left / 64 + 0.5, (height - font.get_descent()) / 64 + 1


def _write(
    dots: NDArray[np.uint8],
    colour: Sequence[float],
    x: float,
    y: float,
    inked: tuple[NDArray[np.uint8], float, float],
) -> None:
    """Put a line of text on paper, where it is on the paper."""
    dark, left, above = inked
    top, start = round(y - above), round(x + left)
    rows = slice(*np.clip([top, top + dark.shape[0]], 0, dots.shape[0]))
    columns = slice(*np.clip([start, start + dark.shape[1]], 0, dots.shape[1]))
    share = dark[rows.start - top : rows.stop - top, columns.start - start : columns.stop - start]
    ink = (share / 255.0 * (colour[3] if len(colour) > 3 else 1.0))[:, :, None]
    under = dots[rows, columns, :3]
    under[...] = np.rint(under + ink * (255.0 * np.array(colour[:3]) - under))
