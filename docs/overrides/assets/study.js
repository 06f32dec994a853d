// The self-test on a question's page: the answer is hidden until the reader asks for it.

import { button, fill, make } from "./elements.js";
import { dateOf, load, mark, next } from "./notes.js";
import words from "./words.js";

export function offerTest(about) {
  const article = about.closest("article");
  const question = about.dataset.question;
  const panel = make("div", "", "study");
  const said = make("p");
  said.setAttribute("role", "status");

  const show = (testing, ...elements) => {
    const focused = panel.contains(document.activeElement);
    article.classList.toggle("testing", testing);
    panel.replaceChildren(...elements);
    if (focused) panel.firstChild.focus();
  };
  const idle = () => show(false, button(words.test, ask), said);
  const ask = () => {
    said.textContent = "";
    show(true, button(words.show, answer), button(words.stop, idle));
  };
  const answer = () => show(false, button(words.knew, () => note(true)), button(words.not, () => note(false)));
  const note = knew => {
    const days = mark(question, knew);
    if (days === null) said.textContent = words["not kept"];
    else said.textContent = fill(days === 1 ? words["noted one"] : words.noted, { days, date: dateOf(load()[question]) });
    idle();
  };

  about.after(panel);
  const before = load()[question];
  if (before) said.textContent = next(before);
  idle();
  addEventListener("hashchange", () => {
    if (article.classList.contains("testing")) idle(); // A link leads to what it names.
  });
}
