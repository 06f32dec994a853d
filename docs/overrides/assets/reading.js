// Short or full: in short, each program and the sources fold to a line; a phone begins short.

import { all } from "./elements.js";

const KEY = "handbook.reading"; // main.html reads it too, before anything is painted
const root = document.documentElement;

export function offerLengths(article) {
  for (const choice of all(".reading [data-length]", article)) {
    choice.disabled = false;
    choice.addEventListener("click", () => {
      try { localStorage.setItem(KEY, choice.dataset.length); } catch { /* It holds on this page. */ }
      choose(choice.dataset.length);
    });
  }
  for (const opener of all(".unfold > button", article)) {
    opener.disabled = false;
    opener.addEventListener("click", () => {
      unfold(opener, opener.getAttribute("aria-expanded") !== "true");
    });
  }
  article.addEventListener("click", event => {
    const link = event.target.closest("a[href^='#']");
    if (link) reveal(link.hash);
  });
  addEventListener("hashchange", () => reveal(location.hash));
  choose(root.classList.contains("short") ? "short" : "full");
  if (location.hash) reveal(location.hash);
}

function choose(length) {
  root.classList.toggle("short", length === "short");
  for (const choice of all(".reading [data-length]")) choice.setAttribute("aria-pressed", choice.dataset.length === length);
}

function unfold(opener, open) {
  opener.setAttribute("aria-expanded", open);
  for (const element of folded(opener.parentElement)) element.classList.toggle("unfolded", open);
}

// The blocks of a program, the list, or the output that stand below what unfolds them.
function folded(above) {
  const found = [];
  for (let next = above.nextElementSibling; next && found.length < Number(above.dataset.folds); next = next.nextElementSibling) {
    if (next.matches(".language-python.highlight, #sources ~ :is(ul, ol), .output > pre")) found.push(next);
  }
  return found;
}

// A link leads to what it names, whatever is folded: a follow-up opens, as sources do, and a hidden section
// makes the page full.
function reveal(hash) {
  const target = hash.length > 1 && document.getElementById(decodeURIComponent(hash.slice(1)));
  if (!target) return;
  for (let details = target.closest("details"); details; details = details.parentElement.closest("details")) details.open = true;
  const sources = target.matches("#sources") && target.parentElement.querySelector("#sources + .unfold > button");
  if (sources) unfold(sources, true);
  if (root.classList.contains("short") && !target.checkVisibility()) {
    choose("full");
    requestAnimationFrame(() => target.scrollIntoView());
  }
}
