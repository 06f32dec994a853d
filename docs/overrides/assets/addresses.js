// The section stays when the language changes; programs are named in full; a report names its page.

import { all } from "./elements.js";

export function keepSection() {
  for (const link of all("a.language-switch")) {
    link.addEventListener("click", () => { link.hash = isInView(location.hash) ? location.hash : hashInView(); });
  }
}

export function namePrograms() {
  for (const code of all("code.run")) {
    code.textContent = `uv run ${new URL(code.dataset.file, location.href).href}`;
  }
}

export function fillReports() {
  for (const link of all(".report a")) {
    const plain = link.href;
    link.addEventListener("click", () => {
      // The fields of .github/ISSUE_TEMPLATE/mistake.yml.
      const page = location.href.split("#")[0] + hashInView();
      link.href = `${plain}&${new URLSearchParams({ page, version: link.dataset.version || "" })}`;
    });
  }
}

const topOf = element => element.getBoundingClientRect().top;

function isInView(hash) {
  const target = hash && document.getElementById(decodeURIComponent(hash.slice(1)));
  return target && topOf(target) >= 0 && topOf(target) < innerHeight / 2;
}

function hashInView() {
  const last = all("article h2[id], article h3[id]").filter(x => topOf(x) < innerHeight / 2).pop();
  return last && scrollY > 0 ? `#${last.id}` : "";
}
