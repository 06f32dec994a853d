// The first use of a term shows its meaning where it stands; without this file it leads to the glossary.

import { all, make } from "./elements.js";
import words from "./words.js";

const EDGE = 8; // pixels that the note keeps from the edges of the screen

export function explainTerms() {
  if (!("popover" in HTMLElement.prototype)) return;
  for (const term of all("a.term:not([role])")) {
    term.setAttribute("role", "button");
    term.addEventListener("click", event => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return; // the entry itself, in a tab
      event.preventDefault();
      explain(term);
    });
    term.addEventListener("keydown", event => {
      if (event.key !== " ") return;
      event.preventDefault();
      explain(term);
    });
  }
}

function explain(term) {
  document.querySelector(".meaning")?.remove();
  const note = make("div", `${term.dataset.meaning} `, "meaning md-typeset");
  note.popover = "auto"; // Escape and a tap elsewhere close it
  note.setAttribute("role", "status");
  const entry = make("a", words.glossary);
  entry.href = term.href;
  note.append(entry);
  term.after(note); // the next stop of the keyboard
  note.showPopover();
  place(note, term.getClientRects()[0]);
}

function place(note, at) {
  const { width, height } = note.getBoundingClientRect();
  const below = at.bottom + EDGE + height < innerHeight || at.top < height + EDGE;
  note.style.left = `${scrollX + Math.max(EDGE, Math.min(at.left, document.documentElement.clientWidth - width - EDGE))}px`;
  note.style.top = `${scrollY + (below ? at.bottom + EDGE / 2 : at.top - height - EDGE / 2)}px`;
}
