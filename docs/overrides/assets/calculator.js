// The form of a chapter: recomputed as the reader types, its inputs kept in the address.

import { all, button, fill, make } from "./elements.js";
import words from "./words.js";

/** A date, which has no digits, stands as it is. */
const shown = (value, digits) => digits === "" ? value : new Intl.NumberFormat(document.documentElement.lang, {
  minimumFractionDigits: digits, maximumFractionDigits: digits,
}).format(value);

export async function offerCalculator(form) {
  const { calculate } = await import(form.dataset.script);
  const inputs = all("input, select:not([name=start])", form), start = form.querySelector("[name=start]"), refused = form.querySelector(".refused");
  const defaultOf = input => Object.entries(JSON.parse(input.dataset.defaults)).find(([name]) => !start || name === start.value)[1];
  const stands = {}; // what is computed with, if nothing is refused
  let settled = {}; // what stood when the reader last left an input

  /** What is wrong with a value, in words; "" if nothing is. */
  const take = (input, text, says) => {
    const value = text.trim() === "" ? NaN : Number(text), whole = input.step === "1", choices = input.options;
    const good = choices ? [...choices].some(choice => choice.value === text)
      : value >= input.min && value <= input.max && (!whole || Number.isInteger(value));
    if (good) stands[input.name] = value;
    return good ? "" : fill(words[choices ? "calculator no choice" : says], {
      label: labelOf(input), value: text, least: input.min, most: input.max,
      kind: words[whole ? "calculator whole" : "calculator number"], kept: choices ? choices[stands[input.name]].text : stands[input.name],
    });
  };
  const begin = () => inputs.forEach(input => {
    input.value = stands[input.name] = defaultOf(input);
  });
  const readAddress = () => {
    const asked = new URL(location.href).searchParams, faults = [];
    const wanted = start && asked.get("start");
    if (wanted) start.value = wanted;
    if (start?.selectedIndex === -1) {
      start.selectedIndex = 0;
      faults.push(fill(words["calculator start"], { value: wanted, kept: start.selectedOptions[0].text }));
    }
    begin();
    for (const input of inputs.filter(input => asked.has(input.name))) {
      faults.push(take(input, asked.get(input.name), "calculator refused"));
      input.value = stands[input.name];
    }
    settled = { ...stands };
    refused.textContent = faults.filter(Boolean).join(" ");
    // The browser leads to the form by the address; that of an old link does not name it.
    if (!location.hash && [...inputs, ...start ? [start] : []].some(input => asked.has(input.name))) form.scrollIntoView();
    takeAlong(location.search);
  };
  const takeAlong = search => { // into the other language
    for (const link of all("a.language-switch")) link.search = search;
  };
  let waiting;
  const keepSoon = () => { // Safari permits a hundred changes of the address in thirty seconds.
    clearTimeout(waiting);
    waiting = setTimeout(keepAddress, 300);
  };
  const keepAddress = () => {
    clearTimeout(waiting);
    const address = new URL(location.href);
    const stood = isRefused() ? settled : stands;
    const kept = inputs.map(input => [input.name, stood[input.name] === defaultOf(input) ? null : stood[input.name]]);
    if (start) kept.push(["start", start.selectedIndex ? start.value : null]);
    for (const [name, value] of kept) {
      if (value === null) address.searchParams.delete(name);
      else address.searchParams.set(name, value);
    }
    if (kept.some(([, value]) => value !== null)) address.hash = form.id;
    else if (address.hash === `#${form.id}`) address.hash = "";
    history.replaceState(history.state, "", address);
    takeAlong(address.search);
  };
  const isRefused = () => inputs.some(input => input.getAttribute("aria-invalid") === "true");
  const show = () => {
    const money = start?.selectedOptions[0].dataset.money ?? "";
    const results = calculate({ ...stands }), said = {};
    for (const unit of start ? all("[data-unit]", form) : []) unit.textContent = unit.dataset.unit.replace("{money}", money);
    for (const place of all("[data-result]", form)) {
      const { result, digits, none } = place.dataset, value = isRefused() ? null : results[result];
      said[result] = isRefused() ? "–" : value === null ? none : shown(value, digits);
      place.firstElementChild.textContent = said[result];
      place.lastElementChild.hidden = value === null;
    }
    const decision = isRefused() ? words["calculator waits"] : fill(JSON.parse(form.dataset.decisions)[results.decision], said);
    copy.disabled = isRefused();
    form.querySelector("output").textContent = decision;
    return { results, decision };
  };
  const check = () => {
    const faults = inputs.map(input => {
      const fault = take(input, input.value, "calculator wrong");
      input.setAttribute("aria-invalid", Boolean(fault));
      input.setAttribute("aria-describedby", fault ? refused.id : "");
      return fault;
    });
    refused.textContent = faults.filter(Boolean).join(" ");
    show();
    keepSoon();
  };
  const reset = () => {
    begin();
    check();
    settled = { ...stands };
  };
  /** Tab-separated, numbers as they were computed: for a spreadsheet. */
  const table = () => {
    keepAddress();
    const { results, decision } = show();
    const rows = inputs.map(input => input.options ? [labelOf(input), input.selectedOptions[0].text, ""]
      : [labelOf(input), stands[input.name], unitOf(input.parentElement)]);
    for (const place of all("[data-result]", form)) {
      const value = results[place.dataset.result];
      rows.push([place.previousElementSibling.textContent, value ?? place.dataset.none, value === null ? "" : unitOf(place)]);
    }
    rows.push([words["calculator decision"], decision, ""], [words["calculator link"], location.href, ""]);
    return rows.map(row => row.join("\t")).join("\n");
  };

  const told = make("span");
  told.setAttribute("role", "status");
  const copy = button(words["calculator copy"], () => navigator.clipboard.writeText(table()).then(
    () => { told.textContent = words.copied; },
    () => { told.textContent = words["calculator not copied"]; },
  ));
  const actions = make("p", "", "actions");
  actions.append(copy, " ", button(words["calculator reset"], reset), " ", told);
  form.querySelector(".kept").before(actions);
  form.addEventListener("submit", event => event.preventDefault());
  form.addEventListener("input", event => {
    told.textContent = "";
    if (event.target === start) reset();
    else check();
  });
  form.addEventListener("change", () => {
    if (!isRefused()) settled = { ...stands };
  });
  readAddress();
  show();
  form.querySelector("fieldset").disabled = false;
}

const labelOf = input => input.parentElement.firstElementChild.textContent;
const unitOf = place => place.querySelector("[data-unit]").textContent;
