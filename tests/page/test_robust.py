"""Hostile files, two windows, two surveys, a killed server: a sentence, and nothing lost."""

from __future__ import annotations

import io
import os
import re
import signal
import subprocess
import sys
import threading
import time
import zipfile
from collections.abc import Callable
from contextlib import suppress
from html import unescape
from pathlib import Path
from urllib.parse import quote

import pytest
from openpyxl import Workbook

import survey
from survey.page.results import filtered
from survey.project import Table, load
from survey.text import Text
from tests.page.asking import Client, Served, added, begun, entered, serve, waited


def packed(**parts: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as stream:
        for name, content in parts.items():
            stream.writestr(name.replace("__", "/").replace("_x", ".x"), content)
    return made.getvalue()


def far_cell() -> bytes:
    book = Workbook()
    assert book.active is not None
    book.active["XFD1048576"] = 1
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


HOSTILE: dict[str, Callable[[], bytes]] = {  # made where they are asked for: one is large
    "far.xlsx": far_cell,
    "bomb.xlsx": lambda: packed(xl__worksheets__sheet1_xml=b"<a>" + b" " * 600 * 2**20),
    "nothing.xlsx": lambda: b"",
    "text.xlsx": lambda: b"<script>alert(1)</script>",
    "nul.csv": lambda: b"\x00" * 10_000,
    "lines.csv": lambda: b"a,b\n" * 10 + b'"' * 100_001,
    "page.html": lambda: b"<html><script>alert(1)</script></html>",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_told_and_the_page_lives(client: Client, name: str) -> None:
    """Also while the file is looked at, the page answers at once."""
    own, content = f"对付 {name}", HOSTILE[name]()
    begun(client, own)
    got: list[int] = []
    thread = threading.Thread(target=lambda: got.append(added(client, own, {name: content}).status))
    thread.start()
    slowest = 0.0
    while thread.is_alive():
        before = time.monotonic()
        assert client.ask("GET", "/").status == 200
        slowest = max(slowest, time.monotonic() - before)
        time.sleep(0.05)
    thread.join()
    if got == [303]:  # taken for a file to read: then the reading says it
        waited(client, own)
        answer = client.ask("GET", f"/survey/{quote(own)}/confirm")
        assert "warning" in answer.text
    else:
        assert got == [400]
    assert slowest < 5


def test_names_of_files_lead_nowhere(client: Client, demo: survey.Simulation) -> None:
    begun(client, "名称")
    content = demo.roster.read_bytes()
    beside = {path.name for path in client.served.home.parent.iterdir()}
    for name in ("../../../etc/名册.xlsx", "..\\..\\名册.xlsx", "/tmp/名册.xlsx", "C:\\名册.xlsx"):
        assert added(client, "名称", {name: content}, "roster").status == 303
    home = client.served.home
    assert {s.name for s in load(home / "名称").sources} == {"名册.xlsx"}
    assert {path.name for path in home.parent.iterdir()} == beside


@pytest.mark.parametrize("name", ["../out", "/etc/x", "..", "a/b", "CON", "x" * 300, " "])
def test_names_of_surveys_lead_nowhere(client: Client, name: str) -> None:
    before = {p.name for p in client.served.home.parent.iterdir()}
    status = client.ask("POST", "/new", f"csrf={client.csrf}&called={quote(name)}").status
    assert status in (303, 400)
    assert {p.name for p in client.served.home.parent.iterdir()} == before


@pytest.mark.parametrize("name", ["#1", "满意度 100%", "50%25", "a&b;c=d", "一、二"])
def test_surveys_of_any_name_are_found_again(client: Client, name: str) -> None:
    made = client.ask("POST", "/new", f"csrf={client.csrf}&called={quote(name)}")
    page = client.ask("GET", made.headers["location"])
    assert page.status == 200
    back = re.search(r'name="back" value="([^"]+)"', page.text)
    assert back
    form = f"csrf={client.csrf}&language=zh&back={quote(unescape(back[1]), safe='')}"
    there = client.ask("POST", "/language", form).headers["location"]
    assert client.ask("GET", there).text == page.text


def test_a_table_of_any_number_is_asked_for() -> None:
    table = Table((), ("rate",), (Text("", ""),), (("91%",),), ("meets",))
    assert {filtered((table,), {"by": by})["at"] for by in ("0", "1", "²", "", "x")} == {0}


def test_a_form_of_an_older_window_changes_nothing(client: Client, demo: survey.Simulation) -> None:
    begun(client, "两个窗口")
    added(client, "两个窗口", {"导出.xlsx": demo.export.read_bytes()}, "export")
    waited(client, "两个窗口")
    path = f"/survey/{quote('两个窗口')}/confirm"
    page = client.ask("GET", path).text
    key = re.search(r'name="key" value="(\w+)"', page)
    fields = re.findall(r'id="(point-\d+)" name="[^"]*" value=""', page)
    assert key, page
    first = f"csrf={client.csrf}&key={key[1]}&{fields[0]}={quote('第一个窗口')}"
    assert client.ask("POST", path, first).status == 303
    second = f"csrf={client.csrf}&key={key[1]}&{fields[0]}={quote('第二个窗口')}"
    answer = client.ask("POST", path, second)
    assert answer.status == 400
    assert "别处改过" in answer.text
    text = (client.served.home / "两个窗口" / "survey-report.toml").read_text(encoding="utf-8")
    assert "第一个窗口" in text
    assert "第二个窗口" not in text


def test_two_windows_do_not_end_each_other_s_work(client: Client, demo: survey.Simulation) -> None:
    """One window waits for what is understood and one for the response: both get it."""
    begun(client, "两处")
    files = {"名册.xlsx": demo.roster, "导出.xlsx": demo.export}
    for name, file in files.items():
        kind = "roster" if name == "名册.xlsx" else "export"
        added(client, "两处", {name: file.read_bytes()}, kind)
    steps = {"confirm": "全部内容已识别", "fieldwork": "还缺"}
    end = time.monotonic() + 100
    while steps and time.monotonic() < end:
        for step, sign in [*steps.items()]:
            if sign in client.ask("GET", f"/survey/{quote('两处')}/{step}").text:
                del steps[step]
        time.sleep(0.3)
    assert not steps


def test_two_surveys_at_once(client: Client, demo: survey.Simulation) -> None:
    for name in ("甲", "乙"):
        begun(client, name)
        assert added(client, name, {"导出.xlsx": demo.export.read_bytes()}, "export").status == 303
    for name in ("甲", "乙"):
        waited(client, name)
        assert "全部内容已识别" in client.ask("GET", f"/survey/{quote(name)}/confirm").text


def test_a_link_in_the_report_s_folder_leads_nowhere(client: Client, tmp_path: Path) -> None:
    begun(client, "链接")
    report = client.served.home / "链接" / "报告"
    report.mkdir()
    (tmp_path / "secret.html").write_text("nobody's business", encoding="utf-8")
    (report / "report.html").symlink_to(tmp_path / "secret.html")
    (report / "inner").symlink_to(tmp_path)
    for name in ("report.html", "inner/secret.html"):
        for way in ("file", "view"):
            answer = client.ask("GET", f"/survey/{quote('链接')}/{way}/{name}")
            assert answer.status == 404


def test_a_page_that_somebody_put_there_can_do_nothing(client: Client) -> None:
    begun(client, "夹带")
    report = client.served.home / "夹带" / "报告"
    report.mkdir()
    (report / "report.html").write_text("<script>alert(1)</script>", encoding="utf-8")
    answer = client.ask("GET", f"/survey/{quote('夹带')}/view/report.html")
    policy = answer.headers["content-security-policy"]
    assert "sandbox allow-scripts" in policy
    assert "allow-same-origin" not in policy
    assert re.search(r"script-src 'sha256-[\w+/=]+';", policy)
    assert "default-src 'none'" in policy


def test_nothing_is_lost_when_the_server_is_killed(tmp_path: Path, demo: survey.Simulation) -> None:
    home = tmp_path / "home"
    served = serve(home)
    client = entered(served)
    begun(client, "断电")
    added(client, "断电", {"导出.xlsx": demo.export.read_bytes()}, "export")
    waited(client, "断电")
    started = client.ask("POST", f"/survey/{quote('断电')}/compute", f"csrf={client.csrf}")
    assert started.status == 303
    served.process.send_signal(signal.SIGKILL)
    served.process.wait()
    again = serve(home)
    client = entered(again)
    page = client.ask("GET", f"/survey/{quote('断电')}/compute").text
    assert "已确认的事项均已保留" in page
    assert (
        client.ask("POST", f"/survey/{quote('断电')}/compute", f"csrf={client.csrf}").status == 303
    )
    client.ask("POST", f"/survey/{quote('断电')}/cancel", f"csrf={client.csrf}")
    assert "没有留下" in client.ask("GET", f"/survey/{quote('断电')}/compute").text
    again.stop()


def test_a_survey_that_cannot_be_read_does_not_close_the_others(client: Client) -> None:
    for name in ("写坏", "完好"):
        begun(client, name)
    (client.served.home / "写坏" / "survey-report.toml").write_text("x = ", encoding="utf-8")
    home = client.ask("GET", "/")
    assert home.status == 200
    assert "完好" in home.text
    told = client.ask("GET", f"/survey/{quote('写坏')}/files")
    assert told.status == 400
    assert "TOML" in told.text


def test_a_survey_is_deleted_completely(client: Client, demo: survey.Simulation) -> None:
    begun(client, "删除")
    added(client, "删除", {"名册.xlsx": demo.roster.read_bytes()}, "roster")
    path, folder = f"/survey/{quote('删除')}/delete", client.served.home / "删除"
    assert client.ask("POST", path, f"csrf={client.csrf}&again=x").status == 400
    assert folder.exists()
    assert client.ask("POST", path, f"csrf={client.csrf}&again={quote('删除')}").status == 303
    assert not folder.exists()


def remote_ends(pid: int) -> set[str]:
    """List the other ends of the connections that a process and those it started have open."""
    pids = {pid}
    for entry in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            if int(entry.read_text().rpartition(")")[2].split()[1]) in pids:
                pids.add(int(entry.parent.name))
    sockets = set()
    for one in pids:
        with suppress(OSError):
            for link in Path(f"/proc/{one}/fd").iterdir():
                with suppress(OSError):
                    sockets.add(os.readlink(link))
    ends = set()
    for table in ("tcp", "tcp6", "udp", "udp6"):
        for line in Path(f"/proc/net/{table}").read_text().splitlines()[1:]:
            words = line.split()
            if f"socket:[{words[9]}]" in sockets:
                ends.add(words[2].partition(":")[0])
    return ends


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_no_socket_leads_off_this_computer(client: Client, demo: survey.Simulation) -> None:
    """Watched from the drop to the end of the computing, children and all."""
    begun(client, "不外传")
    seen: set[str] = set()
    over = threading.Event()

    def watch() -> None:
        while not over.is_set():
            seen.update(remote_ends(client.served.process.pid))
            time.sleep(0.02)

    watcher = threading.Thread(target=watch)
    watcher.start()
    added(client, "不外传", {"导出.xlsx": demo.export.read_bytes()})
    waited(client, "不外传")
    client.ask("GET", f"/survey/{quote('不外传')}/confirm")
    waited(client, "不外传")
    client.ask("POST", f"/survey/{quote('不外传')}/compute", f"csrf={client.csrf}")
    waited(client, "不外传", 240)
    over.set()
    watcher.join()
    assert seen == {"00000000", "0100007F"}  # nobody yet, and 127.0.0.1


def test_a_file_changed_by_hand_is_told(client: Client, demo: survey.Simulation) -> None:
    begun(client, "手改")
    added(client, "手改", {"名册.xlsx": demo.roster.read_bytes()}, "roster")
    path = f"/survey/{quote('手改')}/files"
    assert "被改过" not in client.ask("GET", path).text
    (client.served.home / "手改" / "名册.xlsx").write_bytes(b"x")
    assert "“名册.xlsx”放入之后在文件夹里被改过" in client.ask("GET", path).text


def test_a_full_disk_is_told_and_nothing_is_lost(tmp_path: Path, demo: survey.Simulation) -> None:
    home = tmp_path / "small"
    home.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=2m,mode=700", "tmpfs", str(home)],
        capture_output=True,
        check=False,
    )
    if mounted.returncode:
        pytest.skip("needs the right to mount a small disk")
    try:
        served = serve(home)
        client = entered(served)
        begun(client, "小盘")
        assert (
            added(client, "小盘", {"名册.xlsx": demo.roster.read_bytes()}, "roster").status == 303
        )
        answer = added(client, "小盘", {"大.csv": b"a,b\n" * 2**20}, "export")
        assert answer.status in (400, 500)
        assert "磁盘空间" in answer.text
        assert [s.name for s in load(home / "小盘").sources] == ["名册.xlsx"]
        assert client.ask("GET", f"/survey/{quote('小盘')}/files").status == 200
        served.stop()
    finally:
        subprocess.run(["umount", "-l", str(home)], check=True)


def test_the_server_ends_itself_once_no_window_is_open(tmp_path: Path) -> None:
    program = (
        "from pathlib import Path; from survey.page import server\n"
        "server.IDLE, server._LOOK = 1.5, 0.1\n"
        f"server.serve(Path({str(tmp_path / 'home')!r}), open_browser=False,"
        " tell=lambda address: print(address, flush=True))"
    )
    process = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    client = entered(Served(tmp_path / "home", process.stdout.readline().strip(), process))
    for _ in range(8):  # an open window says so
        assert client.ask("GET", "/alive").status == 204
        time.sleep(0.25)
    assert process.poll() is None
    assert process.wait(30) == 0
    assert [*(tmp_path / "home").iterdir()] == []
