"""What only the owner of a survey can decide about its answers: asked, never guessed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from questionnaires.threshold import numbers
from survey.errors import CodingError, Place
from survey.text import quoted


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
        sets = self.candidates
        open_ = sets[-1][len(sets[0]) :] if sets else ()
        if open_:
            return f"{quoted(open_)}算不算满意？", f"Does {quoted(open_)} count as satisfied?"
        if sets:
            return (
                f"算满意的是{quoted(sets[0])}，对吗？",
                f"Satisfied are {quoted(sets[0])}: is that right?",
            )
        return (
            f"{quoted(self.labels)}中哪些算满意？",
            f"Which of {quoted(self.labels)} count as satisfied?",
        )


class UndecidedError(CodingError):
    """Stops the reading at a decision; `cut` is the decision as data."""

    def __init__(self, cut: Cut, *, zh: str, en: str, place: Place | None = None) -> None:
        super().__init__(zh=zh, en=en, place=place)
        self.cut = cut


def undecided(cut: Cut, place: Place | None) -> UndecidedError:
    """Make the error that asks for a cut, with the two ways to answer it."""
    zh, en = cut.question()
    shown = "、".join(f"“{label}”（{n} 次）" for label, n in cut.labels.items())
    ways = [f"--satisfied {','.join(labels)}" for labels in cut.candidates[:4]]
    options, options_en = " 或 ".join(ways), " or ".join(ways)
    if ways:
        how = f"写明满意的答案（{options}）；等级的顺序若不是这样，再"
        how_en = f"what counts as satisfied ({options_en}); if the order is another,"
    elif values := numbers(cut.labels):
        low, high = (f"{end(values.values()):g}" for end in (min, max))
        how = (
            f'写明从多少起算满意（--satisfied），如 ">={high}"（数字小的好时写 "<={low}"）；'
            "数字不分高低时，再"
        )
        how_en = (
            f'from where on (--satisfied), as ">={high}" ("<={low}" where low is good); if they '
            "are no scores,"
        )
    else:
        first = next(iter(cut.labels))
        how, how_en = (
            f"写明满意的答案（--satisfied {first}），并",
            f"what counts (--satisfied {first}), and",
        )
    return UndecidedError(
        cut,
        zh=f"答案有 {shown}。{zh}请{how}"
        "由好到差写出全部等级（ladder、--ladder）。也可在确认表（check --write）中选定。",
        en=f"Answers: {shown}. {en} State {how_en}"
        " state the whole ladder from best to worst (ladder, --ladder). The sheet to confirm "
        "(check --write) asks for it, too.",
        place=place,
    )
