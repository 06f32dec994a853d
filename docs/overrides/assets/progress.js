// Problems and rounds on the page of a reader's marks: solved, tried, not yet.

import * as attempts from "./attempts.js";
import { all, fill, make } from "./elements.js";
import { showLeft } from "./found.js";
import { load } from "./notes.js";
import words from "./words.js";

export function showProgress(place, items) {
  const notes = load(), tried = attempts.load();
  const known = items.filter(item => notes[item.dataset.question]?.knew).length;
  place.replaceChildren(make("p", fill(words.progress, { known, all: items.length })));
  for (const item of all("li[data-problem]")) {
    const attempt = tried[item.dataset.problem];
    item.dataset.state = !attempt ? "" : attempt.solved ? "known" : "open";
    item.querySelector(".state")?.remove();
    item.append(make("span", words[!attempt ? "not yet" : attempt.solved ? "solved" : "tried"], "state"));
  }
  showLeft();
}
