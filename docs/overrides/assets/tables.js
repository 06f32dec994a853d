// On a phone, a table that would run over the edge becomes a card for each row.

import { all } from "./elements.js";

const narrow = matchMedia("(max-width: 44.9em)");

export function layTables(article) {
  const lay = () => all("table:not([class]), table.cards", article).forEach(table => {
    table.classList.remove("cards");
    const box = table.closest(".md-typeset__scrollwrap") ?? table.parentElement;
    if (narrow.matches && table.scrollWidth > box.clientWidth) makeCards(table);
    if (!table.classList.length) table.removeAttribute("class");
  });
  lay();
  narrow.addEventListener("change", lay);
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
