// Search: what Material's own does not ask, and does not pass on.

const QUERY = 2; // Material's number for a message that asks its worker
const OPERATORS = /["*+~^:]|(^|\s)-/;
const BORDER = /(?<=[a-z0-9])(?=\p{sc=Han})|(?<=\p{sc=Han})(?=[a-z0-9])/giu;
// Words of questions, which stand in many titles and say nothing of what is asked.
const ASKING = new RegExp([
  "什么是|是什么|是多少|为什么|为何|什么|怎么[办算写]?|怎样|如何|哪个|哪些|多少|区别|原理|介绍|详解|解决|作用|算法",
  "(?<!大)模型|(?<=[\\sa-z0-9])[和与跟]|的|吗|呢",
  "\\b(?:how|why|what|which|does|do|is|are|the|a|an|of|to|in|vs|versus|between|difference|works?)\\b",
].join("|"), "gi");

/** What the worker is asked for what a reader typed. */
export function asked(typed) {
  if (OPERATORS.test(typed)) return typed;
  const spaced = typed.replace(BORDER, " ");
  const words = spaced.replace(ASKING, " ").trim() || spaced;
  // The worker cuts Chinese at words of the index, but never takes the last character into one:
  // with one more behind it, a whole tag is found.
  if (/\p{sc=Han}/u.test(words)) return words.replace(/\p{sc=Han}+/gu, "$& $&〇");
  return words.split(/[\s-]+/).filter(Boolean).map(likely).join(" ");
}

/** A Latin word, its beginning, and, if it is long, what is one letter away, which weighs less. */
function likely(word) {
  const long = /^[a-z]{6,}$/i.test(word);
  return long ? `${word.replace(/s$/, "")}*^9 ${word}~1` : `${word}*^9`;
}

export function mendSearch() {
  const send = Worker.prototype.postMessage;
  Worker.prototype.postMessage = function (message, ...others) {
    const query = message?.type === QUERY && typeof message.data === "string";
    return send.call(this, query ? { ...message, data: asked(message.data) } : message, ...others);
  };
  const query = document.querySelector("[data-md-component=search-query]");
  // It asks when a key comes up; none does after a paste, or a click on what an input method offers.
  query?.addEventListener("input", () => query.dispatchEvent(new Event("keyup")));
  // A page whose sections have the words is told none to mark.
  document.addEventListener("click", event => {
    const result = event.target.closest(".md-search-result__link");
    if (!result) return;
    const url = new URL(result.href);
    if (!url.searchParams.get("h")) url.searchParams.set("h", query.value.trim());
    result.href = url;
  });
}
