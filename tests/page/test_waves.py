"""One survey over its life: collecting, late answers, the report, and the next wave."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from urllib.parse import quote

from survey import project
from tests.page import files
from tests.page.asking import Client, added, begun, waited
from tests.survey import offices


def export(folder: Path, satisfied: int) -> bytes:
    return files.answers(folder / "导出.csv", satisfied).read_bytes()


def roster(folder: Path) -> bytes:
    return offices.roster(folder / "名册.csv", dict.fromkeys(files.BRANCHES, 80)).read_bytes()


def page(client: Client, name: str, step: str) -> str:
    return client.ask("GET", f"/survey/{quote(name)}/{step}").text


def understood(client: Client, name: str) -> project.Understood:
    """Look at the page until it tells what is understood, as a browser does that waits."""
    for _ in range(4):
        page(client, name, "confirm")
        waited(client, name)
        found = project.result(client.served.home / name, "understand")
        if isinstance(found, project.Understood):
            return found
    raise AssertionError(page(client, name, "confirm"))


def computed(client: Client, name: str) -> None:
    """Understand, then compute, as a person who only presses the buttons."""
    found = understood(client, name)
    if found.undecided:
        fields = "&".join(
            f"point-{at}={quote(next(v for v, _ in point.choices if v in ('satisfied', '')))}"
            for at, point in enumerate(found.points)
            if point.value is None
        )
        key = project.load(client.served.home / name).key
        form = f"csrf={client.csrf}&key={key}&{fields}"
        assert client.ask("POST", f"/survey/{quote(name)}/confirm", form).status == 303
        understood(client, name)
    done = client.ask("POST", f"/survey/{quote(name)}/compute", f"csrf={client.csrf}")
    assert done.status == 303, done.text
    waited(client, name, 240)


def posted(client: Client, name: str, choose: Callable[[project.Ask], str | None]) -> None:
    """Decide the points that are chosen of, as the form does."""
    found = understood(client, name)
    chosen = {at: value for at, p in enumerate(found.points) if (value := choose(p)) is not None}
    fields = "&".join(f"point-{at}={quote(value)}" for at, value in chosen.items())
    form = f"csrf={client.csrf}&key={project.load(client.served.home / name).key}&{fields}"
    answer = client.ask("POST", f"/survey/{quote(name)}/confirm", form)
    assert answer.status == 303, answer.text


def test_what_became_of_files_is_said_once(client: Client, tmp_path: Path) -> None:
    name = "先后"
    begun(client, name)
    more, fewer = (
        export(tmp_path, 30),
        export(tmp_path, 28),
    )
    added(client, name, {"后.csv": more})
    assert page(client, name, "files").count('class="said"') == 0
    assert added(client, name, {"先.csv": fewer}).status == 303
    told = page(client, name, "files")
    assert "“先.csv”代替了原来的“后.csv”" in told
    assert "原有的 12 份答卷不在新文件里，不再计入" in told
    assert "代替" not in page(client, name, "files")
    added(client, name, {"先.csv": fewer})
    assert "“先.csv”已经放入过，没有改动" in page(client, name, "files")
    same = fewer.replace(b"\r\n", b"\n")
    assert same != fewer
    added(client, name, {"另存.csv": same})
    assert "“另存.csv”代替了原来的“先.csv”" in page(client, name, "files")
    assert len(project.load(client.served.home / name).paths("export")) == 1, "counted once"
    added(client, name, {"几天.csv": export(tmp_path, 20)})
    assert "另 48 份答卷不在“几天.csv”里，仍然计入" in page(client, name, "files")
    assert len(project.load(client.served.home / name).paths("export")) == 2, "none is lost"


def test_a_fault_leads_to_the_decision_that_it_may_come_from(
    client: Client, tmp_path: Path
) -> None:
    name = "选错"
    people = [(branch, offices.STAFF, "满意") for branch in ("一支部", "二总支") for _ in range(15)]
    begun(client, name)
    sizes = offices.roster(tmp_path / "名册.csv", {"一支部": 20, "二支部": 30}).read_bytes()
    added(client, name, {"名册.csv": sizes}, "roster")
    added(client, name, {"导出.csv": offices.export(tmp_path / "a.csv", people).read_bytes()})

    def choose(branch: str) -> Callable[[project.Ask], str | None]:
        return lambda point: branch if point.key == "二总支" else None

    posted(client, name, choose("一支部"))
    found = understood(client, name)
    assert not found.is_ready
    assert [point.key for point in found.suspects] == ["二总支"]
    told = page(client, name, "confirm")
    assert "“一支部”有 30 份答卷，名册上只有 20 人" in told
    assert "请先核对下面您确认过的各项" in told
    assert told.index("二总支") < told.index("已识别的内容"), "in no fold"
    posted(client, name, choose("二支部"))
    assert understood(client, name).suspects == ()


def test_while_it_runs_nothing_of_what_was_answered_is_shown(
    client: Client, tmp_path: Path
) -> None:
    name = "收集中"
    begun(client, name)
    added(client, name, {"名册.csv": roster(tmp_path)}, "roster")
    added(client, name, {"导出.csv": export(tmp_path, 20)}, "export")
    tomorrow = (date.today() + timedelta(days=1)).isoformat()
    project.decide(client.served.home / name, {("survey", "until"): tomorrow})
    computed(client, name)
    text = page(client, name, "results")
    assert "只有回收情况" in text, re.sub("<[^>]+>", "", text)
    assert "满意率" not in text.replace("假定的满意率", "")
    assert 'class="chip' not in text


def test_before_it_the_roster_alone_tells_what_to_ask_for(client: Client, tmp_path: Path) -> None:
    name = "之前"
    begun(client, name)
    assert "放入名册" in page(client, name, "before")
    added(client, name, {"名册.csv": roster(tmp_path)}, "roster")
    page(client, name, "before")
    waited(client, name)
    assert "三支部" in page(client, name, "before")
    signs = {"roster.xlsx": "PK", "questionnaire.txt": "三支部", "evidence.xlsx": "PK", "x": "没有"}
    for which, sign in signs.items():
        answer = client.ask("GET", f"/survey/{quote(name)}/material/{which}")
        assert sign in answer.text
        assert answer.status == (404 if which == "x" else 200)
