// Lists of questions: filters, progress, and what is due.

import { all, fill, make } from "./elements.js";
import { load } from "./notes.js";
import words from "./words.js";

const LEVELS = [["1", "1/3"], ["2", "2/3"], ["3", "3/3"]];

export function showLists() {
  const lists = all("ol.questions");
  const review = document.querySelector(".review");
  if (review) return listDue(review, lists);
  showProgress(lists);
  addFilters(lists);
}

function listDue(review, lists) {
  const notes = load();
  const noted = item => notes[item.dataset.question];
  const due = all("li[data-question]")
    .filter(item => noted(item)?.due <= Date.now())
    .sort((one, other) => noted(one).due - noted(other).due);
  for (const list of lists) list.hidden = true;
  const list = make("ol", "", "questions");
  list.append(...due);
  const count = due.length;
  review.append(make("p", count ? fill(words.waiting, { count }) : words.nothing), list);
}

function showProgress(lists) {
  const notes = load();
  if (!Object.keys(notes).length) return;
  for (const list of lists) {
    const items = all("li", list);
    const known = items.filter(item => notes[item.dataset.question]?.knew).length;
    for (const item of items) showState(item, notes[item.dataset.question]);
    list.before(make("p", fill(words.progress, { known, all: items.length }), "progress"));
  }
}

function showState(item, note) {
  if (!note) return;
  item.dataset.state = note.knew ? "known" : "open";
  item.children[0].after(make("span", words[item.dataset.state], "state"));
}

function addFilters(lists) {
  const level = choice(words.level, LEVELS);
  const topic = choice(words.topic, lists.map(list => [list.dataset.topic, titleOf(list)]));
  const controls = make("p", "", "filters");
  controls.append(...(lists.length > 1 ? [topic, level] : [level]));
  controls.addEventListener("change", () => {
    for (const list of lists) {
      showTopic(list, [list.dataset.topic, ""].includes(topic.control.value));
      for (const item of all("li", list)) {
        item.hidden = ![item.dataset.level, ""].includes(level.control.value);
      }
    }
  });
  (lists[0].closest("article").querySelector("h2") || lists[0]).before(controls);
}

function showTopic(list, chosen) {
  list.hidden = !chosen;
  const heading = headingOf(list);
  if (heading) heading.hidden = !chosen;
}

const headingOf = list => document.getElementById(list.dataset.topic);
const titleOf = list => headingOf(list)?.firstChild.textContent.trim() ?? list.dataset.topic;

function choice(name, options) {
  const label = make("label", `${name} `);
  const select = make("select");
  for (const [value, text] of [["", words.all], ...options]) select.append(new Option(text, value));
  label.append(select);
  return label;
}
