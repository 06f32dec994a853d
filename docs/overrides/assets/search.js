// Search: what Material's own does not ask, and does not pass on.

const SETUP = 0, QUERY = 2, RESULT = 3; // Material's numbers for messages to and from its worker
const OPERATORS = /["*~^]|(?:^|\s)[+-]\S|\b(?:title|text|tags):/;
const RAISED = /[^\u00b2\u00b3\u00b9\u2070-\u209c]+/gu; // all but ² and ₖ, which the text has, too
const MARKS = /[^\p{L}\p{M}\p{N}\s.√]|\.(?!\d)/gu;
const BORDER = /(?<=[a-z0-9])(?=\p{sc=Han})|(?<=\p{sc=Han})(?=[a-z0-9])/giu;
const HAN = /\p{sc=Han}/u;
const chinese = document.documentElement.lang.startsWith("zh");

// Words of questions, which stand in many titles and say nothing of what is asked.
const ASKING = new RegExp([
  "什么是|是什么|是多少|为什么|为何|为啥|是啥|什么|有哪些|怎么回事|怎么[办算写做样]?|咋[办写做]?|怎样|如何|哪[个些种]|会怎[么样]|多少|区别|原理|介绍|详解|解决|作用|算法",
  "请问|讲[讲下]|说[说下]|谈谈|解释|一下|能不能|可不可以|可以|需要|应该|自己|到底|流程|步骤|教程|实现|推导|公式|大模型(?!当)|面试题?|八股文?|创业公司",
  "(?<!大)模型(?!当)|(?<=[\\sa-z0-9])[和与跟]|的|[吗呢吧啊]",
  "\\b(?:how|why|what|which|when|where|who|whats|do|does|did|is|are|was|be|been|it|its|s|the|a|an|of|to|in|on|at|by|as|for|from|with|and|or|if|than",
  "vs|versus|between|difference|different|works?|working|much|i|my|we|our|you|your|me|us|can|could|should|would|will|need|get|use|using|used|make|have|has",
  "explain|explained|about|tell|there|this|that|so|not|dont|doesnt|isnt|cant|doesnt|isnt|cant|good|best|llms?|models?|interviews?|questions?|answers?|startups?|company|know|new)\\b",
].join("|"), "gi");

// What a reader writes in one way and the pages in another: pattern, Chinese, English.
const SAME = [
  [/手写(?!数字|体|字)|(?:手撕|写)?代码|手撕|(?:怎么|如何|的)实现|\b(?:from scratch|by hand|code|implement(?:ation|ing)?)\b/g, "手撕代码 手撕代码 判题", "coding judge"],
  [/(?:注意力|attention)\s?(?:机制|mechanisms?)/g, "缩放点积注意力", "scaled dot product attention"],
  [/梯度累[计加]/g, "梯度累积", ""],
  [/长文本|长文/g, "长上下文", ""],
  [/汉字/g, "中文 汉字", ""],
  [/\bnan\b/g, "nan 梯度爆炸", "nan exploding gradient"],
  [/attn\b/g, "attention", "attention"],
  [/\bself[ -]?attention\b/g, "自注意力 attention", "self attention"],
  [/\bbn\b/g, "batchnorm", "batchnorm"],
  [/\bln\b/g, "layernorm", "layernorm"],
  [/\binit\b|\binitiali[sz]\w*/g, "初始化", "initialization"],
  [/\bparams?\b/g, "参数", "parameter"],
  [/\bmaths?\b|数学|算不对数?/g, "算术", "arithmetic"],
  [/显存不够|爆显存|\boom\b|\bout of memory\b/g, "显存 zero", "zero memory"],
  [/部署|\bdeploy\w*|\bself[ -]host(?:ed)?\b/g, "部署 自建", "self hosting"],
  [/\bdefensib(?:le|ility)\b|壁垒/g, "护城河", "moat"],
].map(([pattern, ...same]) => [pattern, ` ${same[chinese ? 0 : 1]} `]);

let known = new Set(); // the words of the index

/** What the worker is asked for what a reader typed. */
export function asked(typed) {
  if (OPERATORS.test(typed)) return typed;
  const plain = typed.replace(RAISED, some => some.normalize("NFKC")).toLowerCase().replace(/['’]/g, "");
  const named = SAME.reduce((text, [pattern, same]) => text.replace(pattern, same), plain);
  const spaced = named.replace(MARKS, " ").replace(BORDER, " ");
  const words = (spaced.replace(ASKING, " ").trim() || spaced).split(/\s+/).filter(Boolean);
  const latin = words.filter(word => !HAN.test(word)).flatMap(apart);
  const joined = latin.slice(1).map((word, place) => latin[place] + word).filter(word => known.has(word));
  return [
    ...words.filter(word => HAN.test(word)).flatMap(cut),
    ...latin.map((word, place) => likely(word, place === latin.length - 1, latin.length === 1)),
    ...joined.map(word => `${word}^9`),
  ].join(" ");
}

/** A Latin word as the index has it; while it may not be whole, what begins with it; if unknown, what is near. */
function likely(word, last, alone) {
  const whole = `${word}^9`;
  if (word.length < 3 && !alone) return whole;
  if (known.has(word)) return last || word.length > 3 ? `${whole} ${word}*^1` : whole;
  return `${whole} ${word}*^9 ${word.length > 3 ? `${word}~${word.length > 7 ? 2 : 1}^9` : ""}`;
}

/** Two words that were typed as one: kvcache, zero3. */
function apart(word) {
  if (known.has(word)) return [word];
  for (let cut = word.length - 1; cut > 0; cut--) {
    const parts = [word.slice(0, cut), word.slice(cut)];
    const counted = /^\d+$/.test(parts[1]);
    if (parts.every(part => known.has(part)) && (counted || parts.every(part => part.length > 1))) return parts;
  }
  return [word];
}

/** The words of the index in Chinese that was typed: the longest at each place, and less what is within them.
 *  Escaped, lest the worker cuts them again, and the last without what may still be typed. */
function cut(text) {
  const found = [], within = [];
  let end = 0; // of what is covered
  for (let from = 0; from < text.length; from++) {
    for (let to = text.length; to > from + 1; to--) {
      const word = text.slice(from, to);
      if (!known.has(word)) continue;
      (to > end ? found : within).push(word);
      end = Math.max(to, end);
    }
  }
  if (!found.length) return [`${text} ${text}〇`];
  const rest = end < text.length ? [text.slice(end)] : [];
  return [...found.map(word => begins(word, 3 * word.length)), ...[...within, ...rest].map(word => begins(word, 1))];
}
const begins = (word, weight) => `${[...word].join("\\")}*^${weight}`;

function learn({ docs, config }) {
  const text = docs.map(({ title, text, tags }) => [title, text, tags].join(" ")).join(" ").replace(/<[^>]*>/g, " ");
  known = new Set(text.toLowerCase().split(new RegExp(config.separator)));
}

export function mendSearch() {
  const send = Worker.prototype.postMessage;
  Worker.prototype.postMessage = function (message, ...others) {
    if (message?.type === SETUP) {
      learn(message.data);
      answer(this, message.data.docs.filter(({ location }) => !location.includes("#")));
    }
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

async function answer(worker, pages) {
  const { placeFor, sayUnfound } = await import("./unfound.js");
  const place = placeFor(document.querySelector(".md-search-result__meta"));
  const query = document.querySelector("[data-md-component=search-query]");
  worker.addEventListener("message", ({ data }) => {
    if (data?.type === RESULT) sayUnfound(place, data.data.items.length ? "" : query.value.trim(), pages);
  });
}
