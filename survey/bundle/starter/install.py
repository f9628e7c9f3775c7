"""Install survey-report from the wheels beside this file, for this user alone, and open its page.

python install.py              install or upgrade, then open the page
python install.py --no-open    install or upgrade only
python install.py --uninstall  remove it; reports and folders of surveys stay
"""

import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

VERSION, PYTHON = "@VERSION@", "@PYTHON@"
HERE = Path(__file__).resolve().parent
HOMES = {"win32": os.environ.get("LOCALAPPDATA", ""), "darwin": "~/Library/Application Support"}
HOME = Path(HOMES.get(sys.platform) or "~/.local/share").expanduser() / "survey-report"
BIN = HOME / ("Scripts" if sys.platform == "win32" else "bin")
COMMAND = BIN / ("survey-report.exe" if sys.platform == "win32" else "survey-report")
MARK = HOME / "installed.txt"


def install() -> None:
    """Make an environment of its own and install into it, unless it is there."""
    if MARK.exists() and MARK.read_text() == VERSION and COMMAND.exists():
        return
    found = f"{sys.version_info.major}.{sys.version_info.minor}"
    if found != PYTHON or sys.maxsize < 2**32:
        raise SystemExit(
            f"这个安装包要用 64 位的 Python {PYTHON}，现在是 {found}。请安装 Python {PYTHON}，"
            "或请制作者用 --python 另做一份。\n"
            f"This bundle is for Python {PYTHON}, 64 bit; this is {found}."
        )
    print(f"正在安装 survey-report {VERSION}，约需一两分钟…… (installing)", flush=True)
    venv.create(HOME, clear=True, with_pip=True)
    pip: list[str | Path] = [
        BIN / "python",
        "-m",
        "pip",
        "--isolated",
        "--disable-pip-version-check",
        "install",
    ]
    pip += ["--quiet", "--no-index", "--find-links", HERE / "wheels", f"survey-report=={VERSION}"]
    subprocess.run(pip, check=True)
    MARK.write_text(VERSION)


def uninstall() -> None:
    """Remove the environment; what was made with it stays."""
    shutil.rmtree(HOME, ignore_errors=True)
    gone = "没有删净，请关闭页面后再试" if HOME.exists() else "已卸载"
    print(f"{gone}：{HOME}\n报告和各项调查的文件夹没有动。 (Reports and surveys stay.)")


if __name__ == "__main__":
    if "--uninstall" in sys.argv:
        uninstall()
    else:
        install()
        print(f"已安装：{COMMAND} (installed)", flush=True)
        if "--no-open" not in sys.argv:
            words = [word for word in sys.argv[1:] if word != "--no-open"]
            sys.exit(subprocess.call([COMMAND, "page", *words]))
