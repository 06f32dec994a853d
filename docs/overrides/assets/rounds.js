// "Find the bug": a program with one planted mistake, to be found by its line.

import { all, button, fill, make } from "./elements.js";
import { keep, load, showLeft } from "./found.js";
import { makeLines } from "./sheet.js";
import words from "./words.js";

export async function playRounds(place) {
  showLeft();
  const topic = new URL(location.href).searchParams.get("topic");
  const link = all("ul.rounds a").find(a => new URL(a.href).searchParams.get("topic") === topic);
  if (!link) return;
  link.setAttribute("aria-current", "true");
  place.setAttribute("role", "region");
  place.setAttribute("aria-label", link.textContent);
  const answer = await fetch(new URL(`${topic}.json`, location.href)).catch(() => ({ ok: false }));
  if (!answer.ok) {
    place.append(make("p", words["run missing"]));
    return;
  }
  const { programs, rounds } = await answer.json();
  const timed = make("input");
  timed.type = "checkbox";
  const play = now => {
    const right = programs[now.program];
    const planted = [...right];
    planted.splice(now.line - 1, now.old.length, ...now.new);
    showRound(place, now, planted, timed, () => play(choose(rounds, now)));
  };
  play(choose(rounds));
}

/** At random, those not found yet first, and not the same again. */
function choose(rounds, last) {
  const found = load();
  const others = rounds.filter(round => round !== last || rounds.length === 1);
  const left = others.filter(round => !found[round.id]?.found);
  const from = left.length ? left : others;
  return from[Math.floor(Math.random() * from.length)];
}

function showRound(place, round, lines, timed, next) {
  const begun = Date.now();
  const again = place.contains(document.activeElement);
  const last = round.line + round.new.length - 1;
  const ended = make("div", "", "ended");
  ended.tabIndex = -1;
  const guess = line => {
    const found = line >= round.line && line <= last;
    if (!found) {
      sheet.mark(line, "wrong");
      note(fill(words["round no"], { line }), false);
    } else end(fill(words["round yes"], { line }), true);
  };
  const note = (text, found) => {
    said.textContent = keep(round.id, found) ? text : `${text} ${words["not kept"]}`;
    showLeft();
  };
  const end = (text, found) => {
    note(timed.checked ? `${text} ${took(Date.now() - begun)}` : text, found);
    for (let line = round.line; line <= last; line++) sheet.mark(line, "planted");
    sheet.close();
    form.replaceChildren(said);
    ended.append(...explain(round), button(words["round next"], next));
    ended.focus();
  };
  const sheet = makeLines(lines, guess);
  const { form, said } = controls(lines.length, timed, guess, () => end(fill(words["round told"], { line: round.line }), false));
  place.replaceChildren(make("p", fill(words["round from"], { title: round.title })), sheet.element, form, ended);
  if (again) sheet.element.focus();
}

function controls(most, timed, guess, tell) {
  const form = make("form"), said = make("p"), label = make("label", `${words["round line"]} `), number = make("input");
  number.type = "number";
  number.min = 1;
  number.max = most;
  number.required = true;
  label.append(number);
  const check = button(words["round check"], () => {});
  check.type = "submit";
  form.addEventListener("submit", event => {
    event.preventDefault();
    guess(number.valueAsNumber);
  });
  const clock = make("label");
  clock.append(timed, ` ${words["round timed"]}`);
  said.setAttribute("role", "status");
  form.append(said, label, check, button(words["round show"], tell), clock);
  return { form, said };
}

const took = passed => fill(words["round took"], { minutes: Math.floor(passed / 60_000), seconds: Math.floor(passed / 1000) % 60 });

/** What was changed, what stopped it, and where the program is explained. */
function explain(round) {
  const link = make("a", fill(words["round why"], { title: round.title })), why = make("p");
  link.href = round.page;
  why.append(link);
  const shown = [["del", "round planted", round.new.join("\n")], ["ins", "round right", round.old.join("\n")], ["div", "round stops", round.stops]];
  return [...shown.flatMap(([tag, name, text]) => {
    const box = make(tag), code = make("code", text);
    box.append(code);
    return [make("p", words[name]), box];
  }), why];
}
