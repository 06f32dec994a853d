// Which rounds of "find the bug" this reader found, kept in this browser.

import { isPast } from "./dates.js";
import { all, fill, make } from "./elements.js";
import words from "./words.js";

const STORE = "handbook.rounds";

export function load() {
  try {
    return Object.fromEntries(Object.entries(JSON.parse(localStorage.getItem(STORE))).filter(isRound));
  } catch {
    return {};
  }
}

/** Keep how a round went; what was found once stays found. Whether it could be kept. */
export function keep(round, found) {
  return merge({ [round]: { found, at: Date.now() } }) !== null;
}

/** Add rounds of a file.
 *  Returns how many it held and of how many the dates were mended, or null if they cannot be kept. */
export function merge(others) {
  const rounds = load();
  const added = Object.entries(others ?? {}).filter(isFound);
  for (const [round, { found, at: given }] of added) {
    const before = rounds[round], at = isPast(given) ? given : 0;
    rounds[round] = { found: found || (before?.found ?? false), at: Math.max(at, before?.at ?? 0) };
  }
  try {
    if (added.length) localStorage.setItem(STORE, JSON.stringify(rounds));
    return { count: added.length, mended: added.filter(([, { at }]) => !isPast(at)).length };
  } catch {
    return null; // a private window, or no room
  }
}

/** Say beside each topic how many of its rounds are left. */
export function showLeft() {
  const rounds = load();
  for (const item of all("ul.rounds li")) {
    const names = item.dataset.rounds.split(" ");
    const left = names.filter(name => !rounds[name]?.found).length;
    const begun = names.some(name => rounds[name]);
    item.dataset.state = left === 0 ? "known" : begun ? "open" : "";
    item.querySelector(".state")?.remove();
    if (begun) item.append(make("span", fill(words[left ? "rounds left" : "rounds found"], { left, all: names.length }), "state"));
  }
}

const isFound = ([, round]) => typeof round?.found === "boolean";
const isRound = entry => isFound(entry) && Number.isFinite(entry[1].at);
