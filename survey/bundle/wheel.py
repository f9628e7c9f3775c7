"""The wheel of the installed version, made again from its files: no source is needed."""

from __future__ import annotations

import base64
import hashlib
import tomllib
import zipfile
from importlib.metadata import Distribution, distribution
from pathlib import Path

from packaging.requirements import Requirement

from survey.errors import UsageError

HOME = Path(__file__).resolve().parents[2]
PACKAGES = ("survey", "analysis", "questionnaires")
_KIND = "Wheel-Version: 1.0\nGenerator: survey-report\nRoot-Is-Purelib: true\nTag: py3-none-any\n"


def write(folder: Path) -> Path:
    """Write the wheel of this version; give its path.

    Raises
    ------
    UsageError
        If it is run from a checkout that was changed since it was installed.
    """
    installed = distribution("survey-report")
    _require_fresh(installed)
    stem = f"survey_report-{installed.version}"
    contents = {
        path.relative_to(HOME).as_posix(): path.read_bytes()
        for package in PACKAGES
        for path in sorted((HOME / package).rglob("*"))
        if path.is_file() and "__pycache__" not in path.parts
    }
    about = {"WHEEL": _KIND}
    for name in ("METADATA", "entry_points.txt"):
        about[name] = installed.read_text(name) or ""
    contents |= {f"{stem}.dist-info/{name}": text.encode() for name, text in about.items()}
    lines = [f"{name},sha256={_hash(data)},{len(data)}" for name, data in contents.items()]
    record = f"{stem}.dist-info/RECORD"
    contents[record] = "\n".join([*lines, f"{record},,", ""]).encode()
    made = folder / f"{stem}-py3-none-any.whl"
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in contents.items():
            file.writestr(name, data)
    return made


def _require_fresh(installed: Distribution) -> None:
    """Refuse a checkout that has changed what it needs since it was installed."""
    project = HOME / "pyproject.toml"
    if not project.exists():
        return
    said = tomllib.loads(project.read_text(encoding="utf-8"))["project"]
    needed = {Requirement(text) for text in said["dependencies"]}
    known = {Requirement(text) for text in installed.requires or ()}
    if installed.version != said["version"] or needed - known:
        raise UsageError(
            zh="这个项目文件夹安装以后又改过版本或依赖，请先再运行一次 pip install。",
            en="This checkout has changed its version or what it needs: install it again first.",
        )


def _hash(data: bytes) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
