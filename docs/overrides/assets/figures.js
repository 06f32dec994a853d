// A figure opens over the whole screen, large enough to read its labels; there it scrolls and grows.

import { all, button, fill, make } from "./elements.js";
import words from "./words.js";

const READABLE = 11; // pixels of the smallest label
const STEP = 1.4;

export function offerFigures() {
  all("figure.drawing").forEach((figure, index) => {
    if (figure.querySelector(".enlarge")) return;
    const opener = make("button", "", "enlarge");
    opener.type = "button";
    opener.setAttribute("aria-label", fill(words.enlarge, { number: index + 1 }));
    opener.addEventListener("click", () => enlarge(figure, opener));
    figure.append(opener);
  });
}

function enlarge(figure, opener) {
  const drawing = figure.querySelector("svg"); // moved, not copied: its ids stay unique
  const dialog = make("dialog", "", "enlarged md-typeset");
  dialog.setAttribute("aria-label", drawing.getAttribute("aria-label"));
  const sheet = make("div");
  sheet.tabIndex = 0;
  sheet.setAttribute("role", "group");
  sheet.setAttribute("aria-label", words.figure);
  sheet.append(drawing);
  const zoom = by => grow(sheet, drawing, by);
  const bar = make("p");
  bar.append(button("−", () => zoom(1 / STEP)), button("+", () => zoom(STEP)), button(words.close, () => dialog.close()));
  bar.children[0].setAttribute("aria-label", words.smaller);
  bar.children[1].setAttribute("aria-label", words.larger);
  dialog.append(bar, sheet);
  dialog.addEventListener("keydown", event => {
    event.stopPropagation(); // Material's keys lead to other pages
    if (event.key === "+" || event.key === "=") zoom(STEP);
    if (event.key === "-") zoom(1 / STEP);
  });
  dialog.addEventListener("close", () => {
    drawing.style.removeProperty("width");
    figure.prepend(drawing);
    dialog.remove();
    opener.focus();
  });
  document.body.append(dialog);
  dialog.showModal();
  fit(sheet, drawing);
  bar.lastChild.focus();
}

// All of the drawing at once, or as large as its labels need.
function fit(sheet, drawing) {
  const { width, height } = drawing.viewBox.baseVal;
  const whole = Math.min(sheet.clientWidth, (sheet.clientHeight * width) / height);
  drawing.style.width = `${whole}px`;
  const labels = all("text", drawing).filter(text => text.textContent.trim());
  const smallest = Math.min(...labels.map(size));
  if (smallest < READABLE) drawing.style.width = `${(whole * READABLE) / smallest}px`;
}

function size(text) {
  const { a, b } = text.getScreenCTM();
  const parts = [text, ...all("tspan", text)].map(part => parseFloat(getComputedStyle(part).fontSize));
  return Math.min(...parts) * Math.hypot(a, b);
}

// What stood in the middle stays there.
function grow(sheet, drawing, by) {
  const x = (sheet.scrollLeft + sheet.clientWidth / 2) * by;
  const y = (sheet.scrollTop + sheet.clientHeight / 2) * by;
  drawing.style.width = `${drawing.getBoundingClientRect().width * by}px`;
  sheet.scrollTo(x - sheet.clientWidth / 2, y - sheet.clientHeight / 2);
}
