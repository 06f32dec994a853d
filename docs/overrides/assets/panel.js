// Where a reader edits a program and sees what it gives in this browser.

import { button, make } from "./elements.js";
import words from "./words.js";

/** A panel for a program; `toggle` runs it or stops it, and `verb` is the word for running it. */
export function makePanel(needs, name, original, toggle, verb) {
  const panel = { needs, name };
  const element = make("section", "", "run-panel"), actions = make("div", "", "actions");
  element.setAttribute("aria-label", `${words["run here"]}: ${name}`);
  element.tabIndex = -1;
  const code = textarea(original);
  code.addEventListener("keydown", event => {
    if (event.key !== "Enter" || event.isComposing) return;
    if (event.ctrlKey || event.metaKey) toggle(panel);
    else if (!event.shiftKey && !event.altKey) indent(event, code);
  });
  const runs = button(verb, event => { if (event.detail < 2) toggle(panel); }); // not at the second of two taps
  let replaced = null; // by the reset
  const reset = button(words["run reset"], () => {
    const before = replaced === null ? code.value : null;
    code.value = replaced ?? original;
    code.dispatchEvent(new Event("input"));
    replaced = before;
    reset.textContent = words[before === null ? "run reset" : "run undo"];
  });
  code.addEventListener("input", () => {
    replaced = null;
    reset.textContent = words["run reset"];
  });
  const status = make("p");
  status.setAttribute("role", "status");
  actions.append(runs, reset, status);
  const { output, printed } = outputs();
  const drawings = make("div");
  element.append(code, actions, output, drawings);

  const running = now => { runs.textContent = now ? words["run stop"] : verb; };
  const clear = () => {
    output.hidden = true;
    printed.textContent = "";
    drawings.replaceChildren();
  };
  const print = text => {
    output.hidden = false;
    printed.append(text);
  };
  const draw = bytes => {
    const picture = make("img"), reader = new FileReader();
    picture.alt = words["run figure"];
    drawings.append(picture);
    reader.onload = () => { picture.src = reader.result; };
    reader.readAsDataURL(new Blob([bytes], { type: "image/png" }));
  };
  /** Lead the reader to the panel, and in it to a stretch of the program. */
  const show = stretch => {
    const at = Math.max(0, code.value.indexOf(stretch.slice(0, 200)));
    code.setSelectionRange(at, at);
    const lines = code.value.slice(0, at).split("\n").length - 1;
    code.scrollTop = lines * parseFloat(getComputedStyle(code).lineHeight);
    element.focus();
  };
  const job = () => ({ code: code.value, name });
  return Object.assign(panel, { job, element, code, status, running, clear, print, draw, show });
}

/** A new line begins below the one before it, deeper behind a colon. */
function indent(event, code) {
  const line = code.value.slice(0, code.selectionStart).split("\n").at(-1);
  const depth = line.match(/^ */)[0] + (/:\s*$/.test(line) ? "    " : "");
  if (!depth) return;
  event.preventDefault();
  code.setRangeText(`\n${depth}`, code.selectionStart, code.selectionEnd, "end");
  code.dispatchEvent(new Event("input"));
}

function textarea(text) {
  const code = make("textarea");
  code.value = text;
  const most = matchMedia("(max-width: 44.9em)").matches ? 14 : 20;
  code.rows = Math.max(14, Math.min(most, text.split("\n").length));
  code.spellcheck = false;
  code.autocapitalize = "off";
  code.setAttribute("autocorrect", "off");
  code.setAttribute("aria-label", words["run code"]);
  return code;
}

function outputs() {
  const output = make("div", "", "output"), label = make("span", words["run output"], "output-label");
  const box = make("pre"), printed = make("samp");
  box.tabIndex = 0;
  box.setAttribute("aria-label", words["run output"]);
  box.setAttribute("role", "log");
  box.append(printed);
  output.append(label, box);
  output.hidden = true;
  return { output, printed };
}
