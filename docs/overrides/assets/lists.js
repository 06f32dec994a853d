// Lists of questions: filters and progress.

import { all, button, fill, make } from "./elements.js";
import { isDue, load } from "./notes.js";
import words from "./words.js";

const ASKED = "asked"; // the order of this name; the other has none
const LEVELS = [["1", "1/3"], ["2", "2/3"], ["3", "3/3"]];

export function showLists() {
  const lists = all("ol.questions");
  const review = document.querySelector(".review");
  if (review) return import("./review.js").then(({ listDue }) => listDue(review, lists));
  showProgress(lists);
  addFilters(lists);
}

function showProgress(lists) {
  const notes = load();
  if (!Object.keys(notes).length) return;
  const noteOf = item => notes[item.dataset.question];
  const count = items => make("p", fill(words.progress, {
    known: items.filter(item => noteOf(item)?.knew).length, all: items.length,
  }), "progress");
  for (const list of lists) {
    for (const item of all("li", list)) showState(item, noteOf(item));
    list.before(count(all("li", list)));
  }
  const items = lists.flatMap(list => all("li", list));
  const whole = count(items);
  whole.classList.add("whole");
  const due = items.filter(item => isDue(noteOf(item))).length;
  if (due) {
    const link = make("a", fill(words.begin, { count: due }));
    link.href = location.pathname.replace(/\/questions\/.*/, "/questions/review/");
    whole.append(" ", link);
  }
  if (due || lists.length > 1) above(lists[0]).before(whole);
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
  const order = choice(words.order, [[ASKED, words["most asked"]]], words["by topic"]);
  const counted = lists.some(list => all("li", list).some(item => item.dataset.asked >= 0));
  controls.append(...(lists.length > 1 ? [topic] : []), level, ...(counted ? [order] : []));
  const homes = lists.map(list => [list, all("li", list)]);
  const apply = () => {
    const ranked = order.control.value === ASKED;
    for (const [list, items] of homes) {
      const chosen = [list.dataset.topic, ""].includes(topic.control.value);
      for (const item of items) {
        item.hidden = !chosen || ![item.dataset.level, ""].includes(level.control.value);
      }
      list.append(...items);
    }
    const items = homes.flatMap(([, items]) => items);
    // Sorting keeps the path's order among those that are asked equally often.
    if (ranked) lists[0].append(...items.sort((a, b) => b.dataset.asked - a.dataset.asked));
    for (const list of lists) showTopic(list, all("li", list).some(item => !item.hidden), ranked);
    nothing.replaceChildren(...lists.some(list => !list.hidden) ? [] : [words["none left"], " ", clear]);
  };
  const nothing = make("p", "", "nothing"), clear = button(words.clear, () => {
    for (const control of Object.values(kept)) control.value = "";
    controls.dispatchEvent(new Event("change"));
    controls.querySelector("select").focus();
  });
  nothing.setAttribute("role", "status");
  // The filter is in the address: it survives the way back, and can be sent to somebody.
  const kept = { topic: topic.control, level: level.control, order: order.control };
  const address = new URL(location.href);
  for (const [name, control] of Object.entries(kept)) {
    const value = address.searchParams.get(name) ?? "";
    control.value = [...control.options].some(option => option.value === value) ? value : "";
  }
  controls.addEventListener("change", () => {
    for (const [name, control] of Object.entries(kept)) {
      if (control.value) address.searchParams.set(name, control.value);
      else address.searchParams.delete(name);
    }
    history.replaceState(history.state, "", address);
    apply();
  });
  above(lists[0]).before(controls, nothing);
  apply();
}

function showTopic(list, left, ranked) {
  list.hidden = !left;
  const heading = headingOf(list);
  if (heading) heading.hidden = !left || ranked;
  const progress = list.previousElementSibling;
  if (progress?.matches(".progress")) progress.hidden = !left || ranked;
}

const above = list => list.closest("article").querySelector("h2") || list;

const headingOf = list => document.getElementById(list.dataset.topic);
const titleOf = list => headingOf(list)?.firstChild.textContent.trim() ?? list.dataset.topic;

function choice(name, options, first = words.all) {
  const label = make("label", `${name} `);
  const select = make("select");
  for (const [value, text] of [["", first], ...options]) select.append(new Option(text, value));
  label.append(select);
  return label;
}
