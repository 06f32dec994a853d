# /// script
# requires-python = ">=3.11"
# dependencies = ["jieba>=0.42", "numpy==2.4.6", "matplotlib"]
# ///
"""What a Chinese character costs is decided by the text the tokenizer was trained on."""

# --8<-- [start:bytes]
import collections
import heapq
import inspect
import itertools
import re

import jieba
import matplotlib.pyplot as plt
import numpy as np

for letter in "aé中🙂":
    code = letter.encode()
    print(letter, len(code), "bytes:", *(f"{byte:08b}" for byte in code))
han = [chr(c) for c in range(0x4E00, 0xA000)]  # the basic block of Han characters
assert {len(c.encode()) for c in han} == {3}
assert {c.encode()[0] for c in han} == set(range(0xE4, 0xEA))
# --8<-- [end:bytes]

# --8<-- [start:pairs]
english = """The model reads the whole document before it answers the question.
We ran the experiment three times and report the worst result.
Please restart the server if the connection is lost again.
The price depends on how many tokens your request contains.
Nobody on the team could explain why the loss suddenly increased.
The company plans to open a new office in Shanghai next year.
Clean the data first, then decide how large the model should be.
Children learn to speak long before they learn to read."""
chinese = """模型读完整篇文档，再回答问题。
我们把实验做了三遍，报告最差的结果。
如果连接再次断开，请重启服务器。
价格取决于你的请求里有多少个词元。
团队里没有人能解释损失为什么突然上升。
公司计划明年在上海开一间新的办公室。
先清洗数据，再决定模型应该多大。
孩子学会说话，远在学会认字之前。"""
print(len(english), "characters in English,", len(chinese), "in Chinese")
# --8<-- [end:pairs]

# --8<-- [start:corpus]
# What NumPy's functions say of themselves: the paragraphs that end in a full stop.
# (SciPy, when imported, changes what sinc says, so sinc is left out.)
functions = inspect.getmembers(np, lambda f: callable(f) and not inspect.isclass(f))
docs = (inspect.getdoc(f) or "" for _, f in functions if f is not np.sinc)
paragraphs = (" ".join(p.split()) for p in "\n\n".join(docs).split("\n\n"))
paragraphs = [p for p in paragraphs if p.endswith(".")]
pieces = re.compile(r" ?\w+| ?[^\w\s]+|\s+")  # A run of Han characters is one piece.
english_counts = collections.Counter(pieces.findall("\n\n".join(paragraphs)))
with jieba.get_dict_file() as file:  # word, frequency, part of speech, word, ...
    fields = file.read().decode().split()
chinese_counts = dict(zip(fields[::3], map(int, fields[1::3]), strict=True))
chinese_counts = dict(collections.Counter(chinese_counts).most_common(20_000))


def weigh(counts, share):  # Scale a word list to a share of all bytes.
    total = sum(n * len(word.encode()) for word, n in counts.items())
    scaled = {word: round(1e9 * share * n / total) for word, n in counts.items()}
    return {word: n for word, n in scaled.items() if n}


# --8<-- [end:corpus]


# --8<-- [start:merge]
def merge(word, pair):
    merged, i = [], 0
    while i < len(word):
        found = word[i : i + 2] == pair
        merged.append(word[i] + word[i + 1] if found else word[i])
        i += 2 if found else 1
    return tuple(merged)


# --8<-- [end:merge]


# --8<-- [start:train]
def train(counts, merges):
    words = [tuple(bytes([b]) for b in word.encode()) for word in counts]
    weight, pairs = list(counts.values()), collections.Counter()
    where = collections.defaultdict(set)  # pair: the words that have had it
    heap, ranks, touched, newest = [], {}, range(len(words)), None
    while len(ranks) < merges:
        changed = set()
        for i in touched:
            for pair in zip(words[i], words[i][1:], strict=False):
                pairs[pair] += weight[i]
                if newest is None or newest in pair:  # The others were there before.
                    where[pair].add(i)
                    changed.add(pair)
        for pair in changed:
            heapq.heappush(heap, (-pairs[pair], pair))
        while -heap[0][0] != pairs[heap[0][1]]:  # an outdated count
            heapq.heapreplace(heap, (-pairs[heap[0][1]], heap[0][1]))
        best = heapq.heappop(heap)[1]
        ranks[best] = len(ranks)
        touched, newest = where.pop(best), best[0] + best[1]
        for i in touched:
            for pair in zip(words[i], words[i][1:], strict=False):
                pairs[pair] -= weight[i]
            words[i] = merge(words[i], best)
    return ranks


