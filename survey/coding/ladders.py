"""The answer ladders of surveys that bring no questionnaire: by words first, by numbers last."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence

from questionnaires import Level, Scale
from questionnaires.text import folded, normalise, without_code
from questionnaires.threshold import Threshold, numbers, threshold
from questionnaires.words import words
from survey.errors import CodingError, Place
from survey.text import quoted

Rungs = Sequence[Sequence[str]]
Satisfied = Sequence[str] | Threshold


def ladder(
    labels: Iterable[str],
    *,
    satisfied: Satisfied,
    name: str,
    order: Sequence[str] | None = None,
    not_applicable: Sequence[str] = (),
    known: Scale | None = None,
    place: Place | None = None,
) -> Scale:
    """Build the scale of a column from its answers.

    `satisfied`: answers that count as satisfied, as the analyst states them; never guessed. Of
    numbers a threshold may be stated, also as the text ``">=90"``.

    `not_applicable`: answers beside `questionnaires.words.Words.outside` that say nothing about
    satisfaction. They are on no rung, and levels of the scale also where nobody gave them.

    `known`: the questionnaire's own scale. If its levels are numbers and have all answers, these
    are on it; else numbers are on the shortest scale in use that has them and what is stated.

    Every rung of the ladder, also those nobody chose.

    Raises
    ------
    CodingError
        If no known ladder holds all the answers, `satisfied` is not the top of the ladder or names
        what is on none, or a label of `not_applicable` is on it as stated.

    Examples
    --------
    >>> answers = ["满意", "非常满意", "不满意", "不了解"]
    >>> scale = ladder(answers, satisfied=["非常满意", "满意"], name="a")
    >>> [(level.label, level.score) for level in scale.levels][:3]
    [('非常满意', 5.0), ('满意', 4.0), ('一般', 3.0)]
    >>> scale.find("不了解").valid
    False
    >>> [level.score for level in ladder(["5", "3", "4"], satisfied=["4", "5"], name="b").levels]
    [5.0, 4.0, 3.0, 2.0, 1.0]
    >>> scale = ladder(["95", "60.5", "88"], satisfied=">=90", name="c")
    >>> [level.label for level in scale.levels if level.satisfied]
    ['100', '95', '90']
    """
    found = [label.strip() for label in labels if normalise(label)]
    rule, stated = _stated(satisfied, found)
    word = _comparator(found, order or (), stated, not_applicable)
    aside = {word(label): label.strip() for label in not_applicable if normalise(label)}
    on_ladder = {word(label) for rung in order or () for label in _rung(rung, found)}
    _refuse_both(aside, {*map(word, stated)} | on_ladder, place)
    keys_outside = words().outside - on_ladder - {*map(word, stated)} | set(aside)
    outside = aside | {word(label): label for label in found if word(label) in keys_outside}
    inside = {word(label): label for label in found if word(label) not in outside}
    values = numbers(inside.values()) if order is None else {}
    if values:
        levels = _by_number(values, rule or _cut(stated, values), stated, known, place)
    else:
        wanted = _wanted(rule, stated, order or (), inside.values(), place)
        rungs = _rungs(inside, wanted, order, aside, found, word, place)
        levels = _by_words(rungs, inside, {*map(word, wanted)}, word)
    levels += [Level(label, None, False, valid=False) for label in outside.values()]
    return Scale(name, tuple(levels))


def best_first(labels: Iterable[str]) -> tuple[str, ...]:
    """Order answers by a ladder that holds them all, without those that leave the base.

    Empty where there is none; of bare digits the direction is not known.

    Examples
    --------
    >>> best_first(["基本满意", "满意", "不满意", "不了解"])
    ('满意', '基本满意', '不满意')
    """
    found = [label.strip() for label in labels if normalise(label)]
    word = _comparator(found)
    inside = {word(label): label for label in found if word(label) not in words().outside}
    values = numbers(inside.values())
    if values:
        bare = all(folded(label).isdecimal() for label in values)
        return () if bare else tuple(sorted(values, key=lambda label: -values[label]))
    fitting = [rungs for rungs in words().ladders if _fits(rungs, inside, word)]
    if not fitting:
        return ()
    place_of = _places(fitting[0], word)
    return tuple(sorted(inside.values(), key=lambda label: place_of[word(label)]))


def cuts(order: Sequence[str]) -> tuple[tuple[str, ...], ...]:
    """Give every set of answers, ordered, that may count as satisfied, the strictest first.

    A level that says of itself that people are satisfied, or that they are not, is not asked about.

    Examples
    --------
    >>> cuts(["满意", "基本满意", "不满意"])
    (('满意',), ('满意', '基本满意'))
    >>> cuts(["非常满意", "满意", "一般", "不满意", "非常不满意"])
    (('非常满意', '满意'), ('非常满意', '满意', '一般'))
    """
    best, worst = plain(order)
    most = max(1, min(len(order) - 1, len(order) - len(worst)))
    least = min(max(1, len(best)), most)
    return tuple(tuple(order[:n]) for n in range(least, most + 1)) if len(order) > 1 else ()


def plain(order: Sequence[str]) -> tuple[Sequence[str], Sequence[str]]:
    """Part off the answers that say of themselves that people are satisfied, or that they are not.

    Those that are as good as the former, or as bad as the latter, go with them.

    Examples
    --------
    >>> plain(["非常满意", "满意", "一般", "不满意", "非常不满意"])
    (['非常满意', '满意'], ['不满意', '非常不满意'])
    """
    word = _comparator(order)
    keys = [word(label) for label in order]
    denying = (n for n, key in enumerate(keys) if any(part in key for part in words().denying))
    worst = next(denying, len(keys))
    best = max((n for n in range(worst + 1) if n and keys[n - 1] in words().affirming), default=0)
    return order[:best], order[worst:]


def _stated(satisfied: Satisfied, found: Sequence[str]) -> tuple[Threshold | None, list[str]]:
    """Part a threshold from answers; an answer that reads like a rule is an answer."""
    if isinstance(satisfied, Threshold):
        return satisfied, []
    texts = [satisfied] if isinstance(satisfied, str) else [*satisfied]
    known = {normalise(label) for label in found}
    rule = threshold(texts[0]) if len(texts) == 1 and normalise(texts[0]) not in known else None
    return rule, [] if rule else texts


def _comparator(*groups: Iterable[str]) -> Callable[[str], str]:
    """Give the form in which the labels of some groups are compared.

    Codes beside words are taken off all labels, or off none where two of one group would be equal.
    """
    distinct = [{normalise(label) for label in group} for group in groups]
    bare = all(len({*map(without_code, keys)}) == len(keys) for keys in distinct)
    return lambda label: without_code(normalise(label)) if bare else normalise(label)


def _rung(rung: str, found: Iterable[str]) -> list[str]:
    """Part the names of a stated rung, unless it is one answer as it stands."""
    known = {normalise(label) for label in found}
    return [rung] if normalise(rung) in known else rung.split("/")


def _refuse_both(aside: Mapping[str, str], rated: set[str], place: Place | None) -> None:
    """Stop where an answer is to be rated and to be left out."""
    both = [label for key, label in aside.items() if key in rated]
    if both:
        raise CodingError(
            zh=f"{quoted(both)} 写作了不适用（--not-applicable），又写作了满意（--satisfied）"
            "或等级（--ladder），只能是其中一种。",
            en=f"{quoted(both)} is stated as not applicable and as satisfied or on the ladder; it "
            "can only be one of these.",
            place=place,
        )


def _wanted(
    rule: Threshold | None,
    stated: Sequence[str],
    order: Sequence[str],
    inside: Iterable[str],
    place: Place | None,
) -> Sequence[str]:
    """Give the labels that count as satisfied; a threshold needs a ladder of numbers."""
    if rule is None:
        return stated
    values = numbers(order)
    if not values:
        raise CodingError(
            zh=f"“{rule}”要求答案是数字，答案却有 {quoted(inside)}。请写出满意的答案"
            "（satisfied、--satisfied）。",
            en=f"“{rule}” is for numbers, but there are answers {quoted(inside)}: list the "
            "satisfied answers (--satisfied).",
            place=place,
        )
    return [label for label, value in values.items() if rule.holds(value)]


def _rungs(
    inside: Mapping[str, str],
    wanted: Sequence[str],
    order: Sequence[str] | None,
    aside: Mapping[str, str],
    found: Sequence[str],
    word: Callable[[str], str],
    place: Place | None,
) -> Rungs:
    """Find the ladder that holds all answers and has the wanted ones on top."""
    candidates: Sequence[Rungs] = words().ladders
    if order is not None:
        candidates = [[_rung(rung, found) for rung in order]]
    # The same statement may be meant for questions on another ladder, too.
    known = {*inside}.union(*(_places(rungs, word) for rungs in (*candidates, *words().ladders)))
    if unknown := [label for label in wanted if word(label) not in known]:
        raise _on_none(quoted(unknown), inside.values(), place)
    candidates = [_without(rungs, aside, word) for rungs in candidates]
    fitting = [rungs for rungs in candidates if _fits(rungs, inside, word)]
    if not fitting and order is not None:
        places = _places(candidates[0], word)
        missing = [label for key, label in inside.items() if key not in places]
        raise CodingError(
            zh=f"答案 {quoted(missing or inside.values())} 不在写出的等级（--ladder）上各占一级，"
            "不认识答案的等级。请补上，或写明与满意与否无关（not_applicable、--not-applicable）。",
            en=f"The answers {quoted(missing or inside.values())} have no rung of their own on the "
            "ladder as stated (--ladder): add them, or state that they are outside the base "
            "(not_applicable, --not-applicable).",
            place=place,
        )
    if not fitting:
        raise CodingError(
            zh=f"不认识答案 {quoted(inside.values())} 的等级顺序。"
            "请写出由好到差的全部等级（ladder、--ladder），写明其中哪些算满意（satisfied、--satisfied）；"
            "与满意与否无关的答案，如“未参加”，请写明（not_applicable、--not-applicable）"
            "。",
            en=f"The order of the answers {quoted(inside.values())} is not known; state the whole "
            "ladder from best to worst (ladder, --ladder), which of it counts as satisfied "
            "(--satisfied), and answers that say nothing about satisfaction (not_applicable, "
            "--not-applicable).",
            place=place,
        )
    keys = {*map(word, wanted)}
    rungs = next((rungs for rungs in fitting if _is_top(rungs, keys, word)), None)
    if rungs is None:
        place_of = _places(fitting[0], word)
        seen = sorted(inside, key=lambda key: place_of[key])
        raise CodingError(
            zh=f"“满意”的答案 {quoted(wanted)} 不是等级 {quoted(inside[k] for k in seen)} "
            "中最好的一个或几个。请改正满意的答案（satisfied、--satisfied）；等级的顺序若不是这样，"
            "或最好的一级没有人选，请由好到差写出全部等级（ladder、--ladder）。",
            en=f"The satisfied answers {quoted(wanted)} are not the top of the ladder "
            f"{quoted(inside[k] for k in seen)}: correct the satisfied answers (satisfied, "
            "--satisfied), or, if the order is another or nobody chose the best level, state the "
            "whole ladder from best to worst (ladder, --ladder).",
            place=place,
        )
    return rungs


def _by_words(
    rungs: Rungs, inside: Mapping[str, str], wanted: set[str], word: Callable[[str], str]
) -> list[Level]:
    levels = []
    for position, rung in enumerate(rungs):
        keys = [word(label) for label in rung]
        shown = next((inside[key] for key in keys if key in inside), rung[0])
        n_below = len(rungs) - 1 - position
        levels.append(
            Level(
                label=shown,
                score=float(1 + n_below),
                satisfied=not wanted.isdisjoint(keys),
                index=100.0 * n_below / (len(rungs) - 1),
                aliases=tuple(label for label in rung if normalise(label) != normalise(shown)),
            )
        )
    return levels


def _cut(stated: Sequence[str], values: Mapping[str, float]) -> Threshold | None:
    """Read the stated numbers as a threshold: they are the highest or the lowest ones."""
    wanted = {*numbers(stated).values()}
    if not wanted:
        return None
    others = {*values.values()} - wanted
    if all(other < min(wanted) for other in others):
        return Threshold(min(wanted))
    if all(other > max(wanted) for other in others):
        return Threshold(max(wanted), more_is_better=False)
    return None


def _by_number(
    values: Mapping[str, float],
    rule: Threshold | None,
    stated: Sequence[str],
    known: Scale | None,
    place: Place | None,
) -> list[Level]:
    """Build the levels of numbers: the whole range of a scale, else the numbers that occur."""
    if rule is None:
        shown = quoted(sorted(values, key=lambda label: -values[label])[:_SHOWN])
        raise CodingError(
            zh=f"“满意”的答案 {quoted(stated)} 不是数字答案 {shown} 中最大或最小的几个。"
            '请改正满意的答案（satisfied、--satisfied），如 ">=4"；或'
            "由好到差写出全部等级（ladder、--ladder）。",
            en=f"The satisfied answers {quoted(stated)} are not the highest or the lowest of the "
            f"numbers {shown}: correct the satisfied answers (satisfied, --satisfied), for "
            'example ">=4", or state the whole ladder from best to worst (ladder, --ladder).',
            place=place,
        )
    ends = _ends(known, values)
    if ends:
        beyond = [label for label, n in numbers(stated).items() if not ends[0] <= n <= ends[1]]
        if not stated and not any(map(rule.holds, ends)):
            beyond = [str(rule)]
        if beyond:
            raise _on_none(quoted(beyond), sorted(values, key=values.__getitem__), place)
    unit = re.sub(r"^[+\-−\d.\s]*|.*[★⭐*☆].*", "", next(iter(values)))
    low, high = ends or _range([*values.values()], rule, bool(stated) and not unit, place)
    if rule.holds(low) and rule.holds(high):
        raise CodingError(
            zh=f"“{rule}”包括了从 {low:g} 到 {high:g} 的全部答案，没有一个算不满意。请改正满意的"
            "答案（satisfied、--satisfied）。",
            en=f"“{rule}” holds for every answer from {low:g} to {high:g}: correct the satisfied "
            "answers (satisfied, --satisfied).",
            place=place,
        )
    steps = {*values.values(), low, high, rule.value}
    if high - low <= _LONGEST:
        steps |= {float(step) for step in range(int(low), int(high) + 1)}
    labels = {value: label for label, value in values.items()}
    levels = []
    for value in sorted(steps, reverse=rule.more_is_better):
        score = value if rule.more_is_better else low + high - value
        levels.append(
            Level(
                label=labels.get(value, f"{value:g}{unit}"),
                score=score,
                satisfied=rule.holds(value),
                index=100.0 * (score - low) / (high - low),
            )
        )
    return levels


_LONGEST = 10
"""Steps of the longest scale of whole numbers."""
_RANGES = ((1.0, 5.0), (1.0, 7.0), (0.0, 10.0), (0.0, 100.0))
_SHOWN = 12


def _ends(known: Scale | None, values: Mapping[str, float]) -> tuple[float, float] | None:
    """Give the ends of a scale of numbers that is known to have the answers."""
    on_it = numbers(level.label for level in known.valid_levels) if known else {}
    if not on_it or not {*values.values()} <= {*on_it.values()}:
        return None
    return min(on_it.values()), max(on_it.values())


def _on_none(stated: str, answers: Iterable[str], place: Place | None) -> CodingError:
    """Build the error for what is stated as satisfied and is no answer that there may be."""
    shown = quoted([*answers][:_SHOWN])
    return CodingError(
        zh=f"“满意”的答案 {stated} 无人选择，也不在这些答案所在的等级上；出现的答案是 {shown}。"
        "请改正满意的答案（satisfied、--satisfied）；等级确实更长的，请由好到差写出全部等级"
        "（ladder、--ladder）。",
        en=f"The satisfied answers {stated} were chosen by nobody and are not on the ladder of the "
        f"answers, which are {shown}: correct the satisfied answers (satisfied, --satisfied), "
        "or, if the ladder is longer, state all of it from best to worst (ladder, --ladder).",
        place=place,
    )


def _range(
    values: Sequence[float], rule: Threshold, listed: bool, place: Place | None
) -> tuple[float, float]:
    """Give the ends of the scale that some numbers are from."""
    low, high = min(*values, rule.value), max(*values, rule.value)
    if low < 0:
        end = max(-low, high)
        return -end, end
    for first, last in _RANGES:
        if first <= low and high <= last and (last <= _LONGEST or not listed):
            return (1.0 if low >= 1 and last == _LONGEST else first), last
    if listed:
        raise CodingError(
            zh=f"数字答案从 {low:g} 到 {high:g}，不像量表。请写明从多少起算满意"
            '（satisfied、--satisfied），如 ">=90"，或由好到差写出全部等级（ladder、--ladder）。',
            en=f"Numbers from {low:g} to {high:g} do not look like a scale: state from where on "
            "they "
            'count as satisfied (--satisfied ">=90"), or the whole ladder from best to worst '
            "(ladder, --ladder).",
            place=place,
        )
    beyond = low - 1 if rule.more_is_better else high + 1
    return min(low, beyond, 0.0), max(high, beyond)


def _without(rungs: Rungs, aside: Mapping[str, str], word: Callable[[str], str]) -> list[list[str]]:
    """Take labels off a ladder, and rungs on which none is left."""
    left = [[label for label in rung if word(label) not in aside] for rung in rungs]
    return [rung for rung in left if rung]


def _places(rungs: Rungs, word: Callable[[str], str]) -> dict[str, int]:
    return {word(label): place for place, rung in enumerate(rungs) for label in rung}


def _fits(rungs: Rungs, inside: Iterable[str], word: Callable[[str], str]) -> bool:
    """Tell whether every answer lies on a rung of its own."""
    place_of = _places(rungs, word)
    places = [place_of.get(key) for key in inside]
    return None not in places and len(set(places)) == len(places)


def _is_top(rungs: Rungs, wanted: set[str], word: Callable[[str], str]) -> bool:
    """Tell whether the wanted answers are the best rungs, and not all of them."""
    states = [not wanted.isdisjoint(map(word, rung)) for rung in rungs]
    return states[0] and not states[-1] and states == sorted(states, reverse=True)
