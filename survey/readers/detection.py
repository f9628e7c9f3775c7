"""Which platform wrote a sheet: every platform's file is found by itself and asked."""

from __future__ import annotations

import pkgutil
from functools import cache
from importlib import import_module

import survey.readers
from survey.errors import ReadError
from survey.readers.model import Evidence, Platform
from survey.readers.sheet import Sheet


@cache
def platforms() -> dict[str, Platform]:
    """Gather the platforms: every module of this package that offers a ``PLATFORM``.

    Returns
    -------
    dict of str to Platform

    Examples
    --------
    >>> platforms()["wjx"].title
    '问卷星'
    """
    modules = (
        import_module(f"survey.readers.{found.name}")
        for found in pkgutil.iter_modules(survey.readers.__path__)
    )
    found = [module.PLATFORM for module in modules if hasattr(module, "PLATFORM")]
    return {platform.name: platform for platform in found}


def detect(sheet: Sheet, wanted: str | None = None) -> tuple[Platform, Evidence]:
    """Ask every platform about a sheet and take the most confident.

    Parameters
    ----------
    sheet : Sheet
        With content.
    wanted : str, optional
        A platform's name, taken without asking.

    Returns
    -------
    Platform, Evidence

    Raises
    ------
    ReadError
        The wanted platform does not exist, or none recognises the sheet.
    """
    known = platforms()
    if wanted is not None:
        if wanted not in known:
            names = "、".join(known)
            raise ReadError(
                zh=f"不认识的平台“{wanted}”，可用：{names}。",
                en=f"Unknown platform {wanted!r}; known: {names}.",
                place=sheet.place(),
            )
        return known[wanted], Evidence(wanted, "由用户指定", "named by the user", 1.0)
    evidence = [found for platform in known.values() if (found := platform.detect(sheet))]
    if not evidence:
        raise ReadError(
            zh="认不出这是哪个平台的导出文件。请用 platform= 指定。",
            en="No platform recognises this sheet. Name one with platform=.",
            place=sheet.place(),
        )
    best = max(evidence, key=lambda found: found.confidence)
    return known[best.platform], best
