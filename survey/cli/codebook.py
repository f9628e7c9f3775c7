"""The subcommand that learns a code book from both downloads of a survey and shows it."""

from __future__ import annotations

import argparse
from collections.abc import Iterator

import survey
from survey.cli import places
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
            print(
                f"编码本：{chosen.out}" if chosen.language == "zh" else f"Code book: {chosen.out}"
            )


def _lines(book: survey.CodeBook, language: Language) -> Iterator[str]:
    """Give a line a question and a line a code, then what a person has still to do."""
    zh = language == "zh"
    nobody = "（没有人选过）" if zh else "(chosen by nobody)"
    for entry in book.entries:
        if not entry.codes:
            continue
        yield "、".join(part for part in (entry.number, entry.stem) if part)
        labels = {**entry.codes, **dict.fromkeys(entry.unseen, nobody)}
        for code in sorted(labels, key=int):
            yield f"  {code:>3} = {labels[code]}"
    n_coded = sum(bool(entry.codes) for entry in book.entries)
    yield f"学到 {n_coded} 道题的选项序号。" if zh else f"Numbers of {n_coded} questions learned."
    if book.unseen:
        listed = ("；" if zh else "; ").join(
            f"{name}：{'、'.join(codes)}" if zh else f"{name}: {', '.join(codes)}"
            for name, codes in book.unseen.items()
        )
        yield (
            f"没有人选过、不知道是什么的序号：{listed}。请在编码本文件相应题目的 codes 里补上。"
            if zh
            else f"Chosen by nobody, of unknown meaning: {listed}. Add them to the codes of the "
            "code book's file."
        )
    yield (
        "每题最后一个序号之后若还有没人选过的选项，也请补上。"
        if zh
        else "If a question has options after its last number, add them too."
    )
