"""A figure drawn once and written in several forms: SVG with texts or outlines, and dots.

Matplotlib lays out, measures and draws every text anew for every file. A recording keeps what a
figure drew, in points and as four kinds of strokes, and files are made of it without asking the
figure again. Of matplotlib's renderers it needs `RendererAgg.draw_path` and ``draw_markers`` only.
"""

from __future__ import annotations

import hashlib
import io
import zlib
from contextlib import contextmanager
from functools import lru_cache
from html import escape
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

import numpy as np
import pandas as pd
from matplotlib.backend_bases import GraphicsContextBase, RendererBase
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.colors import to_hex, to_rgba
from matplotlib.path import Path
from matplotlib.transforms import Affine2D, Bbox, Transform
from PIL import Image

from survey.charts import fonts
from survey.charts.outlines import UNHINTED, path_data

if TYPE_CHECKING:
    from collections.abc import Iterator

    from matplotlib.figure import Figure
    from matplotlib.font_manager import FontProperties
    from matplotlib.text import Text
    from numpy.typing import NDArray

POINTS = 72
"""Dots per inch of a recording."""
_Agg: Any = RendererAgg
ASCENT, DESCENT = 0.88, 0.2
"""Of a line of text, as shares of its size."""


class _Shape(NamedTuple):
    """A line or an area; one mark at several places if `places` are given."""

    gc: GraphicsContextBase
    path: Path
    face: Any
    places: NDArray[np.float64] | None = None


class _Line(NamedTuple):
    """A line of text: where its baseline begins, from the left and from the top."""

    x: float
    y: float
    text: str
    size: float
    angle: float
    colour: tuple[float, ...]


_Stroke: TypeAlias = _Shape | _Line


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
        self._strokes: list[_Stroke] = []
        self._hints: list[str] = []

    def hint(self, left: float, bottom: float, right: float, top: float, text: str) -> None:
        """Note what a page shows when the pointer rests on a box."""
        self._hints.append(
            f'<rect x="{left:.1f}" y="{self.height - top:.1f}" width="{right - left:.1f}" '
            f'height="{top - bottom:.1f}"><title>{escape(text, quote=False)}</title></rect>'
        )

    def draw_path(
        self, gc: GraphicsContextBase, path: Path, transform: Transform, rgbFace: Any = None
    ) -> None:
        """Note a line or an area; whatever else is no text comes here as such."""
        self.note(_copy(gc), transform.transform_path(path), rgbFace)

    def note(self, gc: GraphicsContextBase, path: Path, face: Any) -> None:
        """Note a line or an area in points; `gc` changes no more, and several may share it."""
        self._strokes.append(_Shape(gc, path, face))

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
        places = np.asarray(trans.transform(path.vertices), float)
        mark = marker_trans.transform_path(marker_path)
        places = places[np.isfinite(places).all(axis=1)]
        self._strokes.append(_Shape(_copy(gc), mark, rgbFace, places))

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
        size, colour = prop.get_size_in_points(), to_rgba(gc.get_rgb())
        self._strokes.append(_Line(float(x), float(y), s, size, angle, colour))

    def get_text_width_height_descent(
        self, s: str, prop: FontProperties, ismath: Any
    ) -> tuple[float, float, float]:
        """Measure a line of text without hinting, so alike at every resolution."""
        size = prop.get_size_in_points()
        return fonts.width(s, size), (ASCENT + DESCENT) * size, DESCENT * size

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
        """Write everything as one SVG element, without declaration, date or version.

        Parameters
        ----------
        embed_text : bool
            Keep texts as texts, with the hints of a page that carries the font `fonts.FAMILY`;
            otherwise every character becomes an outline and the picture needs no font.
        """
        page = _Svg(self.height)
        for stroke in self._strokes:
            if isinstance(stroke, _Shape):
                page.shape(stroke)
            elif embed_text:
                page.text(stroke)
            else:
                page.outlines(stroke)
        if embed_text and self._hints:
            page.lines += ['<g class="hints">', *self._hints, "</g>"]
        defs = [f"<defs>{''.join(page.defs.values())}</defs>"] if page.defs else []
        size = f"{self.width:.6g} {self.height:.6g}"
        families = ", ".join(f"'{family}'" for family in fonts.families())
        text = "\n".join(
            [
                f'<svg width="{self.width:.6g}pt" height="{self.height:.6g}pt" '
                f'viewBox="0 0 {size}" xmlns="http://www.w3.org/2000/svg" version="1.1" '
                f'style="stroke-linejoin: round; stroke-linecap: butt; font-family: {families}">',
                *defs,
                *page.lines,
                "</svg>",
            ]
        )
        # many pictures stand in one page: none has the ids of another
        prefix = f"c{hashlib.sha256(text.encode()).hexdigest()[:8]}-"
        return text.replace(_MARK, prefix)

    def dots(self, dpi: float) -> NDArray[np.uint8]:
        """Draw everything on white paper.

        Returns
        -------
        array of shape (height, width, 4)
            Red, green, blue and 255 everywhere. Texts lie above all else.
        """
        zoom = dpi / POINTS
        larger, zoomed = Affine2D().scale(zoom), dict[int, GraphicsContextBase]()
        page: Any = _Agg(self.width * zoom, self.height * zoom, dpi)
        dots = np.asarray(page.buffer_rgba())
        dots[...] = 255
        for stroke in self._strokes:
            if not isinstance(stroke, _Shape):
                continue
            gc = zoomed.get(id(stroke.gc))
            if gc is None:
                gc = zoomed[id(stroke.gc)] = _copy(stroke.gc)
                clip = gc.get_clip_rectangle()
                if clip is not None:
                    gc.set_clip_rectangle(Bbox(zoom * np.asarray(clip.get_points())))
            if stroke.places is None:
                page.draw_path(gc, stroke.path, larger, stroke.face)
            else:
                page.draw_markers(gc, stroke.path, larger, Path(stroke.places), larger, stroke.face)
        for stroke in self._strokes:
            if isinstance(stroke, _Line):
                _write(dots, stroke, dpi)
        return dots

    def png(self, dpi: float) -> bytes:
        """Draw everything with 256 colours: a third of the size, and no eye can tell."""
        index, colours = _indexed(self.dots(dpi))
        picture = Image.fromarray(index, "P")
        picture.putpalette(colours.tobytes())
        png = io.BytesIO()
        picture.save(png, "png", dpi=(dpi, dpi), compress_type=zlib.Z_RLE)
        return png.getvalue()