# --8<-- [end:train]


# --8<-- [start:encode]
def encode(text, ranks):
    tokens = []
    for piece in pieces.findall(text):
        word = tuple(bytes([b]) for b in piece.encode())
        while len(word) > 1:
            found = zip(word, word[1:], strict=False)
            best = min(found, key=lambda pair: ranks.get(pair, np.inf))
            if best not in ranks:
                break
            word = merge(word, best)
        tokens += word
    return tokens


assert len(encode(chinese, {})) == len(chinese.encode())  # No merges: bytes.
# --8<-- [end:encode]

# --8<-- [start:compare]
shares, rows, vocabularies = (0.0, 0.01, 0.1, 0.5), [], {}
print("Chinese bytes  English  Chinese  ratio  per character")
for share in shares:
    counts = weigh(english_counts, 1 - share) | weigh(chinese_counts, share)
    vocabularies[share] = train(counts, 4000)
    rows.append([len(encode(text, vocabularies[share])) for text in (english, chinese)])
    e, c = rows[-1]
    print(f"{share:13.0%} {e:8d} {c:8d} {c / e:6.2f} {c / len(chinese):10.2f}")
    for text in (english, chinese):
        assert b"".join(encode(text, vocabularies[share])) == text.encode()
e, c = np.array(rows).T  # (shares,) tokens each
assert c[0] > 2 * e[0] and c[-1] < e[-1]  # The order turns around.
saved = -np.diff(c) / np.diff(shares)  # Chinese tokens for each further share
assert saved.min() > 0 and all(np.diff(saved) < 0) and e[-1] < 1.3 * e[0]
# --8<-- [end:compare]

# --8<-- [start:figure]
plt.figure(figsize=(6.4, 3.0))
x = np.arange(len(shares))
plt.bar(x - 0.2, e, 0.4, label="English")
plt.bar(x + 0.2, c, 0.4, label="Chinese")
plt.xticks(x, [f"{share:.0%}" for share in shares])
plt.xlabel("share of Chinese in the text the tokenizer was trained on (bytes)")
plt.ylabel("tokens for the same text")
plt.legend()
plt.tight_layout()
plt.show()
# --8<-- [end:figure]

# --8<-- [start:stream]
import codecs

tokens = encode("价格取决于词元。", vocabularies[0.01])
naive = "".join(token.decode(errors="replace") for token in tokens)
decoder = codecs.getincrementaldecoder("utf-8")()  # Keeps an unfinished character.
careful = [decoder.decode(token) for token in tokens]
print("token by token:", naive)
print("with a buffer: ", "|".join(careful))
assert "\ufffd" in naive and "".join(careful) == "价格取决于词元。"
# --8<-- [end:stream]

# --8<-- [start:extend]
old = vocabularies[0.01]  # A base that has read little Chinese.
terms = {word: n for word, n in chinese_counts.items() if len(word) > 2}
addition = train(weigh(terms, 1.0), 2000)
extended = dict(old)
for pair in addition:  # New merges come last, so that no old one is overtaken.
    extended.setdefault(pair, len(extended))
careless = old | addition  # The new merges are ranked from 0 again.


def ends(text, ranks):  # the bytes behind which a token ends
    return set(itertools.accumulate(map(len, encode(text, ranks))))


# --8<-- [end:extend]

# --8<-- [start:extended]
torn, kept = {}, {word: ends(word, old) for word in chinese_counts}
for name, ranks in {"last": extended, "ranked from 0": careless}.items():
    torn[name] = [w for w in chinese_counts if not ends(w, ranks) <= kept[w]]
    print(f"new merges {name}: {len(torn[name])} words cut inside an old token", *torn[name])
before, after = len(encode(chinese, old)), len(encode(chinese, extended))
print(f"{len(extended) - len(old)} new tokens: Chinese {before} → {after} tokens")
assert not torn["last"] and torn["ranked from 0"]
# No byte of English is in it, so no English token changes.
assert min(b"".join(a + b for a, b in addition)) > 127 and after < 0.75 * before
# --8<-- [end:extended]
