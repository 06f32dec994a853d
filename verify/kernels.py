"""The cells of a lab → what each gave, run by nbclient in a Jupyter kernel of their own.

The kernel is a process below the worker of verify/sessions.py, behind the same walls and limits.
"""

import ast
import contextlib
import os
import pathlib
import re
import resource
import time

import nbclient
import nbformat
import psutil
from nbclient.exceptions import CellExecutionError, DeadKernelError
from nbclient.util import run_sync

from verify import sessions
from verify.pages import Program
from verify.settings import Limits

# Read by the kernel when it starts. Cells show what they print and draw, as in a script.
CONFIGURATION = """\
c.HistoryManager.enabled = False
c.InlineBackend.figure_formats = {"svg"}
c.InlineBackend.print_figure_kwargs = {
    "bbox_inches": "tight", "metadata": {"Date": None, "Creator": None}
}
c.InteractiveShell.ast_node_interactivity = "none"
c.InteractiveShell.colors = "nocolor"
"""
# A thread's exception ends nothing by itself: it is remembered, and asked for at the end.
PREPARATION = """\
def _prepare():
    import threading
    errors = []
    threading.excepthook = lambda info: errors.append(
        f"{info.exc_type.__name__}: {info.exc_value} (in a thread)"
    )
    return errors
_thread_errors = _prepare(); del _prepare
"""
WAITING = """\
[thread.join() for thread in __import__("threading").enumerate()
 if not thread.daemon and thread is not __import__("threading").main_thread()]"""
FRAME = re.compile(r"Cell In\[(\d+)\], line (\d+)")


class _Client(nbclient.NotebookClient):
    """Ends the kernel when the cells print too much, while they print."""

    room = 0

    def output(self, outs, message, display_id, cell_index):
        """Count what a message of the kernel prints; nbclient calls it for each."""
        self.room -= len(str(message["content"].get("text", "")))
        if self.room < 0:
            for kernel in psutil.Process().children():
                kernel.kill()
            return None
        return super().output(outs, message, display_id, cell_index)


def execute(program: Program, limits: Limits, root: pathlib.Path, tell) -> sessions.Result:
    """Run the cells in order, up to the first that fails.

    Args:
        program: its parts are the cells.
        limits: of what the cells may print and draw; the others stand around this process.
        root: the handbook's folder, for messages.
        tell: called with `{"part": number}` before each cell.

    Returns:
        The result; a failure of a cell is in `Result.error`, never raised.
    """
    home = pathlib.Path(os.environ["HOME"])
    profile = home / ".ipython" / "profile_default"
    profile.mkdir(parents=True)
    (profile / "ipython_kernel_config.py").write_text(CONFIGURATION, "utf-8")
    os.environ.pop("MPLBACKEND", None)  # The kernel brings its own, which shows what is drawn.
    result = sessions.Result()
    cells = [nbformat.v4.new_code_cell(part.code) for part in program.parts]
    client = _Client(
        nbformat.v4.new_notebook(cells=cells),
        kernel_name="python3",
        timeout=None,
        shutdown_kernel="immediate",
    )
    client.room = limits.output_kib * 1024
    start = time.perf_counter()
    tell({"part": 0})
    try:
        with client.setup_kernel(cwd=os.getcwd()):
            _ask(client, PREPARATION)
            for number, cell in enumerate(cells):
                tell({"part": number})
                result.failed_part = number
                client.execute_cell(cell, number)
                _keep(result, cell, limits)
            result.error = _left_over(client, program)
            if not result.error:
                _evaluate(client, program, result)
    except CellExecutionError as error:
        result.error = _explain(error, program, result)
    except DeadKernelError:
        part = program.parts[result.failed_part]
        what = (
            "this cell ended its kernel. Let it run to its last line."
            if client.room >= 0
            else f"the lab printed more than {limits.output_kib} KiB. Print less; a reader will "
            "not read it."
        )
        result.error = f"{part.file}:{part.line}: {what}"
    except sessions.Stopped as error:
        part = program.parts[result.failed_part]
        result.error = f"{part.file}:{part.line}: {error}."
    result.seconds = round(time.perf_counter() - start, 2)
    result.peak_mib = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // sessions.rss_unit()
    return result


def _ask(client: _Client, code: str = "", **expressions: str) -> dict[str, dict]:
    """Run code that is no cell, and give what the kernel answers to each expression."""
    reply = run_sync(client.kc.execute_interactive)(
        code, silent=True, store_history=False, user_expressions=expressions, output_hook=_ignore
    )
    return reply["content"].get("user_expressions", {})


def _ignore(_message) -> None:
    pass


def _keep(result: sessions.Result, cell, limits: Limits) -> None:
    printed, drawings = "", []
    for output in cell.outputs:
        if output.output_type == "stream" and output.name == "stdout":
            printed += output.text
        elif "image/svg+xml" in output.get("data", {}):
            drawings.append(sessions.page_drawing(output.data["image/svg+xml"]))
    sessions.check_figures(result, drawings, limits)
    result.outputs.append(printed)
    result.figures.append(drawings)


def _left_over(client: _Client, program: Program) -> str | None:
    """What the cells left behind: a failed thread, a running process."""
    last = program.parts[-1]
    _ask(client, wait=WAITING)
    errors = ast.literal_eval(_ask(client, errors="_thread_errors")["errors"]["data"]["text/plain"])
    if errors:
        return f"{last.file}:{last.line}: {errors[0]}. Mend what the thread does."
    for kernel in psutil.Process().children():
        for process in kernel.children(recursive=True):
            with contextlib.suppress(psutil.Error):
                command = " ".join(process.cmdline())
                if "resource_tracker" not in command and process.status() != psutil.STATUS_ZOMBIE:
                    return (
                        f"{last.file}:{last.line}: the lab left a process running: {command[:60]!r}. "
                        "Wait for it, or end it."
                    )
    return None


def _evaluate(client: _Client, program: Program, result: sessions.Result) -> None:
    for expression in program.expressions:
        answer = _ask(client, value=f"str({expression})")["value"]
        if answer["status"] == "ok":
            result.values[expression] = ast.literal_eval(answer["data"]["text/plain"])
        else:
            result.value_errors[expression] = f"{answer['ename']}: {answer['evalue']}"


def _explain(error: CellExecutionError, program: Program, result: sessions.Result) -> str:
    part = program.parts[result.failed_part]
    line = part.line
    if frames := FRAME.findall(error.traceback):
        cell, inside = map(int, frames[-1])
        part = program.parts[cell - 1]
        line = part.line + inside - 1
    first, _, rest = str(error.evalue).partition("\n")
    code = part.code.splitlines()
    at = line - part.line
    source = code[at].strip() if 0 <= at < len(code) else ""
    text = f"{part.file}:{line}: {error.ename}{': ' if first else ''}{first}"
    return "\n".join([text, *[x for x in (source and f"    {source}", rest.strip()[:2000]) if x]])