def _indexed(dots: NDArray[np.uint8]) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """Reduce dots to 256 colours: where each lies among them, and the colours, white first.

    Colours that differ by less than a sixteenth are one, by their mean; of more than 255 the
    rarest are the nearest of the others.
    """
    pixels = dots.view(np.dtype("<u4")).ravel()
    starts = np.flatnonzero(np.append(True, pixels[1:] != pixels[:-1]))
    lengths = np.diff(starts, append=pixels.size)  # few runs of one colour have many dots
    which, some = pd.factorize(pixels[starts])
    is_inked = some != 0xFFFFFFFF
    times = np.where(is_inked, np.bincount(which, lengths), 0.0)
    key = ((some & 0xF0) << 4) | ((some >> 8) & 0xF0) | ((some >> 20) & 0xF)
    n = np.bincount(key, times, 4096)
    found = np.flatnonzero(n)
    sums = [np.bincount(key, times * ((some >> shift) & 255), 4096) for shift in (0, 8, 16)]
    means = np.stack(sums, axis=1)[found] / n[found, None]
    kept = means[np.argsort(n[found])[::-1][:255]]
    place = np.zeros(4096, np.uint8)
    place[found] = 1 + ((means[:, None] - kept) ** 2).sum(axis=2).argmin(axis=1)
    index = np.repeat((place[key] * is_inked)[which], lengths).reshape(dots.shape[:2])
    return index, np.rint(np.vstack([[255.0] * 3, kept])).astype(np.uint8)


def _copy(gc: GraphicsContextBase) -> GraphicsContextBase:
    kept = GraphicsContextBase()
    kept.copy_properties(gc)
    return kept


