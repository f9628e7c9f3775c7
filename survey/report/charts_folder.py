"""The charts as files: PNG for documents, SVG for print."""

from __future__ import annotations

from pathlib import Path

from survey.report.drawing import Gallery


def write(gallery: Gallery, folder: Path) -> list[Path]:
    """Write every chart as PNG and SVG, numbered where it has several pages."""
    if gallery:  # a brief report has none
        folder.mkdir(exist_ok=True)
    written = []
    for name, drawings in gallery.items():
        for number, drawing in enumerate(drawings, start=1):
            stem = name if len(drawings) == 1 else f"{name}_{number:02d}"
            png, svg = folder / f"{stem}.png", folder / f"{stem}.svg"
            png.write_bytes(drawing.png)
            svg.write_text(drawing.svg + "\n", encoding="utf-8", newline="\n")
            written += [png, svg]
    return written
