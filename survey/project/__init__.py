"""A survey as a folder on somebody's computer, and running it apart from whoever watches.

The folder holds the files as they were given, ``survey-report.toml`` with all that was decided, the
report, and in ``.survey-report`` what can be made again: the state of the last run and its results.
Nothing heavy is imported here. Files are read and figures computed in a child process with limits,
which calls the library as an analyst would and answers in JSON::

    project = create("调查 2026")
    project = put(project.folder, "下载/导出.xlsx", "export")
    job = start(project.folder, "understand")
    job.wait()                                   # or job.state, again and again
    view = result(project.folder, "understand")  # Understood, also from another process, later
    decide(project.folder, {("levels", "基本满意"): "satisfied"})
    start(project.folder, "report")

Whatever goes wrong is a `survey.SurveyError`, with its sentence in both languages.
"""

from survey.decisions import KINDS
from survey.project.folder import (
    Project,
    Source,
    create,
    decide,
    delete,
    load,
    next_wave,
    put,
    safe_name,
    take_out,
)
from survey.project.jobs import Job, State, release, result, running, start, state
from survey.project.kept import kept_result
from survey.project.limits import Limits
from survey.project.views import (
    Ask,
    Change,
    Changes,
    Made,
    Outcome,
    Recognised,
    Removed,
    Response,
    Supposed,
    Table,
    Understood,
)
