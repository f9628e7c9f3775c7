"""The same 60 columns as 问卷星, as csv and as SPSS file, and what libraries alone do with them.

A workbook as 问卷星 writes it, all cells shared strings, is read as arrays, others by calamine.
"""

from __future__ import annotations

import random
import zipfile
from pathlib import Path
from xml.sax.saxutils import escape

N_COLUMNS = 60
OPTIONS = ("非常满意", "满意", "一般", "不满意", "非常不满意", "(空)")
BRANCHES = 60
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PARTS = {
    "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/'
    'content-types"><Default Extension="xml" ContentType="application/xml"/><Default '
    'Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    "</Types>",
    "_rels/.rels": f'<Relationships xmlns="{_RELATIONS}"><Relationship Id="r1" '
    f'Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets><sheet '
    'name="Sheet1" sheetId="1" r:id="r1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_RELATIONS}"><Relationship Id="r1" '
    f'Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="r2" '
    f'Type="{_OFFICE}/sharedStrings" Target="sharedStrings.xml"/></Relationships>',
}


def letters(index: int) -> str:
    """Give a column's letters."""
    return ("" if index < 26 else chr(64 + index // 26)) + chr(65 + index % 26)


def write(path: Path, n_rows: int) -> None:
    """Write the file as 问卷星 does, all cells shared strings."""
    rng = random.Random(1)
    stems = [f"{i}、您对本支部第{i}项工作的满意度" for i in range(2, N_COLUMNS - 2)]
    header = ["序号", "提交答卷时间", "1、您所在的党支部", *stems, "99、您的建议"]
    strings = [*header, *OPTIONS, *(f"第{i}党支部" for i in range(BRANCHES))]
    first_option, first_branch = len(header), len(header) + len(OPTIONS)
    cell = [f'<c r="{letters(j)}{{0}}" t="s"><v>{{{j + 1}}}</v></c>' for j in range(len(header))]
    row = '<row r="{0}">' + "".join(cell) + "</row>"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in PARTS.items():
            archive.writestr(name, text)
        with archive.open("xl/worksheets/sheet1.xml", "w") as part:
            part.write(f'<worksheet xmlns="{_MAIN}"><sheetData>'.encode())
            part.write(row.format(1, *range(len(header))).encode())
            for i in range(n_rows):
                fresh = len(strings)
                time_ = f"2026/5/{i % 28 + 1} {i % 24}:{i % 60:02d}:{i // 7 % 60:02d}"
                strings += [str(i + 1), time_, f"建议{i}：希望改进工作"]
                codes = [fresh, fresh + 1, first_branch + rng.randrange(BRANCHES)]
                codes += [first_option + rng.randrange(len(OPTIONS)) for _ in stems]
                codes.append(fresh + 2)
                part.write(row.format(i + 2, *codes).encode())
            part.write(b"</sheetData></worksheet>")
        items = "".join(f"<si><t>{escape(text)}</t></si>" for text in strings)
        archive.writestr("xl/sharedStrings.xml", f'<sst xmlns="{_MAIN}">{items}</sst>')


def rewrite(path: Path) -> tuple[Path, Path]:
    """Write the same answers as csv and as SPSS file, closed ones with value labels."""
    import pandas as pd
    import pyreadstat
    import python_calamine

    with python_calamine.CalamineWorkbook.from_path(str(path)) as book:
        header, *rows = book.get_sheet_by_index(0).to_python()
    frame = pd.DataFrame(rows, columns=header, dtype=str)
    csv, sav = path.with_suffix(".csv"), path.with_suffix(".sav")
    frame.to_csv(csv, index=False, encoding="utf-8-sig")
    labels = {float(n): option for n, option in enumerate(OPTIONS[:-1], 1)}
    codes = {option: code for code, option in labels.items()}
    closed = [name for name in frame if "满意度" in name]
    frame[closed] = frame[closed].apply(lambda column: column.map(codes))
    frame.columns = pd.Index([f"V{n}" for n in range(len(header))])
    named = {f"V{header.index(name)}": labels for name in closed}
    pyreadstat.write_sav(frame, str(sav), column_labels=header, variable_value_labels=named)
    return csv, sav


def calamine_alone(path: str) -> None:
    """Hand all cells over to Python."""
    import python_calamine

    with python_calamine.CalamineWorkbook.from_path(path) as book:
        book.get_sheet_by_index(0).to_python()


def pandas_alone(path: str) -> None:
    """Read all texts of a csv file."""
    import pandas as pd

    pd.read_csv(path, dtype=str)


def pyreadstat_alone(path: str) -> None:
    """Read codes and labels of an SPSS file."""
    import pyreadstat

    pyreadstat.read_sav(path)


def coding(path: str) -> None:
    """Everything up to coded responses, with columns named on the spot."""
    import survey

    dimensions = {f"维度{d}": [str(2 + 3 * d + i) for i in range(3)] for d in range(6)}
    survey.read(path, branch="1", overall="30", dimensions=dimensions, satisfied=OPTIONS[:2])
