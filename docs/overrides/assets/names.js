// Names and keyboard: what Material leaves out.

import { all, fill } from "./elements.js";
import words from "./words.js";

export function keepMending() {
  // Material adds these elements when it starts and when a block comes into view.
  let waiting = false;
  new MutationObserver(() => {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => { waiting = false; mend(); });
  }).observe(document.body, { childList: true, subtree: true });
  mend();
}

function mend() {
  for (const dialog of all(".md-search[role=dialog]")) dialog.setAttribute("aria-label", words.search);
  for (const buttons of all("nav.md-code__nav")) {
    buttons.setAttribute("role", "presentation"); // one landmark per block of code is too many
  }
  for (const table of all(".md-typeset__scrollwrap")) table.tabIndex = 0;
  for (const nav of all("nav.md-nav[aria-labelledby]")) nameSection(nav);
  for (const link of all(".md-annotation__index")) nameAnnotation(link);
}

// A section whose title is a link has an empty label: two of them would share a name.
function nameSection(nav) {
  const label = document.getElementById(nav.getAttribute("aria-labelledby"));
  const title = nav.querySelector(".md-nav__title");
  if (!label || label.textContent.trim() || !title) return;
  nav.removeAttribute("aria-labelledby");
  nav.setAttribute("aria-label", title.textContent.trim());
}

function nameAnnotation(link) {
  const number = link.querySelector("[data-md-annotation-id]")?.dataset.mdAnnotationId;
  if (number) link.setAttribute("aria-label", fill(words.note, { number }));
}
