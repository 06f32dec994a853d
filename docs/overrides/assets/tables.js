// On a phone, a table that would run over the edge becomes a card for each row.

import { all } from "./elements.js";

const narrow = matchMedia("(max-width: 44.9em)");

export function layTables(article) {
  const widths = new Map(); // of what holds a table
  // They change when the phone is turned, and when what was folded is shown.
  const observer = new ResizeObserver(entries => {
    for (const { target, contentRect } of entries) {
      if (widths.get(target) === contentRect.width) continue;
      widths.set(target, contentRect.width);
      for (const table of tables(target)) lay(table, target);
    }
  });
  for (const box of new Set(tables(article).map(boxOf))) observer.observe(box);
}

const tables = within => all("table:not([class]), table.cards", within);
const boxOf = table => table.closest(".md-typeset__scrollwrap") ?? table.parentElement;

function lay(table, box) {
  table.classList.remove("cards");
  if (!table.classList.length) table.removeAttribute("class"); // as the style names it, while it is measured
  const room = box.clientWidth - paddings(box) - (table.parentElement === box ? 0 : paddings(table.parentElement));
  if (narrow.matches && table.scrollWidth > room) makeCards(table);
}

function paddings(element) {
  const { paddingLeft, paddingRight } = getComputedStyle(element);
  return parseFloat(paddingLeft) + parseFloat(paddingRight);
}

// A table whose rows are no table rows for the eye stays one for a screen reader.
function makeCards(table) {
  const heads = all("thead th", table).map(head => head.textContent.trim());
  table.classList.add("cards");
  table.setAttribute("role", "table");
  for (const row of all("tbody tr", table)) {
    row.setAttribute("role", "row");
    [...row.cells].forEach((cell, column) => {
      cell.setAttribute("role", "cell");
      cell.dataset.head = heads[column] ?? "";
    });
  }
}
