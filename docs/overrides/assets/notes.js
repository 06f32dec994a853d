// What this reader knew, kept in this browser.

import { DAY } from "./dates.js";
import { fill } from "./elements.js";
import words from "./words.js";

const STORE = "handbook.study";
const BOXES = [1, 3, 7, 21, 60]; // days until a question of each box is asked again

export function load() {
  try {
    return Object.fromEntries(Object.entries(JSON.parse(localStorage.getItem(STORE))).filter(isNote));
  } catch {
    return {};
  }
}

// A box rises only when the question is due. Returns the days until it is asked again, none if nothing was kept.
export function mark(question, knew) {
  const notes = load();
  const now = Date.now();
  const before = notes[question];
  const early = knew && before && !isDue(before);
  const box = !knew ? 0 : early ? before.box : Math.min((before?.box ?? 0) + 1, BOXES.length - 1);
  const due = early ? before.due : startOfDay(now + BOXES[box] * DAY);
  notes[question] = { box, due, knew, at: now };
  return save(notes) ? Math.ceil((due - now) / DAY) : null;
}

// A question is due on a day, from its first minute, at whatever hour it was marked.
const startOfDay = time => new Date(time).setHours(0, 0, 0, 0);

export const isDue = note => note !== undefined && startOfDay(note.due) <= Date.now();

// When a question is asked again, in words.
export function next(note) {
  if (isDue(note)) return words["due now"];
  return fill(words.next, { date: new Date(note.due).toLocaleDateString(document.documentElement.lang) });
}

// The door to the review says how many questions wait behind it.
export function invite(door) {
  const count = Object.values(load()).filter(isDue).length;
  if (count) door.textContent = fill(words.begin, { count });
}

// Of two marks of one question the later stands. Returns how many were there, or null if they cannot be kept.
export function merge(others) {
  const notes = load();
  const added = Object.entries(others ?? {}).filter(isNote);
  for (const [question, note] of added) {
    if ((note.at ?? 0) >= (notes[question]?.at ?? 0)) notes[question] = note;
  }
  return !added.length || save(notes) ? added.length : null;
}

function isNote([, note]) {
  return Number.isInteger(note?.box) && note.box in BOXES && Number.isFinite(note.due);
}

function save(notes) {
  try {
    localStorage.setItem(STORE, JSON.stringify(notes));
    return true;
  } catch {
    return false; // a private window, or no room
  }
}
