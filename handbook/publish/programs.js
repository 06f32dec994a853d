// In the preview: says of each program that has not run where it stands, and shows what it gave.

const PAUSE = 1000; // milliseconds between two questions

async function look() {
  const blocks = [...document.querySelectorAll("[data-program]")];
  if (!blocks.length) return;
  const keys = [...new Set(blocks.map((block) => block.dataset.program))];
  const asked = new URLSearchParams({ language: document.documentElement.lang, keys });
  try {
    const states = document.hidden ? {} : await (await fetch(`/-/programs?${asked}`)).json();
    if (Object.values(states).some(({ state }) => state === "ran")) await show();
    for (const block of blocks) {
      const { state, text } = states[block.dataset.program] ?? {};
      if (state && state !== "ran") Object.assign(block, { textContent: text }).dataset.state = state;
    }
  } catch {
    // The preview was stopped, or builds the site anew.
  }
  setTimeout(look, PAUSE);
}

// Puts the article as it is now in the place of the one that is open.
async function show() {
  const html = await (await fetch(location.pathname, { cache: "no-store" })).text();
  const now = new DOMParser().parseFromString(html, "text/html");
  document.querySelector("article").replaceWith(now.querySelector("article"));
  window.document$.next(document); // Material looks for code and headings again,
  document.dispatchEvent(new Event("handbook:shown")); // and handbook.js for what it completes.
}

look();
