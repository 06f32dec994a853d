"""Runs the cells of a lab in order, by nbclient in a Jupyter kernel of their own.

The kernel is a process below the worker, behind the same walls and limits.
"""

import ast
import os
import pathlib
import resource
import time
from xml.etree import ElementTree

import nbclient
import nbformat
import psutil
from nbclient.exceptions import CellExecutionError, DeadKernelError
from nbclient.util import run_sync

from handbook.program import Program
from handbook.sandbox import drawings, leftovers, terminal
from handbook.sandbox.raised import failure_of_cell
from handbook.sandbox.result import Failure, Result, Stopped
from handbook.settings import Limits

# Read by the kernel when it starts.
CONFIGURATION = """\
c.HistoryManager.enabled = False
c.InlineBackend.figure_formats = {"svg"}
c.InlineBackend.print_figure_kwargs = {
    "bbox_inches": "tight", "metadata": {"Date": None, "Creator": None}
}
c.InteractiveShell.ast_node_interactivity = "last_expr"
c.InteractiveShell.colors = "nocolor"
"""
# A thread's exception ends nothing by itself: it is remembered, and asked for at the end.
PREPARATION = """\
def _prepare():
    import threading, warnings
    warnings.filterwarnings("ignore", "The figure layout has changed")  # by the page's style
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

    def ask(self, code: str = "", **expressions: str) -> dict[str, dict]:
        """Run code that is no cell, and give what the kernel answers to each expression."""
        reply = run_sync(self.kc.execute_interactive)(
            code,
            silent=True,
            store_history=False,
            user_expressions=expressions,
            output_hook=lambda _message: None,
        )
        return reply["content"].get("user_expressions", {})


def execute(program: Program, limits: Limits, tell) -> Result:
    """Run the cells in order, up to the first that fails, and the expressions after each cell.

    Args:
        program: its parts are the cells.
        limits: of what the cells may print and draw; the others stand around this process.
        tell: called with `{"part": number}` before each cell.

    Returns:
        The result; a failure of a cell is in `Result.failure`, never raised.
    """
    client, cells = _client(program, limits)
    result = Result()
    start = time.perf_counter()
    tell({"part": 0})
    try:
        with client.setup_kernel(cwd=os.getcwd()):
            client.ask(PREPARATION)
            for number, cell in enumerate(cells):
                tell({"part": number})
                result.failed_part = number
                client.execute_cell(cell, number)
                _keep(result, cell, limits)
                _evaluate(client, program, result)
            for check in CHECKS:
                check(client)
    except CellExecutionError as error:
        result.failure = failure_of_cell(error, program, result.failed_part)
    except DeadKernelError:
        over = client.room < 0
        error = Stopped("output", kib=limits.output_kib) if over else Stopped("kernel ended")
        result.failure = _stopped(error, program, result)
    except Stopped as error:
        result.failure = _stopped(error, program, result)
    result.seconds = round(time.perf_counter() - start, 2)
    result.peak_mib = leftovers.peak_mib(resource.RUSAGE_CHILDREN)
    return result


def _client(program: Program, limits: Limits) -> tuple[_Client, list]:
    """A client whose kernel has not started, and its cells."""
    profile = pathlib.Path(os.environ["HOME"]) / ".ipython" / "profile_default"
    profile.mkdir(parents=True)
    (profile / "ipython_kernel_config.py").write_text(CONFIGURATION, "utf-8")
    os.environ.pop("MPLBACKEND", None)  # The kernel brings its own, which shows what is drawn.
    cells = [nbformat.v4.new_code_cell(part.code) for part in program.parts]
    client = _Client(
        nbformat.v4.new_notebook(cells=cells),
        kernel_name="python3",
        timeout=None,
        shutdown_kernel="immediate",
    )
    client.room = limits.output_kib * 1024
    return client, cells


def _keep(result: Result, cell, limits: Limits) -> None:
    printed, drawn = "", []
    for output in cell.outputs:
        data = output.get("data", {})
        if output.get("name") == "stdout":
            printed += output.text
        elif "image/svg+xml" in data:
            drawn.append(_drawing(data["image/svg+xml"]))
        elif data:
            raise Stopped("value shown", text=str(data.get("text/plain", "…"))[:60])
        elif text := terminal.without_notices(output.get("text", "")):
            raise Stopped("standard error", below=text[-1000:])
    result.expect_at_most(limits.figures, drawn)
    result.outputs.append(terminal.shown(printed))
    result.figures.append(drawn)


def _drawing(svg: str) -> str:
    try:
        return drawings.page_drawing(svg)
    except ElementTree.ParseError as error:
        raise Stopped("drawing", why=str(error)) from None


def threads_ended_well(client: _Client) -> None:
    """No thread of the cells was ended by an exception, and none is running."""
    client.ask(wait=WAITING)
    answer = client.ask(errors="_thread_errors")["errors"]
    if errors := ast.literal_eval(answer["data"]["text/plain"]):
        raise Stopped("thread", error=errors[0])


def no_process_is_left(client: _Client) -> None:
    """No process is running that the cells started."""
    if command := leftovers.process(besides=client.km.provisioner.pid):
        raise Stopped("process left", command=command)


CHECKS = (
    threads_ended_well,
    no_process_is_left,
)


def _evaluate(client: _Client, program: Program, result: Result) -> None:
    for expression in program.expressions:
        answer, value = client.ask(value=f"str({expression})")["value"], None
        if answer["status"] == "ok":
            value = ast.literal_eval(answer["data"]["text/plain"])
            result.value_errors.pop(expression, None)
        else:
            result.value_errors[expression] = f"{answer['ename']}: {answer['evalue']}"
        result.values.setdefault(expression, []).append(value)


def _stopped(error: Stopped, program: Program, result: Result) -> Failure:
    part = program.parts[result.failed_part]
    return Failure(error.kind, part.file, part.line, error.details)
