"""The search box finds Chinese: pages and questions are cut into pairs of characters alike."""

from __future__ import annotations

import re
from typing import Any

from sphinx.search.en import SearchEnglish

PIECE = re.compile(r"[\u4e00-\u9fff]+|[^\W\u4e00-\u9fff]+")


class Pairs(SearchEnglish):
    """Words of Latin letters, and every two neighbouring characters of Chinese."""

    lang = "zh"
    js_splitter_code = r"""
function splitQuery(query) {
  const pieces = /[\u4e00-\u9fff]+|((?![\u4e00-\u9fff])[\p{L}\p{N}_])+/gu;
  return (query.match(pieces) || []).flatMap((piece) =>
    /[\u4e00-\u9fff]/.test(piece) && piece.length > 2
      ? Array.from({length: piece.length - 1}, (_, at) => piece.slice(at, at + 2))
      : [piece]);
}
"""

    def split(self, input: str) -> list[str]:
        """Cut a text."""
        words = []
        for piece in PIECE.findall(input):
            if "\u4e00" <= piece[0] <= "\u9fff" and len(piece) > 2:
                words += [piece[at : at + 2] for at in range(len(piece) - 1)]
            else:
                words.append(piece)
        return words


def setup(app: Any) -> dict[str, bool]:
    """Take the place of the search that needs a dictionary."""
    app.add_search_language(Pairs)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
