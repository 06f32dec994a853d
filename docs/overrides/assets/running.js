// "Run it here": programs of the page, edited and run in this browser. Nothing loads before the click.

import { all, button, fill, make } from "./elements.js";
import { makePanel } from "./panel.js";
import { code } from "./programs.js";
import words from "./words.js";

const MOST = 200_000; // characters of output
let worker, busy; // one for the visit; the panel whose program it runs
let began, printed, limit, ready;

export function offerRuns() {
  for (const place of all(".run-here")) {
    const address = new URL(place.dataset.program, location).href;
    const blocks = all(".highlight").filter(block => block.querySelector(".filename a[download]")?.href === address);
    let panel;
    for (const block of blocks) {
      const opener = button(words["run here"], async () => {
        panel ??= await open(place, address, opener);
        if (!panel) return;
        below(block).after(panel.element);
        panel.show(code(block));
        if (busy !== panel) run(panel);
      });
      block.querySelector(".filename").append(opener);
    }
  }
}

/** The last of what a block is shown with: its output, its figures, what breaks it. */
export function below(block) {
  let last = block;
  while (last.nextElementSibling?.matches(".output, .breaks, figure")) last = last.nextElementSibling;
  return last;
}

async function open(place, address, opener) {
  const answer = await fetch(address).catch(() => ({ ok: false }));
  if (answer.ok) return makePanel(place.dataset, address.split("/").pop(), await answer.text(), toggle, words.run);
  opener.textContent = words["run missing"];
}

export function toggle(panel) {
  if (busy === panel) end(words["run stopped"]);
  else run(panel);
}

function run(panel) {
  if (busy) end(words["run stopped"]);
  worker ??= begin();
  busy = panel;
  printed = 0;
  panel.clear();
  panel.running(true);
  if (ready) panel.status.textContent = words["run running"];
  else say({ loading: 0 });
  const { runtime, packages } = panel.needs;
  worker.postMessage({
    folder: new URL(runtime, location).href,
    packages: packages.split(" ").filter(Boolean),
    ...panel.job(),
  });
}

function begin() {
  const started = new Worker(new URL("python.js", import.meta.url), { type: "module" });
  started.onmessage = ({ data }) => { if (started === worker && busy) say(data); };
  started.onerror = event => {
    event.preventDefault();
    if (started === worker) end(fill(words["run broken"], { reason: event.message ?? "" }));
  };
  return started;
}

function say({ loading, running, text, done, failed, drawings, verdict, told, broken }) {
  if (loading !== undefined) {
    busy.status.textContent = fill(words["run loading"], { megabytes: Math.round(loading / 1e6), all: busy.needs.megabytes });
  }
  if (running) {
    began = performance.now();
    ready = true;
    busy.status.textContent = words["run running"];
    if (busy.seconds) limit = setTimeout(end, 1000 * busy.seconds, fill(words["run slow"], { seconds: busy.seconds }));
  }
  if (text) {
    printed += text.length;
    busy.print(text);
    if (printed > MOST) end(words["run flooded"]);
  }
  if (broken) end(fill(words["run broken"], { reason: broken }));
  if (verdict) busy.judged(verdict, told);
  if (done) {
    for (const drawing of drawings) busy.draw(drawing);
    const seconds = ((performance.now() - began) / 1000).toFixed(1);
    finish(failed ? words["run failed"] : fill(words["run done"], { seconds }));
  }
}

/** A program cannot be interrupted, so the worker ends with it. */
function end(text) {
  worker?.terminate();
  worker = null;
  ready = false;
  if (busy) finish(text);
}

function finish(text) {
  clearTimeout(limit);
  busy.status.textContent = text;
  busy.running(false);
  busy = null;
}
