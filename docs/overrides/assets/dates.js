// A run or a fact that has aged says so, in words and in colour.

import { all, fill, make } from "./elements.js";
import words from "./words.js";

export const DAY = 24 * 60 * 60 * 1000;
// A moment that has been: what a file says of the future, or of no moment, is no date.
export const isPast = time => Number.isFinite(time) && time <= Date.now();

const FRESH = 30; // days after which a run counts as old

export function ageRuns() {
  for (const stamp of all(".stamp")) {
    const days = Math.floor((Date.now() - Date.parse(stamp.querySelector("time").dateTime)) / DAY);
    if (days > FRESH) age(stamp, " ", make("strong", fill(words.old, { days })));
  }
}

export function ageFacts() {
  for (const facts of all(".facts[data-review-by]")) {
    if (Date.parse(facts.dataset.reviewBy) + DAY < Date.now()) age(facts, make("strong", words.due));
  }
}

function age(element, ...says) {
  element.classList.add("aged");
  element.append(...says);
}
