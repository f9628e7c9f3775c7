"""The subcommand that learns a code book from both downloads of a survey and shows it."""

from __future__ import annotations

import argparse
from collections.abc import Iterator

import survey
from questionnaires.language import say
from survey.cli import places
from survey.cli.messages import tell
from survey.errors import Language


def run(chosen: argparse.Namespace) -> None:
    """Learn the code book, write it where asked, and say what was learned and what was not."""
    with places.file(chosen) as file:
        book = survey.pair_exports(
            chosen.text, chosen.numbered, sheet=chosen.sheet, encoding=chosen.encoding
        )
        if file is not None:
            book.save(file)
    if not chosen.quiet:
        print("\n".join(_lines(book, chosen.language)))
    if chosen.out is not None:
        tell(chosen, f"编码本：{chosen.out}", f"Code book: {chosen.out}")


def _lines(book: survey.CodeBook, language: Language) -> Iterator[str]:
    """Give a line a question and a line a code, then what a person has still to do."""
    nobody = say(language, "（没有人选过）", "(chosen by nobody)")
    for entry in book.entries:
        if not entry.codes:
            continue
        yield "、".join(part for part in (entry.number, entry.stem) if part)
        labels = {**entry.codes, **dict.fromkeys(entry.unseen, nobody)}
        for code in sorted(labels, key=int):
            yield f"  {code:>3} = {labels[code]}"
    n_coded = sum(bool(entry.codes) for entry in book.entries)
    yield say(
        language, f"学到 {n_coded} 道题的选项序号。", f"Numbers of {n_coded} questions learned."
    )
    if book.unseen:
        listed = say(language, "；", "; ").join(
            say(language, f"{name}：{'、'.join(codes)}", f"{name}: {', '.join(codes)}")
            for name, codes in book.unseen.items()
        )
        yield say(
            language,
            f"没有人选过、不知道是什么的序号：{listed}。请在编码本文件相应题目的 codes 里补上。",
            f"Chosen by nobody, of unknown meaning: {listed}. Add them to the codes of the "
            "code book's file.",
        )
    yield say(
        language,
        "每题最后一个序号之后若还有没人选过的选项，也请补上。",
        "If a question has options after its last number, add them too.",
    )
