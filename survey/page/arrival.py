"""Files that arrive: what each is, where it belongs, and what has to be said of it."""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from starlette.datastructures import UploadFile

from survey import project
from survey.errors import SurveyError
from survey.page.office import Note, Office
from survey.text import Text, quoted

ONLY_ONE = ("same", "newer")
"""Relations of an export that holds the answers of those before: it takes their place."""


@contextmanager
def received(held: Office, upload: UploadFile) -> Iterator[Path]:
    """Keep what was sent in a private folder of its own, which is gone afterwards."""
    drawer = held.work / secrets.token_hex(8)
    drawer.mkdir(mode=0o700)
    try:
        file = drawer / project.safe_name(upload.filename or "")
        with file.open("xb") as stream:
            shutil.copyfileobj(upload.file, stream)
        yield file
    finally:
        shutil.rmtree(drawer, ignore_errors=True)


def take(held: Office, place: Path, upload: UploadFile, kind: str) -> None:
    """Put a file into the survey; what it is, is found out in a child where nobody said it."""
    with received(held, upload) as file:
        found = None if kind else recognised(held, place, file)
        if found is not None and (found.relation, found.kind) == ("wave", "export"):
            project.next_wave(place)
        before = project.load(place)
        after = project.put(place, file, kind or found.kind)  # type: ignore[union-attr]
        if found is not None and found.relation in ONLY_ONE and after.sources != before.sources:
            for old in before.paths("export"):
                if old.name != after.sources[-1].name:
                    after = project.take_out(place, old.name)
    held.notes.setdefault(place, []).extend(notes(found, before, after, file.name))


def recognised(held: Office, place: Path, file: Path) -> project.Recognised:
    """Find out what a file is.

    Raises
    ------
    SurveyError
        If it is nothing of a survey's.
    """
    found: project.Recognised = held.done(place, "recognise", path=str(file))
    if not found.kind:
        named = file.name not in found.why.zh
        zh, en = (f"{file.name}：", f"{file.name}: ") if named else ("", "")
        raise SurveyError(zh=zh + found.why.zh, en=en + found.why.en)
    return found


def notes(
    found: project.Recognised | None, before: project.Project, after: project.Project, name: str
) -> Iterator[Note]:
    """Say what became of files that were there, and of the answers in them."""
    if after.sources == before.sources:
        yield Note(Text(f"“{name}”已经放入过，没有改动。", f"“{name}” is there already."))
        return
    new = after.sources[-1].name
    gone = [source.name for source in before.sources if source not in after.sources]
    if gone:
        listed = quoted(gone)
        old = "同名的旧文件" if gone == [new] else f"原来的{listed}"
        yield Note(Text(f"“{new}”代替了{old}。", f"“{new}” took the place of {', '.join(gone)}."))
        if after.sources[-1].kind == "roster" and after.paths("earlier"):
            yield _WHOSE_ROSTER
    if found is not None and found.relation in _OF_ANSWERS:
        yield from _OF_ANSWERS[found.relation](found, new)


_WHOSE_ROSTER = Note(
    Text(
        "如果放入的是上次的名册：请在下面“上次的调查”中选“上次的名册”放入，再重新放入本次的名册。",
        "If it is the roster of the wave before, add it below as such, and this wave's once more.",
    ),
    is_loss=True,
)


def _newer(found: project.Recognised, new: str) -> Iterator[Note]:
    """Say which answers of the exports before are in the one that took their place."""
    was, known = found.n_before, found.n_known
    yield Note(
        Text(
            f"原有 {was} 份答卷，其中 {known} 份在新文件里；新增 {found.n_rows - known} 份。",
            f"{known} of the {was} answers before are in it, {found.n_rows - known} are new.",
        )
    )
    if lost := was - known:
        yield Note(
            Text(
                f"原有的 {lost} 份答卷不在新文件里，不再计入。如果不应减少，请重新放入原来的文件。",
                f"{lost} answers are not in the new file and count no longer. If they should, add "
                "the file before once more.",
            ),
            is_loss=True,
        )


def _further(found: project.Recognised, new: str) -> Iterator[Note]:
    yield Note(
        Text(
            f"“{new}”与已有的导出文件合并计算：{found.n_rows} 份答卷，"
            f"其中 {found.n_known} 份与已有的相同。",
            f"“{new}” is counted together with the exports that are there: {found.n_rows} answers, "
            f"{found.n_known} of them equal to answers there.",
        )
    )
    if found.n_known and (rest := found.n_before - found.n_known):
        yield Note(
            Text(
                f"原有的另 {rest} 份答卷不在“{new}”里，仍然计入。"
                "如果已在平台上删除，请移出原来的文件。",
                f"The other {rest} answers before are not in “{new}” and still count. If they were "
                "deleted on the platform, take the file before out.",
            )
        )


def _wave(found: project.Recognised, new: str) -> Iterator[Note]:
    zh, en = (
        (f"“{new}”用作上次的导出，供比较。", f"“{new}” is compared with as the wave before.")
        if found.kind == "earlier"
        else (
            f"“{new}”作为本次的导出，原来的文件已移入“往次”文件夹，供比较。",
            f"“{new}” is this wave's; the files before were set aside to compare with.",
        )
    )
    yield Note(
        Text(
            f"提交时间与已有的导出相隔两个月以上，按另一次调查处理：{zh}",
            f"Submitted two months or more apart, it is of another survey: {en}",
        )
    )


_OF_ANSWERS: Mapping[str, Callable[[project.Recognised, str], Iterator[Note]]] = {
    "newer": _newer,
    "further": _further,
    "wave": _wave,
}
"""What is said of an export, by its relation to those that were there."""
