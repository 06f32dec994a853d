// What this reader knew, kept in this browser.

import { DAY } from "./dates.js";

const STORE = "handbook.study";
const BOXES = [1, 3, 7, 21, 60]; // days until a question of each box is asked again

export function load() {
  try {
    return JSON.parse(localStorage.getItem(STORE)) || {};
  } catch {
    return {};
  }
}

// Returns the days until the question is asked again.
export function mark(question, knew) {
  const notes = load();
  const box = knew ? Math.min((notes[question]?.box ?? 0) + 1, BOXES.length - 1) : 0;
  notes[question] = { box, due: Date.now() + BOXES[box] * DAY, knew };
  try {
    localStorage.setItem(STORE, JSON.stringify(notes));
  } catch { /* a private window */ }
  return BOXES[box];
}
