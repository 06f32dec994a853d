// The self-test on a question's page: the answer is hidden until the reader asks for it.

import { fill, make } from "./elements.js";
import { mark } from "./notes.js";
import words from "./words.js";

export function offerTest(about) {
  const article = about.closest("article");
  const panel = make("div", "", "study");
  const said = make("p");
  said.setAttribute("role", "status");

  const show = (testing, ...elements) => {
    article.classList.toggle("testing", testing);
    panel.replaceChildren(...elements);
  };
  const idle = () => show(false, button(words.test, ask), said);
  const ask = () => {
    said.textContent = "";
    show(true, button(words.show, answer), button(words.stop, idle));
    panel.firstChild.focus();
  };
  const answer = () => {
    show(false, button(words.knew, () => note(true)), button(words.not, () => note(false)));
    panel.firstChild.focus();
  };
  const note = knew => {
    const days = mark(about.dataset.question, knew);
    said.textContent = fill(days === 1 ? words["noted one"] : words.noted, { days });
    idle();
  };

  about.after(panel);
  idle();
}

function button(text, action) {
  const element = make("button", text, "study-button");
  element.type = "button";
  element.addEventListener("click", action);
  return element;
}
