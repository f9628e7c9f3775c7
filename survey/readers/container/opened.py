"""A workbook opened by calamine; what goes wrong in there is told as a person understands it."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING
from xml.etree.ElementTree import ParseError
from xml.parsers.expat import ExpatError

from survey.errors import Place, ReadError
from survey.readers.container.guard import damaged

if TYPE_CHECKING:
    import python_calamine as calamine


@contextmanager
def opened(data: IO[bytes], place: Place) -> Iterator[calamine.CalamineWorkbook]:
    """Open a workbook of any kind that calamine knows, by its bytes.

    Raises
    ------
    ReadError
        Encrypted or damaged.
    """
    import python_calamine as calamine

    try:
        with calamine.CalamineWorkbook.from_filelike(data) as book:
            yield book
    except calamine.PasswordError as fault:
        raise encrypted(place) from fault
    except (
        *(calamine.CalamineError, zipfile.BadZipFile, ExpatError, ParseError),
        *(KeyError, UnicodeDecodeError),
    ) as fault:
        raise damaged(place) from fault
    except BaseException as fault:
        # A panic inside the Rust library arrives as a class that cannot be imported.
        if type(fault).__name__ == "PanicException":
            raise damaged(place) from fault
        raise


def encrypted(place: Place) -> ReadError:
    """Build the error for a workbook with a password."""
    return ReadError(
        zh="工作簿有打开密码（已加密），无法读取。请在 Excel/WPS 里去掉密码后另存为 xlsx。",
        en="The workbook is encrypted. Remove the password in Excel or WPS and save it again.",
        place=place,
    )