@contextmanager
def record(figure: Figure) -> Iterator[Recording]:
    """Draw a figure once, without its paper; it is as before after.

    Yields
    ------
    Recording
        Good for as many files as one likes, inside the ``with`` only.

    Examples
    --------
    >>> from survey.charts import style
    >>> with style.offscreen(), record(style.figure(7.0, 1.0)) as recording:
    ...     recording.dots(dpi=10).shape
    (10, 70, 4)
    """
    before: dict[str, Any] = {"facecolor": figure.get_facecolor(), "dpi": figure.dpi}
    figure.set(facecolor="none", dpi=POINTS)
    recording = Recording(*figure.get_size_inches() * POINTS)
    try:
        figure.draw(recording)
        yield recording
    finally:
        figure.set(**before)


_MARK = "\x00"
"""Stands before every id until the picture is whole."""


class _Svg:
    """The elements of a picture and what they refer to."""

    def __init__(self, height: float) -> None:
        self.height = height
        self._looks: dict[tuple[int, Any], str] = {}
        self.lines: list[str] = []
        self.defs: dict[str, str] = {}

    def _define(self, tag: str, attributes: str, inside: str = "") -> str:
        """Note once what is referred to, and give its id."""
        content = f"{tag} {attributes}{inside}".encode()
        name = f"{_MARK}{tag[:2]}{hashlib.sha256(content).hexdigest()[:6]}"
        self.defs.setdefault(name, f'<{tag} id="{name}" {attributes}>{inside}</{tag}>')
        return name

    def shape(self, stroke: _Shape) -> None:
        """Write a line, an area or a mark at its places."""
        look = self._look(stroke)
        if stroke.places is None:
            d = path_data(stroke.path.vertices, stroke.path.codes, self.height)
            if d:
                self.lines.append(f'<path d="{d}"{look}{self._clip(stroke)}/>')
            return
        d = path_data(np.asarray(stroke.path.vertices) * (1, -1), stroke.path.codes)
        name = self._define("path", f'd="{d}"')
        uses = [
            f'<use href="#{name}" x="{x:.2f}" y="{self.height - y:.2f}"/>'
            for x, y in stroke.places.tolist()
        ]
        self.lines += [f"<g{look}>", *uses, "</g>"]

    def _look(self, stroke: _Shape) -> str:
        """Write what a shape looks like, for many that look alike once."""
        key = (id(stroke.gc), None if stroke.face is None else tuple(stroke.face))
        if key not in self._looks:
            self._looks[key] = self._looks_like(stroke)
        return self._looks[key]

    def _looks_like(self, stroke: _Shape) -> str:
        gc = stroke.gc
        hatch = gc.get_hatch_path(6.0) if gc.get_hatch() else None
        if hatch is not None:
            parts = [f'fill="url(#{self._pattern(hatch, gc, stroke.face)})"']
        elif stroke.face is None:
            parts = ['fill="none"']
        else:
            parts = [_paint("fill", stroke.face, gc.get_alpha() if gc.get_forced_alpha() else None)]
        if gc.get_linewidth() > 0 and gc.get_rgb()[3] > 0:
            parts.append(_paint("stroke", gc.get_rgb(), None))
            parts.append(f'stroke-width="{gc.get_linewidth():.3g}"')
            offset, dashes = gc.get_dashes()
            if dashes is not None:
                lengths = " ".join(f"{dash:.3g}" for dash in np.asarray(dashes, float))
                parts.append(f'stroke-dasharray="{lengths}"')
                parts += [f'stroke-dashoffset="{offset:.3g}"'] if offset else []
        return " " + " ".join(parts)

    def _pattern(self, hatch: Path, gc: GraphicsContextBase, face: Any) -> str:
        d = path_data(np.asarray(hatch.vertices) * POINTS, hatch.codes, POINTS)
        ground = _paint("fill", face, None) if face is not None else 'fill="none"'
        ink = _paint("stroke", gc.get_hatch_color(), None)
        size = f'width="{POINTS}" height="{POINTS}"'
        return self._define(
            "pattern",
            f'{size} patternUnits="userSpaceOnUse"',
            f"<rect {size} {ground}/>"
            f'<path d="{d}" fill="none" {ink} stroke-width="{gc.get_hatch_linewidth():.3g}"/>',
        )

    def _clip(self, stroke: _Shape) -> str:
        """Refer to what a shape is clipped to, where it goes beyond that."""
        box = stroke.gc.get_clip_rectangle()
        if box is None:
            return ""
        points = np.asarray(stroke.path.vertices, float)
        low, high = np.asarray(box.min) - 0.5, np.asarray(box.max) + 0.5
        if ((points >= low) & (points <= high)).all():
            return ""
        where = (
            f'x="{box.x0:.2f}" y="{self.height - box.y1:.2f}" '
            f'width="{box.width:.2f}" height="{box.height:.2f}"'
        )
        return f' clip-path="url(#{self._define("clipPath", "", f"<rect {where}/>")})"'

    def text(self, line: _Line) -> None:
        """Write a text as a text."""
        turned = f' transform="rotate({-line.angle:g} {line.x:.2f} {line.y:.2f})"'
        self.lines.append(
            f'<text x="{line.x:.2f}" y="{line.y:.2f}" font-size="{line.size:g}px" '
            f"{_paint('fill', line.colour, None)}{turned if line.angle else ''}>"
            f"{escape(line.text, quote=False)}</text>"
        )

    def outlines(self, line: _Line) -> None:
        """Write a text as outlines of its characters, each defined once."""
        scale, x = line.size / fonts.EM, 0.0
        turned = f" rotate({-line.angle:g})" if line.angle else ""
        uses = []
        for family, part in fonts.runs(line.text):
            for char in part:
                if not char.isspace():
                    name = f"{_MARK}{family.replace(' ', '')}-{ord(char):x}"
                    if name not in self.defs:
                        d = fonts.outline(char, family)
                        self.defs[name] = f'<path id="{name}" d="{d}"/>'
                    uses.append(f'<use href="#{name}" x="{x:.4g}"/>')
                x += fonts.EM * fonts.advance(char, family)
        self.lines.append(
            f'<g transform="translate({line.x:.2f} {line.y:.2f}){turned} '
            f'scale({scale:.4g} {-scale:.4g})" {_paint("fill", line.colour, None)}>'
            f"{''.join(uses)}</g>"
        )


