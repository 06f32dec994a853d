// The review list: what is due, what comes next, and all that is kept as a file.

import * as problems from "./attempts.js";
import { all, button, fill, make } from "./elements.js";
import * as rounds from "./found.js";
import * as questions from "./notes.js";
import { showProgress } from "./progress.js";
import words from "./words.js";

const KEPT = { questions, problems, rounds }; // by the names that the file has for them
const { isDue, load, next } = questions;

export function listDue(review, lists) {
  for (const list of lists) list.hidden = true;
  const items = lists.flatMap(list => all("li[data-question]", list));
  const said = make("p");
  said.setAttribute("role", "status");
  const progress = document.querySelector(".kept-here");
  const show = () => {
    review.replaceChildren(...found(items), files(said, show), said);
    if (progress) showProgress(progress, items);
  };
  show();
  addEventListener("pageshow", event => event.persisted && show()); // back from a question that was due
}

function found(items) {
  const notes = load();
  const noted = item => notes[item.dataset.question];
  const marked = items.filter(noted).sort((one, other) => noted(one).due - noted(other).due);
  const due = marked.filter(item => isDue(noted(item)));
  const list = make("ol", "", "questions");
  list.append(...due);
  if (due.length) return [make("p", fill(words.waiting, { count: due.length })), list];
  const nothing = make("p", `${words.nothing} `);
  const onwards = make("a", words.onwards);
  onwards.href = "../";
  nothing.append(onwards);
  return marked.length ? [nothing, make("p", next(noted(marked[0])))] : [nothing];
}

function files(said, show) {
  const row = make("p", "", "filters");
  const file = make("input");
  file.type = "file";
  file.accept = "application/json,.json";
  file.hidden = true;
  file.addEventListener("change", async () => {
    const taken = merge(await file.files[0].text());
    said.textContent = !taken ? words["no marks"] : [words.taken, taken.mended && words.mended].filter(Boolean).map(text => fill(text, taken)).join(" ");
    show();
  });
  row.append(button(words.export, save), button(words.import, () => file.click()), file);
  return row;
}

/** Take what a file holds, of any kind.
 *  Returns how much that was and of how much the dates were mended, or null if there is nothing or nothing is kept. */
function merge(text) {
  let content;
  try {
    content = JSON.parse(text);
  } catch {
    return null;
  }
  const old = !Object.keys(KEPT).some(name => typeof content?.[name] === "object"); // marks of questions alone
  const taken = Object.entries(KEPT).map(([name, kept]) => kept.merge(old ? name === "questions" && content : content[name]));
  const sum = name => taken.reduce((all, one) => all + one[name], 0);
  return taken.includes(null) || !sum("count") ? null : { count: sum("count"), mended: sum("mended") };
}

function save() {
  const content = Object.fromEntries(Object.entries(KEPT).map(([name, kept]) => [name, kept.load()]));
  const link = make("a");
  link.href = URL.createObjectURL(new Blob([JSON.stringify(content, null, 1)], { type: "application/json" }));
  link.download = "handbook-marks.json";
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}
