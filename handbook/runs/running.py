"""Programs → their results: from records where they are valid, by running where not."""

import concurrent.futures
import dataclasses
from collections.abc import Callable, Mapping

from handbook.messages import told
from handbook.mistakes import Mistake, Mistakes
from handbook.program import Part, Program
from handbook.runs import executors, records, repeats
from handbook.runs.failures import explain
from handbook.sandbox.result import Failure, Result
from handbook.settings import Settings

# Fails in every run: a runner that calls it good calls everything good.
CANARY = Program("canary", (Part("assert 1 == 2", "canary", 1),))
LAB_CANARY = dataclasses.replace(CANARY, notebook=True)


def run_all(
    programs: Mapping[str, Program], address: str, known: Settings, say: Callable[[str], None]
) -> dict[str, Result]:
    """The result of each program, under its key.

    Args:
        programs: key → program.
        address: of a Dask scheduler, or "" for this machine.
        known: the settings of the handbook.
        say: shows a line of progress.

    Raises:
        Mistakes: there is no such cluster, or the runner passes a program that must fail.
        OSError: a record cannot be written.
    """
    found = {key: records.load(key, known) for key in programs}
    results = {key: record.result for key, record in found.items() if record}
    pending = {key: program for key, program in programs.items() if key not in results}
    if not pending:
        say(told(f"no program needs to run: all {len(programs)} have a valid record"))
        return results
    what = f"{len(programs)} programs: {len(results)} have a valid record, {len(pending)} to run"
    say(told(what))
    say(told("loading what they import, once for all of them …"))
    with executors.open_executor(address, pending.values(), known) as (pool, run, how):
        tried = {
            name: pool.submit(run, canary, records.key_of(canary, known))
            for name, canary in canaries(any(p.notebook for p in pending.values())).items()
        }
        expect_failures({name: future.result() for name, future in tried.items()})
        say(how)
        running = {pool.submit(_run, run, program, key): key for key, program in pending.items()}
        for done, future in enumerate(concurrent.futures.as_completed(running), 1):
            key = running[future]
            result = results[key] = _result_of(future, pending[key])
            if result.ran:
                records.save(key, result, known)
            say(progress(done, len(pending), pending[key], result))
    return results


def _run(run: Callable[[Program, str], Result], program: Program, key: str) -> Result:
    """Run a program; twice, if something in it could be different in each run."""
    result = run(program, key)
    if result.ran and not program.stops and repeats.is_suspect(program):
        result.failure = repeats.difference(program, result, run(program, key))
    return result


def run_again(
    programs: Mapping[str, Program], known: Settings, say: Callable[[str], None]
) -> list[Mistake]:
    """Run each program that has a record once more, and name what is not the same.

    Args:
        programs: key → program.
        known: the settings of the handbook.
        say: shows a line of progress.
    """
    kept = {key: record.result for key in programs if (record := records.load(key, known))}
    wrong = []
    with executors.open_executor("", programs.values(), known) as (pool, run, _):
        running = {pool.submit(run, programs[key], key): key for key in kept}
        for done, future in enumerate(concurrent.futures.as_completed(running), 1):
            key = running[future]
            program, result = programs[key], future.result()
            say(progress(done, len(kept), program, result))
            if failure := repeats.difference(program, kept[key], result):
                wrong.append(explain(failure, program))
    return wrong


def canaries(labs: bool) -> dict[str, Program]:
    """What must fail before anything runs that must not, by the module that runs it."""
    return {"script": CANARY} | ({"notebook": LAB_CANARY} if labs else {})


def expect_failures(results: Mapping[str, Result]) -> None:
    """Raise `Mistakes` if one of the canaries passed; results by the module that ran them."""
    what, remedy = "the runner passes a program that must fail", "Mend it first."
    wrong = [
        Mistake(f"handbook/sandbox/{name}.py", 1, what, remedy)
        for name, result in results.items()
        if not result.failure
    ]
    if wrong:
        raise Mistakes(wrong)


def progress(done: int, count: int, program: Program, result: Result) -> str:
    """One line that says which of how many programs has ended, and what it cost."""
    mark = f"{result.cpu_seconds:5.1f} s" if result.ran else told("FAILED")
    return f"  {done:3d}/{count}  {mark}  {program.name}"


def _result_of(future: concurrent.futures.Future, program: Program) -> Result:
    """The result; a failure that names the program if its worker was lost again and again."""
    if error := future.exception():
        first = program.parts[0]
        failure = Failure("worker lost", first.file, first.line, {"why": str(error)})
        return Result(failure=failure)
    return future.result()
