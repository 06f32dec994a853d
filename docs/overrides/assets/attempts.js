// This reader's attempts at problems, kept in this browser.

import { isPast } from "./dates.js";

const STORE = "handbook.attempts";

export function load() {
  try {
    return Object.fromEntries(Object.entries(JSON.parse(localStorage.getItem(STORE))).filter(isAttempt));
  } catch {
    return {};
  }
}

/** Keep an attempt, and beside it the last that passed. Returns it, or null if nothing can be kept. */
export function keep(problem, code, solved) {
  const attempts = load();
  const passed = solved ? code : attempts[problem]?.passed;
  const attempt = attempts[problem] = { code, passed, solved: solved || (attempts[problem]?.solved ?? false), at: Date.now() };
  try {
    localStorage.setItem(STORE, JSON.stringify(attempts));
    return attempt;
  } catch {
    return null; // a private window, or no room
  }
}

/** Add attempts of a file; of two at one problem the later stands.
 *  Returns how many it held and of how many the dates were mended, or null if they cannot be kept. */
export function merge(others) {
  const attempts = load();
  const added = Object.entries(others ?? {}).filter(hasCode);
  for (const [problem, given] of added) {
    const before = attempts[problem], attempt = { ...given, at: isPast(given.at) ? given.at : 0 };
    const [later, earlier] = !before || attempt.at >= before.at ? [attempt, before] : [before, attempt];
    const solved = attempt.solved || (before?.solved ?? false);
    attempts[problem] = { ...later, passed: later.passed ?? earlier?.passed, solved };
  }
  try {
    if (added.length) localStorage.setItem(STORE, JSON.stringify(attempts));
    return { count: added.length, mended: added.filter(([, { at }]) => !isPast(at)).length };
  } catch {
    return null; // no room
  }
}

const hasCode = ([, attempt]) => typeof attempt?.code === "string" && typeof attempt.solved === "boolean";
const isAttempt = entry => hasCode(entry) && Number.isFinite(entry[1].at);
