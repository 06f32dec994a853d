// The worker: Python, loaded once for the visit, running one program after the other.

import style from "./drawing.js";

let python, got = 0;

// Wheels have another suffix here, for firewalls block theirs. The address of a file changes when its
// content does, so what was fetched once need not be asked for again.
const plain = self.fetch;
self.fetch = async (address, options) => {
  const own = String(address.url ?? address).replace(/\.whl$/, ".bin");
  const answer = await plain(own, { ...options, cache: "force-cache" });
  if (!answer.ok) throw new Error(`${answer.status} ${own}`);
  const count = new TransformStream({
    transform(chunk, out) {
      got += chunk.length;
      self.postMessage({ loading: got });
      out.enqueue(chunk);
    },
  });
  return new Response(answer.body.pipeThrough(count), { headers: answer.headers });
};

const RUN = `
import io, linecache, logging, os, sys, traceback, types, warnings
def run_program(code, name, style):
    module = sys.modules["__main__"] = types.ModuleType("__main__")
    linecache.cache[name] = (len(code), None, code.splitlines(True), name)
    drawings = []
    if style:
        os.environ["MPLBACKEND"] = "agg"
        logging.getLogger("matplotlib.font_manager").setLevel(logging.ERROR)  # "may take a moment"
        import matplotlib
        matplotlib.rcdefaults()
        matplotlib.rcParams.update(style)
        from matplotlib import pyplot
        def take(*_, **__):
            for number in pyplot.get_fignums():
                buffer = io.BytesIO()
                pyplot.figure(number).savefig(buffer, format="png", dpi=150, bbox_inches="tight")
                drawings.append(buffer.getvalue())
            pyplot.close("all")
        pyplot.show = take
        warnings.filterwarnings("ignore", "The figure layout has changed")
    failed = False
    try:
        exec(compile(code, name, "exec"), module.__dict__)
        if style: take()
    except BaseException as error:
        failed = True
        traceback.print_exception(error.with_traceback(error.__traceback__ and error.__traceback__.tb_next))
    sys.stdout.flush(); sys.stderr.flush()
    return failed, drawings
sys.stdout.reconfigure(line_buffering=True)
`;

// The judge as the process that its command starts for an attempt.
const JUDGE = `
import json, pathlib
def judge_attempt(code, attempt, language):
    here = pathlib.Path.home()
    mine, told_to = here / "my_attempt.py", here / "verdict.json"
    mine.write_text(attempt)
    told_to.unlink(missing_ok=True)
    module = sys.modules["__main__"] = types.ModuleType("__main__")
    sys.argv = ["judge.py", str(mine), "--verdict-to", str(told_to)]
    try:
        exec(compile(code, "judge.py", "exec"), module.__dict__)
    except SystemExit:
        pass
    sys.stdout.flush(); sys.stderr.flush()
    verdict = json.loads(told_to.read_text())
    return json.dumps(verdict), module.told(verdict | {"hints": []}, language)
`;

async function start(folder) {
  const { loadPyodide } = await import(`${folder}pyodide.js`);
  const started = await loadPyodide({ indexURL: folder });
  for (const set of ["setStdout", "setStderr"]) {
    const decoder = new TextDecoder();
    started[set]({ write(bytes) {
      self.postMessage({ text: decoder.decode(bytes, { stream: true }) });
      return bytes.length;
    } });
  }
  return started;
}

self.onmessage = async ({ data: { folder, packages, code, name, attempt, language } }) => {
  try {
    if (!python) {
      python = await start(folder);
      python.runPython(RUN + JUDGE);
    }
    const missed = [];
    await python.loadPackage(packages, { messageCallback() {}, errorCallback: text => missed.push(text) });
    if (missed.length) throw new Error(missed.join(" "));
    self.postMessage({ running: true });
    if (attempt !== undefined) {
      const [verdict, told] = python.globals.get("judge_attempt")(code, attempt, language).toJs();
      self.postMessage({ verdict: JSON.parse(verdict), told, done: true, failed: false, drawings: [] });
      return;
    }
    const draws = packages.includes("matplotlib") ? python.toPy(style) : null;
    const result = python.globals.get("run_program")(code, name, draws);
    const [failed, drawings] = result.toJs();
    result.destroy();
    self.postMessage({ done: true, failed, drawings });
  } catch (error) {
    self.postMessage({ broken: String(error.message ?? error) });
  }
};