def _paint(attribute: str, colour: Any, alpha: float | None) -> str:
    share = alpha if alpha is not None else (colour[3] if len(colour) > 3 else 1.0)
    text = f'{attribute}="{to_hex(colour[:3])}"'
    return text if share == 1 else f'{text} {attribute}-opacity="{share:.3g}"'


def _write(dots: NDArray[np.uint8], line: _Line, dpi: float) -> None:
    """Put a line of text on paper, where it is on the paper; upright lines run upwards."""
    zoom, along = dpi / POINTS, 0.0
    for family, part in fonts.runs(line.text):
        dark, left, above = _inked(part, family, line.size, dpi)
        if line.angle:
            top = round(zoom * line.y - along - left) - dark.shape[1]
            start, dark = round(zoom * line.x - above), np.rot90(dark)
        else:
            top, start = round(zoom * line.y - above), round(zoom * line.x + along + left)
        rows = _within(top, dark.shape[0], dots.shape[0])
        columns = _within(start, dark.shape[1], dots.shape[1])
        shown = slice(rows.start - top, rows.stop - top)
        inked = dark[shown, columns.start - start : columns.stop - start]
        share = inked * np.float32(line.colour[3] / 255)
        for colour, ink in enumerate(line.colour[:3]):  # NumPy is slow on an axis of three
            under = dots[rows, columns, colour]
            under[...] = np.rint(under + share * (np.float32(255 * ink) - under))
        along += zoom * fonts.width(part, line.size)


def _within(first: int, length: int, most: int) -> slice:
    """Cut off what lies before nought or behind `most`; `np.clip` takes as long as the text."""
    return slice(min(max(first, 0), most), min(max(first + length, 0), most))


@lru_cache(maxsize=2_000)
def _inked(
    text: str, family: str, size: float, dpi: float
) -> tuple[NDArray[np.uint8], float, float]:
    """Draw a line of text: how dark each dot is, dots right of its place and above its base."""
    font = fonts.font(family)
    font.set_size(size, dpi)
    font.set_text(text, 0.0, flags=UNHINTED)
    font.draw_glyphs_to_bitmap(antialiased=True)
    dark = np.array(font.get_image())
    left, _ = font.get_bitmap_offset()
    _, height = font.get_width_height()
    above = (height - font.get_descent()) / 64 + 1
    font.set_size(fonts.EM, POINTS)
    # the picture has a free row above; its columns are cut off, not rounded: half a dot on average
    return dark, left / 64 + 0.5, above
