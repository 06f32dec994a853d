// What this reader knew, kept in this browser.

import { DAY, isPast } from "./dates.js";
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
  return fill(words.next, { date: dateOf(note) });
}

const DATE = { day: "numeric", month: "long", year: "numeric" };

/** The day on which it is asked again. */
export const dateOf = note => new Date(note.due).toLocaleDateString(document.documentElement.lang, DATE);

// The door to the review says how many questions wait behind it: not those whose page has gone.
export async function invite(door) {
  const notes = load(), { default: questions } = await import("./questions.js");
  const count = questions.filter(question => isDue(notes[question])).length;
  if (count) door.textContent = fill(words.begin, { count });
}

/** Add marks of a file; of two of one question the later stands.
 *  Returns how many it held and of how many the dates were mended, or null if they cannot be kept. */
export function merge(others) {
  const notes = load();
  const added = Object.entries(others ?? {}).filter(hasBox);
  let mended = 0;
  for (const [question, note] of added) {
    const right = withDates(note);
    if (right.due !== note.due || right.at !== (note.at ?? 0)) mended += 1;
    if (right.at >= (notes[question]?.at ?? 0)) notes[question] = right;
  }
  return !added.length || save(notes) ? { count: added.length, mended } : null;
}

// What was marked at no time is older than any other mark; it is due no later than its box says, from today.
function withDates(note) {
  const latest = startOfDay(Date.now() + BOXES[note.box] * DAY);
  const due = !Number.isFinite(note.due) ? startOfDay(Date.now()) : Math.min(note.due, latest);
  return { ...note, due, at: isPast(note.at) ? note.at : 0 };
}

const hasBox = ([, note]) => Number.isInteger(note?.box) && note.box in BOXES;
const isNote = entry => hasBox(entry) && Number.isFinite(entry[1].due);

function save(notes) {
  try {
    localStorage.setItem(STORE, JSON.stringify(notes));
    return true;
  } catch {
    return false; // a private window, or no room
  }
}
