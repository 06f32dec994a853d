// What the other scripts share: finding and making elements, and filling in words.

export const all = (selector, within = document) => [...within.querySelectorAll(selector)];

export function make(tag, text = "", className = "") {
  const element = document.createElement(tag);
  if (text) element.textContent = text;
  if (className) element.className = className;
  return element;
}

export const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);

export function button(text, action) {
  const element = make("button", text, "study-button");
  element.type = "button";
  element.addEventListener("click", action);
  return element;
}
