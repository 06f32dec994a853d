// A program as a list of lines, of which a reader chooses one by click or by keys.

import { make } from "./elements.js";
import words from "./words.js";

export function makeLines(lines, choose) {
  const element = make("div", "", "sheet");
  element.setAttribute("role", "listbox");
  element.setAttribute("aria-label", words["round code"]);
  element.tabIndex = 0;
  const rows = lines.map((text, index) => {
    const row = make("div"), number = make("span", String(index + 1), "number");
    row.setAttribute("role", "option");
    row.setAttribute("aria-selected", "false");
    row.id = `line-${index + 1}`;
    row.append(number, make("code", text || " "));
    return row;
  });
  element.append(...rows);
  let at = -1, open = true;
  const move = to => {
    rows[at]?.setAttribute("aria-selected", "false");
    at = Math.max(0, Math.min(rows.length - 1, to));
    rows[at].setAttribute("aria-selected", "true");
    element.setAttribute("aria-activedescendant", rows[at].id);
    rows[at].scrollIntoView({ block: "nearest" });
  };
  element.addEventListener("keydown", event => {
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: rows.length - 1 }[event.key];
    if (to !== undefined) move(to);
    else if (event.key === "Enter" && at >= 0 && open) choose(at + 1);
    else return;
    event.preventDefault();
  });
  element.addEventListener("click", event => {
    const row = event.target.closest("[role=option]");
    if (!row || !open || getSelection().toString()) return;
    move(rows.indexOf(row));
    choose(at + 1);
  });
  const mark = (line, name) => rows[line - 1]?.classList.add(name);
  const close = () => { open = false; };
  return { element, mark, close };
}
