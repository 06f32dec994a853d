// A block that continues a program cannot run alone: copy the program up to its end.

import { all, button } from "./elements.js";
import words from "./words.js";

export function offerPrograms() {
  const blocks = {};
  for (const link of all(".highlight .filename a[download]")) {
    const block = link.closest(".highlight");
    const before = (blocks[link.href] ??= []);
    before.push(block);
    if (before.length > 1) link.parentElement.append(copier(before.slice()));
  }
}

function copier(blocks) {
  const copy = button(words["copy program"], async () => {
    await navigator.clipboard.writeText(`${blocks.map(code).join("\n\n")}\n`);
    copy.textContent = words.copied;
    setTimeout(() => { copy.textContent = words["copy program"]; }, 2000);
  });
  return copy;
}

export function code(block) {
  const shown = block.querySelector("pre code").cloneNode(true);
  for (const added of all(".md-annotation, .md-code__nav", shown)) added.remove();
  return shown.textContent.trimEnd();
}
