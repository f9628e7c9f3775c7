"""What only the owner of a survey can decide about its answers: asked, never guessed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from survey.errors import CodingError, Place


@dataclass(frozen=True)
class Cut:
    """Which answers of a ladder count as satisfied."""

    slots: tuple[str, ...]  # ids of the questions that are answered on the ladder
    labels: Mapping[str, int]  # the answers in question and how often each was given, best first
    # Every set of answers that may count as satisfied, the strictest first; empty where the order
    # of the answers is not known either.
    candidates: tuple[tuple[str, ...], ...]

    def question(self) -> tuple[str, str]:
        """Ask for the decision, in Chinese and in English.

        Examples
        --------
        >>> answers = {"满意": 20, "基本满意": 9, "不满意": 1}
        >>> Cut(("overall",), answers, (("满意",), ("满意", "基本满意"))).question()[0]
        '“基本满意”算不算满意？'
        """
        least = self.candidates[0] if self.candidates else ()
        most = self.candidates[-1] if self.candidates else tuple(self.labels)
        open_ = [label for label in most if label not in least]
        if not open_:
            listed = "、".join(f"“{label}”" for label in self.labels)
            return (
                f"{listed}中哪些算满意？",
                f"Which of {listed} count as satisfied?",
            )
        listed = "、".join(f"“{label}”" for label in open_)
        return f"{listed}算不算满意？", f"Does {listed} count as satisfied?"


class UndecidedError(CodingError):
    """Stops the reading at a decision; `cut` is the decision as data."""

    def __init__(self, cut: Cut, *, zh: str, en: str, place: Place | None = None) -> None:
        super().__init__(zh=zh, en=en, place=place)
        self.cut = cut


def undecided(cut: Cut, place: Place | None) -> UndecidedError:
    """Make the error that asks for a cut, with the two ways to answer it."""
    zh, en = cut.question()
    shown = "、".join(f"“{label}”（{n} 次）" for label, n in cut.labels.items())
    ways = [",".join(labels) for labels in cut.candidates[:4]] or [next(iter(cut.labels))]
    options = " 或 ".join(f"--satisfied {way}" for way in ways)
    options_en = " or ".join(f"--satisfied {way}" for way in ways)
    known = bool(cut.candidates)
    return UndecidedError(
        cut,
        zh=f"答案有 {shown}。{zh}请用 satisfied 写明（{options}）"
        + ("；等级的顺序若不是这样，再用" if known else "，并用")
        + " ladder（--ladder）由好到差写出全部等级。也可在确认表（check --write）中选定。",
        en=f"Answers: {shown}. {en} State it with satisfied ({options_en})"
        + ("; if the order is another, with" if known else ", and with")
        + " ladder (--ladder) the whole ladder from best to worst. The sheet to confirm (check "
        "--write) asks for it, too.",
        place=place,
    )
