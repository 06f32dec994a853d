// A reader's own attempt at a problem, judged in this browser by the program that the command line runs.

import { keep, load } from "./attempts.js";
import { all, button, fill, make } from "./elements.js";
import { makePanel } from "./panel.js";
import { code } from "./programs.js";
import { below, toggle } from "./running.js";
import words from "./words.js";

const SECONDS = 30; // as many as the command allows

export function offerJudge(place) {
  const named = file => all(".highlight").filter(block => block.querySelector(".filename")?.textContent.startsWith(file));
  const layer = named("layer_starter.py"); // of a page that has a model to train as well
  const shown = layer.length ? layer : named("starter.py");
  const address = new URL(place.dataset.program, location).href;
  const problem = address.split("/").at(-2);
  const row = make("p", "", "answer-here"), said = make("span");
  let panel;
  const opener = button(words["judge open"], async () => {
    panel ??= await open(place, address, problem, code(shown[0]), said);
    if (!panel) return;
    row.after(panel.element);
    panel.code.focus();
  });
  said.setAttribute("role", "status");
  said.textContent = state(load()[problem]);
  row.append(opener, " ", said);
  below(shown.at(-1)).after(row);
}

const state = attempt => (attempt ? words[attempt.solved ? "judge solved" : "judge tried"] : "");

async function open(place, address, problem, starter, said) {
  const answer = await fetch(address).catch(() => ({ ok: false }));
  if (!answer.ok) {
    said.textContent = words["run missing"];
    return null;
  }
  const judge = await answer.text();
  const panel = makePanel(place.dataset, "my_attempt.py", `${starter}\n`, toggle, words["judge run"]);
  const verdict = make("div", "", "verdict");
  verdict.setAttribute("role", "status");
  verdict.hidden = true;
  panel.status.parentElement.after(verdict);
  const again = button(words["judge passed"], () => {
    panel.code.value = load()[problem].passed;
    panel.code.dispatchEvent(new Event("input"));
  });
  panel.status.before(again);
  const offer = kept => { again.hidden = !kept?.passed || kept.passed === panel.code.value; };
  const before = load()[problem];
  if (before) panel.code.value = before.code;
  offer(before);
  let typed;
  panel.code.addEventListener("input", () => {
    clearTimeout(typed);
    typed = setTimeout(() => offer(keep(problem, panel.code.value, false)), 300);
  });
  const { clear, print } = panel;
  let loading = "", last = null; // what the attempt prints: while it is read, and on the last input
  return Object.assign(panel, {
    seconds: SECONDS,
    job: () => ({ code: judge, name: "judge.py", attempt: panel.code.value, language: document.documentElement.lang.slice(0, 2) }),
    clear() {
      clear();
      [loading, last] = ["", null];
      verdict.hidden = true;
    },
    print(text) {
      const [more, ...inputs] = text.split("\f"); // one before each input
      if (last === null) loading += more;
      else last += more;
      if (inputs.length) last = inputs.at(-1);
      clear();
      if (loading || last) print(loading + (last ?? ""));
    },
    judged({ status, hints }, told) {
      clear(); // the verdict has what was printed on its input
      if (loading) print(loading);
      const kept = keep(problem, panel.code.value, status === "pass");
      offer(kept);
      if (!kept) said.textContent = words["not kept"];
      else said.textContent = kept.solved && status !== "pass" ? words["judge before"] : state(kept);
      verdict.className = `verdict ${status}`;
      verdict.replaceChildren(...told.split("\n").map(line), ...(status === "pass" ? [] : [hinting(hints)]));
      verdict.hidden = false;
    },
  });
}

/** A line of the verdict; rows of numbers stay whole, sentences wrap. */
const line = text => make("div", text || " ", /^\s|^\w+ = /.test(text) ? "row" : "");

/** One hint, then the next. */
function hinting(hints) {
  const box = make("div"), list = make("ol");
  const label = () => fill(words["judge hint"], { number: list.children.length + 1, all: hints.length });
  const more = button(label(), () => {
    list.append(make("li", hints[list.children.length][document.documentElement.lang.slice(0, 2)]));
    if (list.children.length === hints.length) more.remove();
    else more.textContent = label();
  });
  box.append(list, more);
  return box;
}
