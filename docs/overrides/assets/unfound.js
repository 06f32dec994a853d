// A search without hits: what that means, what is near, and how to ask for it.

import { fill, make } from "./elements.js";
import words from "./words.js";

const ENOUGH = 0.3, MOST = 3; // of pairs of letters in common; links
const QUESTION = /^(questions\/[^/]+\/)[^/]+\/$/;
const { base } = JSON.parse(document.getElementById("__config").textContent);

/** The place that says it, empty as long as something is found; a screen reader reads what comes into it. */
export function placeFor(meta) {
  const place = make("div", "", "unfound");
  place.setAttribute("role", "status");
  meta.after(place);
  return place;
}

/**
 * @param {HTMLElement} place
 * @param {string} typed - "" if there is nothing to say
 * @param {{location: string, title: string, tags?: string[]}[]} pages - of the index
 */
export function sayUnfound(place, typed, pages) {
  if (!typed) return place.replaceChildren();
  const near = nearest(typed, pages);
  const listed = near.length ? near : topics(pages).map(page => [plain(page.title), page.location]);
  const list = make("ul");
  list.append(...listed.map(([text, location]) => item(text, address(location))), item(words["unfound list"], address("questions/")));
  const report = document.querySelector(".report a"); // where the site has a repository
  if (report) {
    const title = fill(words["unfound title"], { query: typed });
    list.append(item(words["unfound ask"], new URL(`?${new URLSearchParams({ template: "missing.yml", title })}`, report.href)));
  }
  const said = make("p", fill(words.unfound, { query: typed }));
  place.replaceChildren(said, make("p", words[near.length ? "unfound near" : "unfound topics"]), list);
}

function topics(pages) {
  const begins = new Set(pages.map(page => page.location.match(QUESTION)?.[1]));
  return pages.filter(page => begins.has(page.location));
}

function nearest(typed, pages) {
  const wanted = pairs(typed), best = new Map();
  for (const { location, tags } of pages) {
    for (const tag of tags ?? []) {
      const common = share(wanted, pairs(tag));
      if (common >= ENOUGH && common > (best.get(location)?.[0] ?? 0)) best.set(location, [common, tag]);
    }
  }
  const found = [...best].sort(([, [one]], [, [other]]) => other - one).slice(0, MOST);
  return found.map(([location, [, tag]]) => [plain(tag), location]);
}

function pairs(text) {
  const letters = plain(text).toLowerCase().replace(/[^\p{L}\p{N}]+/gu, "");
  return new Set([...letters].slice(1).map((letter, place) => [...letters][place] + letter));
}

function share(one, other) {
  const common = [...one].filter(pair => other.has(pair)).length;
  return 2 * common / (one.size + other.size || 1);
}

const plain = text => text.replace(/<[^>]*>|\u200b/g, "");
const address = location => new URL(`${base}/${location}`, document.baseURI);

function item(text, href) {
  const link = make("a", text), found = make("li");
  link.href = href;
  found.append(link);
  return found;
}
