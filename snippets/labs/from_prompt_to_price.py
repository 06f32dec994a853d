# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# tags:
#   zh: [预填充, 解码, KV 缓存, 利用率, 量化, 批处理, token 成本]
#   en: [prefill, decode, KV cache, utilization, quantization, batching, cost per token]
# title:
#   zh: 从一句提示词到一张账单
#   en: From prompt to price
# description:
#   zh: 在一个小模型上数出推理的浮点运算和读取的字节，用同样的公式推到 7B 和 72B，算出每百万词元的成本和自建的盈亏平衡点。
#   en: Count the arithmetic and the bytes of inference on a small model, carry the same formulas to 7B and 72B, and end with the cost of a million tokens and the break-even point of self-hosting.
# ---

# %% [markdown] tags=["zh"]
# # 从一句提示词到一张账单
#
# 用户发来一句提示词，模型一个词元（token）一个词元地回答，月底你收到一张账单。这一页把中间的账逐笔记下来。先用 TensorFlow 搭一个四层的小模型，给每次矩阵乘法记账，数出它做了多少次浮点运算（FLOP）、读了多少字节；再验证公式与账本分毫不差；然后把同一组公式用到 7B 和 72B（B 是十亿个参数）的真实形状上；最后算出每百万词元的成本，以及自建与调用 API 花费相同的那一点。
#
# 全页不测时间。本页算出来的“秒”，都是用硬件的峰值推出来的下界，是模型，不是测量；一个真实的推理引擎离下界多远，后面用公开的测量核对。价格都是输入，会过时；这里没有投资建议。
#
# ## 运行环境 {#requirements}
#
# 依赖是下面一格里的三个包，不需要为 Windows 准备特别的安装包。有 CPU 就够，约 1 GB 内存、半分钟，不联网。可以在 Jupyter 里打开，也可以下载整个文件后用 `uv run from_prompt_to_price.py` 运行。

# %% [markdown] tags=["en"]
# # From prompt to price
#
# A user sends a prompt, the model answers one token at a time, and at the end of the month there is a bill.
# This page keeps the books in between.
# First build a decoder of four layers in TensorFlow and record every matrix multiplication in a ledger (an account book): how many floating-point operations (FLOPs) it did and how many bytes it read.
# Then show that a formula gives the same numbers exactly, use that formula on the real shapes of a 7B and a 72B model, and end with the cost of a million tokens and the point at which self-hosting costs the same as an API.
#
# Nothing here measures time.
# The seconds that this page computes are a lower bound, computed from the peak rates of the hardware: a model, not a measurement.
# Further down, five public measurements show how far one real engine is from it.
# Every price is an input, and prices become out of date; nothing here is investment advice.
#
# ## What you need {#requirements}
#
# You need the three packages in the next cell; Windows needs no special wheel (package file).
# A CPU is enough, with about 1 GB of memory; the run takes half a minute and uses no network.
# Open the lab in Jupyter, or download the file and run it with `uv run from_prompt_to_price.py`.

# %%
# /// script
# requires-python = ">=3.11,<3.14"
# dependencies = ["tensorflow>=2.21,<2.22", "matplotlib>=3.10", "numpy>=2"]
# ///

# %%
import collections

import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf

tf.keras.utils.set_random_seed(0)
tf.get_logger().setLevel("ERROR")

# %% [markdown] tags=["zh"]
# ## 设置 {#settings}
#
# 你要改的数在这一格，只有练习二还改后面的两个形状。动手之前先把 `PUBLISHED` 改成 `False`，改完从头运行，由它们算出的数字和图都会跟着变。主要的结论由 `check` 守着：对你的数字不再成立，它就打印出来，程序接着往下跑；`PUBLISHED` 为 `True` 时，它会就地停下。
#
# `batch` 是同时在生成的回答有几个；`utilization` 是满负荷产能里真正卖出去的份额，包括夜里；`achieved` 是服务器的吞吐量达到理论上界的几成，[后面](#measured)会核对。BF16 是 16 位的浮点数，“稠密”指不算稀疏矩阵带来的加速。长度、批次、卡数、人力和 `utilization` 是本页的假设，其余输入的来源和日期如下，截至 2026-11-24。

# %% [markdown] tags=["en"]
# ## Settings {#settings}
#
# The numbers to change are in this cell; only exercise 2 also changes two shapes further down.
# Set `PUBLISHED` to `False`, change what you like, run everything again, and the numbers and figures computed from them follow.
# `check` guards the main conclusions: if one is no longer true for your numbers, it prints which, and the program goes on; with `PUBLISHED = True` it would stop there.
#
# `batch` is the number of answers that are generated at the same time; `utilization` is the share of full capacity that you sell, nights included; `achieved` is the share of the theoretical bound on throughput that a server reaches, which is [checked below](#measured).
# BF16 is a floating-point number of 16 bits; "dense" leaves out the speed-up for sparse matrices.
# The lengths, the batch, the numbers of GPUs, the cost of people and `utilization` are assumptions of this page; the other inputs have the sources and dates below, as of 2026-11-24.

# %%
settings = dict(
    gpu_hour_price=3.99,  # US$, one H100 SXM on demand
    peak_flops=989e12,  # FLOP/s of one GPU, dense BF16
    bandwidth=3.35e12,  # bytes/s of one GPU
    gpu_memory=80e9,  # bytes of one GPU
    gpus={"7B": 1, "72B": 4},
    people_per_month=4_000,  # US$, a part of one engineer
    prompt_tokens=1024,
    answer_tokens=256,
    batch=128,
    utilization=0.35,
    achieved=0.6,
    weight_bytes=2,  # per weight, BF16
    cache_bytes=2,  # per number in the cache, BF16
    api={"7B": (0.20, 0.20), "72B": (0.40, 0.40)},  # US$ per million tokens: in, out
    low_api={"7B": (0.02, 0.04), "72B": (0.10, 0.32)},  # a cheaper offer of that size
)
PUBLISHED = True  # False as soon as you change a number, here or in a shape below


def check(holds, sentence):
    """Stops on the published numbers; on yours it says what no longer holds."""
    if not holds:
        print("no longer holds:", sentence)
    assert holds or not PUBLISHED, sentence


# %% [markdown] tags=["zh"]
# | 输入 | 值 | 来源 | 日期 |
# | --- | --- | --- | --- |
# | H100 卡时价 | `{python} f"{settings['gpu_hour_price']:.2f}"` 美元 | RunPod Secure Cloud，按需（[7](#sources)） | 2026-11-09 |
# | 峰值、带宽、显存 | `{python} f"{settings['peak_flops'] / 1e12:.0f}"` TFLOP/s、`{python} f"{settings['bandwidth'] / 1e12:.2f}"` TB/s、`{python} f"{settings['gpu_memory'] / 1e9:.0f}"` GB | H100 SXM 规格，稠密 BF16（[6](#sources)） | 2026-11-24 |
# | API，7B 一级 | 进 `{python} f"{settings['api']['7B'][0]:.2f}"`、出 `{python} f"{settings['api']['7B'][1]:.2f}"` 美元 | Fireworks，4B 到 16B 一档（[8](#sources)） | 2026-09-25 |
# | API，72B 一级 | 进 `{python} f"{settings['api']['72B'][0]:.2f}"`、出 `{python} f"{settings['api']['72B'][1]:.2f}"` 美元 | DeepInfra，Llama 3.1 70B Turbo（[8](#sources)） | 2026-11-05 |
# | 低价，7B 一级 | 进 `{python} f"{settings['low_api']['7B'][0]:.2f}"`、出 `{python} f"{settings['low_api']['7B'][1]:.2f}"` 美元 | DeepInfra，Llama 3.1 8B Turbo（[8](#sources)） | 2026-11-05 |
# | 低价，72B 一级 | 进 `{python} f"{settings['low_api']['72B'][0]:.2f}"`、出 `{python} f"{settings['low_api']['72B'][1]:.2f}"` 美元 | DeepInfra，Llama 3.3 70B Turbo（[8](#sources)） | 2026-11-05 |
#
# API 价格按每百万词元计；“进”是输入，“出”是输出。报价取自大小相近的模型，不是同一个模型：真要比较，请换成你自己的模型的报价。
#
# ## 一个数得清的解码器 {#model}
#
# 先要一本账。`matmul` 就是 `tf.matmul`，外加两笔记录：做了几次浮点运算，第二个操作数有多少字节。(a, b) 的矩阵乘 (b, c) 的矩阵，结果有 ac 个元素，每个元素要做 b 次乘、b 次加，所以浮点运算数是 2abc。账分两类：`weights` 是与权重相乘，`cache` 是注意力（attention）与缓存里的键和值相乘。

# %% [markdown] tags=["en"]
# | Input | Value | Source | Date |
# | --- | --- | --- | --- |
# | H100 hour | `{python} f"{settings['gpu_hour_price']:.2f}"` US dollars | RunPod Secure Cloud, on demand ([7](#sources)) | 2026-11-09 |
# | Peak, bandwidth, memory | `{python} f"{settings['peak_flops'] / 1e12:.0f}"` TFLOP/s, `{python} f"{settings['bandwidth'] / 1e12:.2f}"` TB/s, `{python} f"{settings['gpu_memory'] / 1e9:.0f}"` GB | H100 SXM specification, dense BF16 ([6](#sources)) | 2026-11-24 |
# | API, 7B class | `{python} f"{settings['api']['7B'][0]:.2f}"` in, `{python} f"{settings['api']['7B'][1]:.2f}"` out, US dollars | Fireworks, models of 4B to 16B ([8](#sources)) | 2026-09-25 |
# | API, 72B class | `{python} f"{settings['api']['72B'][0]:.2f}"` in, `{python} f"{settings['api']['72B'][1]:.2f}"` out, US dollars | DeepInfra, Llama 3.1 70B Turbo ([8](#sources)) | 2026-11-05 |
# | Low offer, 7B class | `{python} f"{settings['low_api']['7B'][0]:.2f}"` in, `{python} f"{settings['low_api']['7B'][1]:.2f}"` out, US dollars | DeepInfra, Llama 3.1 8B Turbo ([8](#sources)) | 2026-11-05 |
# | Low offer, 72B class | `{python} f"{settings['low_api']['72B'][0]:.2f}"` in, `{python} f"{settings['low_api']['72B'][1]:.2f}"` out, US dollars | DeepInfra, Llama 3.3 70B Turbo ([8](#sources)) | 2026-11-05 |
#
# API prices are per million tokens and for models of about the same size, not for the same model: for a real comparison, put in the price of your own model.
#
# ## A decoder small enough to count {#model}
#
# First, a ledger.
# `matmul` is `tf.matmul` that also makes two entries: how many floating-point operations it did, and how many bytes its second operand has.
# For every element of the result, each index of the inner dimension takes one multiplication and one addition, so the FLOPs are 2 × elements of the result × inner size.
# There are two accounts: `weights` for products with weights, and `cache` for attention, which multiplies with the keys and values in the cache.

# %%
ledger = collections.Counter()


def matmul(account, x, y, **options):
    """tf.matmul that enters its FLOPs and the bytes of its second operand in the ledger."""
    result = tf.matmul(x, y, **options)
    ledger[account, "FLOP"] += 2 * result.shape.num_elements() * x.shape[-1]
    ledger[account, "bytes"] += y.shape.num_elements() * y.dtype.size
    return result


# %% [markdown] tags=["zh"]
# 模型的形状写成字典，后面的大模型也用这种字典。这个小模型有 4 个查询头，却只有 2 个键值头：两个查询头共用一套键和值，这叫分组查询注意力（grouped-query attention，GQA）。权重是随机的：眼下只记账，不管它说什么。

# %% [markdown] tags=["en"]
# A dictionary describes the shape, and the large models will use the same dictionary.
# The small model has 4 query heads but only 2 key-value heads: two query heads share one set of keys and values, which is called grouped-query attention (GQA).
# The weights are random: for now you only count, and what the model says does not matter.

# %%
tiny = dict(layers=4, width=128, heads=4, kv_heads=2, head_size=32, inner=352, vocabulary=64)


def matrix_sizes(shape):
    """Rows and columns of the matrices of one layer."""
    width, inner = shape["width"], shape["inner"]
    queries, shared = (shape[n] * shape["head_size"] for n in ("heads", "kv_heads"))
    sizes = dict(q=(width, queries), k=(width, shared), v=(width, shared), o=(queries, width))
    return sizes | dict(gate=(width, inner), up=(width, inner), down=(inner, width))


def random(rows, columns):
    return tf.Variable(tf.random.normal((rows, columns), stddev=rows**-0.5))


def build(shape):
    """A decoder with random weights."""
    sizes, ends = matrix_sizes(shape).items(), (shape["width"], shape["vocabulary"])
    layers = [{name: random(*size) for name, size in sizes} for _ in range(shape["layers"])]
    return dict(shape=shape, layers=layers, embedding=random(*ends[::-1]), head=random(*ends))


# %% [markdown] tags=["zh"]
# `rotate` 是旋转位置编码（RoPE）：把 q、k 的特征两两配对，各转一个随位置变化的角度。`attention` 把新的 k、v 接到缓存后面，让每个新位置看它自己和以前的所有位置；它返回的 `(k, v)` 就是下一步的 KV 缓存（KV cache）。同组的查询头排在一起，一次矩阵乘法就能共用一套键和值。

# %% [markdown] tags=["en"]
# `rotate` is rotary position embedding (RoPE): it turns pairs of features of q and k by an angle that depends on the position.
# `attention` appends the new k and v to the cache and lets each new position attend to itself and to everything before it; the `(k, v)` that it returns is the KV cache (key-value cache) for the next step.
# Query heads of a group stand next to each other, so one matrix multiplication lets them share a set of keys and values.


# %%
def split(x, size):
    """(batch, time, heads * size) → (batch, heads, time, size)"""
    batch, time, features = x.shape
    return tf.transpose(tf.reshape(x, (batch, time, features // size, size)), (0, 2, 1, 3))


def rotate(x, positions):
    """Turn pairs of features by an angle that grows with the position."""
    half = x.shape[-1] // 2
    angle = positions[:, None] * 10_000.0 ** (-tf.range(half, dtype=tf.float32) / half)
    first, second, cos, sin = x[..., :half], x[..., half:], tf.cos(angle), tf.sin(angle)
    return tf.concat([first * cos - second * sin, second * cos + first * sin], -1)


# %%
def attention(shape, layer, x, cache):
    """The mixed values (batch, time, width), and the keys and values to keep."""
    (batch, time, _), size, shared = x.shape, shape["head_size"], shape["kv_heads"]
    past = cache[0].shape[2] if cache else 0
    positions = tf.range(past, past + time, dtype=tf.float32)
    q, k, v = (split(matmul("weights", x, layer[name]), size) for name in "qkv")
    q, k = rotate(q, positions), rotate(k, positions)  # (batch, heads or kv_heads, time, size)
    if cache:
        k, v = tf.concat([cache[0], k], 2), tf.concat([cache[1], v], 2)
    groups = shape["heads"] // shared
    q = tf.reshape(q, (batch, shared, groups * time, size))
    scores = matmul("cache", q, k, transpose_b=True) / size**0.5  # (batch, kv_heads, …, length)
    visible = positions[:, None] >= tf.range(past + time, dtype=tf.float32)  # (time, length)
    scores = tf.where(tf.tile(visible, (groups, 1)), scores, -1e9)
    mixed = matmul("cache", tf.nn.softmax(scores), v)
    mixed = tf.transpose(tf.reshape(mixed, (batch, shape["heads"], time, size)), (0, 2, 1, 3))
    return matmul("weights", tf.reshape(mixed, (batch, time, -1)), layer["o"]), (k, v)


# %% [markdown] tags=["zh"]
# 其余是残差连接（residual connection）、归一化（normalization）、前馈层（SwiGLU：`gate` 一支经过 SiLU 当作门，与 `up` 一支逐元素相乘，再乘 `down`）和输出矩阵 `head`。`head` 给词表里每个词元打一个分数，叫 logit。生成时只有最后一个位置需要它，所以 `head` 只乘这一个位置。

# %% [markdown] tags=["en"]
# The rest is residual connections, normalization, the feed-forward layer (of the gated kind called SwiGLU) and the output matrix `head`.
# During generation, only the last position needs logits, the scores for the next token, so `head` multiplies only that one.


# %%
def normalize(x):
    return x * tf.math.rsqrt(tf.reduce_mean(x**2, -1, keepdims=True) + 1e-6)


def forward(model, tokens, cache=None, last_only=True):
    """Logits (batch, time or 1, vocabulary) and the cache, a pair (k, v) per layer."""
    x, kept = tf.gather(model["embedding"], tokens), []  # (batch, time, width)
    for number, layer in enumerate(model["layers"]):
        past = cache[number] if cache else None
        mixed, pair = attention(model["shape"], layer, normalize(x), past)
        x, kept = x + mixed, [*kept, pair]
        h = normalize(x)
        gate = tf.nn.silu(matmul("weights", h, layer["gate"]))
        x += matmul("weights", gate * matmul("weights", h, layer["up"]), layer["down"])
    return matmul("weights", normalize(x[:, -1:] if last_only else x), model["head"]), kept


# %% [markdown] tags=["zh"]
# ## 缓存改变的是成本，不是答案 {#cache}
#
# 推理分两段。**预填充**（prefill）一次读完提示词，存下各层的 k、v；**解码**（decode）每次送进一个新词元，旧的 k、v 从缓存里读。不留缓存，就得每步把整段重算一遍。两种做法都跑，逐步比较 logit，也记下每步的账。

# %% [markdown] tags=["en"]
# ## The cache changes the cost, not the answer {#cache}
#
# Inference has two phases.
# **Prefill** reads the whole prompt at once and keeps the k and v of every layer; **decode** feeds one new token at a time and reads the old k and v from the cache.
# Without a cache, every step computes the whole sequence again.
# Run both, compare the logits at every step, and record the cost of each.

# %%
model = build(tiny)
prompt, length = 32, 96
text = tf.random.uniform((8, length), maxval=tiny["vocabulary"], dtype=tf.int32)


def run(*arguments):
    """What `forward` returns, and what it cost."""
    ledger.clear()
    return *forward(*arguments), dict(ledger)


_, cache, prefill = run(model, text[:1, :prompt])
decode, again, worst = [], [], 0.0
for end in range(prompt + 1, length + 1):
    cached, cache, cost = run(model, text[:1, end - 1 : end], cache)
    full, _, whole = run(model, text[:1, :end])
    worst = max(worst, float(tf.reduce_max(tf.abs(cached - full))))
    decode, again = [*decode, cost], [*again, whole]
limit = 10.0 ** np.ceil(np.log10(worst))
print(f"{len(decode)} steps, no logit differs by more than {limit:.0e}")
assert worst < 1e-4 * float(tf.math.reduce_std(full))

# %% [markdown] tags=["zh"]
# `{python} len(decode)` 步里，logit 相差不超过 `{python} f"{limit:.0e}"`，是浮点舍入：缓存不改变答案。
#
# ## 数浮点运算 {#flops}
#
# 现在写公式，里面的量都是标量。$P$ 是一个词元要乘的权重个数，包括各层的矩阵和 `head`；词嵌入（embedding）只是查表，不算。$L$ 是层数，$H$ 是查询头数，$K$ 是键值头数，$d$ 是每头的特征数，$n$ 是这一步看得到的位置数，含它自己。解码一个词元的浮点运算数是
#
# $$F(n) = 2P + 4LHdn$$
#
# 前一项就是常说的“每词元 $2N$”（[2](#sources)）；后一项是注意力，算注意力分数和加权求和各 $2LHdn$ 次。每个词元在缓存里存 $2LKd$ 个数。预填充大致相同，只是 `head` 只乘一个位置，注意力要数（位置，可见位置）有多少对。

# %% [markdown] tags=["en"]
# Over `{python} len(decode)` steps the logits differ by at most `{python} f"{limit:.0e}"`, which is rounding: the cache does not change the answer.
#
# ## Count the arithmetic {#flops}
#
# Now the formula.
# $P$ is the number of weights that one token is multiplied with (the matrices of all layers and `head`; the embedding is a lookup and does not count), $L$ the number of layers, $H$ of query heads, $K$ of key-value heads, $d$ of features per head, and $n$ of positions that this step sees, its own included.
# Decoding one token takes this many floating-point operations:
#
# $$F(n) = 2P + 4LHdn$$
#
# The first term is the familiar "$2N$ per token" ([2](#sources)); the second is attention, $2LHdn$ for the scores and as many for the weighted sum.
# The cache keeps $2LKd$ numbers per token.
# Prefill is similar, except that `head` multiplies one position only and attention counts the pairs of a position and a visible position.


# %%
def sizes_of(shape):
    """Weights in the layers and in `head`, FLOPs per attended pair, cached numbers per token."""
    layer = sum(rows * columns for rows, columns in matrix_sizes(shape).values())
    ends, per_head = shape["width"] * shape["vocabulary"], shape["layers"] * shape["head_size"]
    pair, cached = 4 * per_head * shape["heads"], 2 * per_head * shape["kv_heads"]
    return shape["layers"] * layer, ends, pair, cached


def step_work(shape, batch, seen, inputs):
    """FLOPs and bytes read by a decode step of `batch` answers that see `seen` positions."""
    layers, head, pair, cached = sizes_of(shape)
    caches = batch * seen * cached * inputs["cache_bytes"]
    flop = batch * (2 * (layers + head) + seen * pair)
    return flop, (layers + head) * inputs["weight_bytes"] + caches


def prompt_work(shape, tokens, pairs, inputs):
    """FLOPs and bytes read by the prefill of one prompt."""
    layers, head, pair, cached = sizes_of(shape)
    caches = tokens * cached * inputs["cache_bytes"]
    flop = 2 * (tokens * layers + head) + pairs * pair
    return flop, (layers + head) * inputs["weight_bytes"] + caches


# %% [markdown] tags=["zh"]
# 逐步核对，公式与账本相等。两边都是整数，比较用 `==`，不是约等于。小模型用 float32，每个数 4 字节。

# %% [markdown] tags=["en"]
# Formula and ledger agree at every step: both are whole numbers, and the comparison is `==`.
# The small model computes in float32, 4 bytes per number.

# %%
float32 = dict(weight_bytes=4, cache_bytes=4)


def totals(cost):
    """FLOPs and bytes of an entry in the books."""
    return tuple(cost["weights", unit] + cost["cache", unit] for unit in ("FLOP", "bytes"))


assert totals(prefill) == prompt_work(tiny, prompt, prompt**2, float32)
for seen, cost, whole in zip(range(prompt + 1, length + 1), decode, again, strict=True):
    assert totals(cost) == step_work(tiny, 1, seen, float32)
    assert totals(whole) == prompt_work(tiny, seen, seen**2, float32)
saved = totals(again[-1])[0] / totals(decode[-1])[0]
print(f"prefill of {prompt} tokens: {totals(prefill)[0]:,} FLOPs")
print(f"token {length}: {totals(decode[-1])[0]:,} with the cache, {totals(again[-1])[0]:,} without")

# %% [markdown] tags=["zh"]
# 账是自己记的，得请外人核对：TensorFlow 的分析器（profiler）会数计算图里的浮点运算。

# %% [markdown] tags=["en"]
# This ledger is our own work, so let an outsider check it: the profiler of TensorFlow counts the floating-point operations of a graph.


# %%
@tf.function(input_signature=[tf.TensorSpec((1, prompt), tf.int32)])
def traced(tokens):
    return forward(model, tokens)[0]


options = tf.compat.v1.profiler.ProfileOptionBuilder.float_operation() | {"output": "none"}
graph = traced.get_concrete_function().graph
node = tf.compat.v1.profiler.profile(graph, cmd="op", options=options)
everything, products = node.total_float_ops, 0
while node.children:
    node = node.children[0]
    products += node.float_ops if "MatMul" in node.name else 0
print(f"profiler: {products:,} in matrix products, {everything:,} in all")
assert products == totals(prefill)[0] and everything < 1.03 * products

# %% [markdown] tags=["zh"]
# 矩阵乘法的运算数一次不差；它数到的其余运算（softmax、归一化等；正弦、余弦和 sigmoid 它不数）只占 `{python} f"{1 - products / everything:.1%}"`，后面不计。
#
# 账本记的是**执行了**的乘法：因果掩码不让一个位置看后面的位置，可是预填充时，掩码盖住的近一半注意力分数也算了，所以上面按 $n^2$ 对计。真正需要的是 $n(n+1)/2$ 对，好的注意力内核（GPU 上的程序）会跳过整块盖住的部分；后面求下界，只算需要的。

# %% [markdown] tags=["en"]
# The matrix products agree to the last digit; what else it counts (softmax, normalization and more, but not sine, cosine and sigmoid) is `{python} f"{1 - products / everything:.1%}"` of its total and is left out from here on.
#
# The ledger records what was **executed**: in prefill, the scores that the causal mask hides, nearly half of them, were computed too, so there are $n^2$ pairs for $n$ positions.
# Only $n(n+1)/2$ are needed, and good attention kernels skip hidden blocks; the bounds below count what is needed.

# %%
steps = range(prompt + 1, length + 1)
fig, axis = plt.subplots(figsize=(6.4, 3.4))
axis.plot(steps, [totals(whole)[0] / 1e6 for whole in again], label="everything again")
axis.plot(steps, [totals(cost)[0] / 1e6 for cost in decode], label="with the KV cache")
axis.plot(steps, [cost["cache", "FLOP"] / 1e6 for cost in decode], label="attention's part of it")
axis.axhline(2 * sum(sizes_of(tiny)[:2]) / 1e6, color="C7", ls="--", label="2 FLOPs per weight")
axis.set(yscale="log", xlabel="position of the token", ylabel="MFLOP for this token")
axis.legend(loc="center right")
fig.tight_layout()
plt.show()
growth = decode[-1]["cache", "FLOP"] / decode[0]["cache", "FLOP"]
assert growth == length / (prompt + 1)

# %% [markdown] tags=["zh"]
# ![每生成一个词元的浮点运算随位置变化，纵轴为对数：每步重算的线最高，一路上升；用缓存的线几乎贴着每个权重两次运算的虚线；其中注意力的部分低得多，但稳步上升](figure)
#
# 到第 `{python} length` 个词元，缓存把一步的运算减到 `{python} f"{saved:.0f}"` 分之一。但看最下面那条线：**有了缓存，注意力每步的运算仍与长度成正比**，从第一步到最后一步涨到 `{python} f"{growth:.2f}"` 倍，正好是长度之比。缓存省去重算，省不去回看；而且每一步都要把整个缓存从显存里读一遍。
#
# ## 数字节 {#bytes}
#
# 解码一步要读全部权重，加上每条序列自己的缓存。把 8 条序列放进一批再跑一步，看哪一项跟着涨。

# %% [markdown] tags=["en"]
# ![FLOPs per generated token against its position, logarithmic: computing everything again is the highest line and keeps rising, the line with the cache lies almost on the dashed line of two FLOPs per weight, and attention's part is far lower but rises steadily.](figure)
#
# At token `{python} length` a step with the cache does `{python} f"{saved:.0f}"` times less arithmetic.
# But look at the lowest line: **with the cache, attention still does work in proportion to the length at every step**, `{python} f"{growth:.2f}"` times as much at the last step as at the first, which is exactly the ratio of the lengths.
# The cache avoids computing old tokens again, but each step still attends to all of them and reads the whole cache from memory.
#
# ## Count the bytes {#bytes}
#
# A decode step reads all weights, and the cache of each sequence as well.
# Put 8 sequences in one batch, run a step again, and see which of the two grows.

# %%
_, cache, _ = run(model, text[:, : length - 1])
_, cache, eight = run(model, text[:, -1:], cache)
one = decode[-1]
for entry in one:
    print(f"{' '.join(entry):14s} {one[entry]:11,} {eight[entry]:11,}")
assert eight["weights", "bytes"] == one["weights", "bytes"]
assert all(eight[entry] == 8 * one[entry] for entry in one if entry != ("weights", "bytes"))

held = sum(tensor.numpy().nbytes for pair in cache for tensor in pair)
print(f"cache tensors: {held:,} bytes, {held // (8 * length):,} per token")
assert held == 8 * length * 4 * sizes_of(tiny)[3] == eight["cache", "bytes"]

# %% [markdown] tags=["zh"]
# 运算和缓存都涨到 8 倍，权重的字节没有变：读一次，八条序列共用。批处理（batching）省的就是权重的读取；它的极限是，每条序列要读自己的缓存。缓存张量（tensor）的实际字节数也与公式相等。
#
# ## 从小模型到 7B 和 72B {#scale}
#
# 公式核对过了，换上真实的形状。这里用 Qwen2.5 公开的配置，并与模型卡上的参数量核对：7B 共 7.61B，不计词嵌入是 6.53B；72B 共 72.7B，不计词嵌入是 70.0B（[1](#sources)）。

# %% [markdown] tags=["en"]
# Arithmetic and caches grow eightfold, while the bytes of the weights stay the same: they are read once, and all eight sequences use them.
# That is what batching saves, and also its limit: each answer reads a cache of its own.
# The bytes of the actual cache tensors match the formula as well.
#
# ## From the small model to 7B and 72B {#scale}
#
# The formulas have passed the check, so now put in real shapes.
# These are the published configurations of Qwen2.5, compared with the model cards: without and with embeddings, 6.53B and 7.61B for the 7B model, 70.0B and 72.7B for the 72B model ([1](#sources)).

# %%
qwen = dict(head_size=128, vocabulary=152_064)
shapes = {
    "7B": dict(layers=28, width=3584, heads=28, kv_heads=4, inner=18_944, **qwen),
    "72B": dict(layers=80, width=8192, heads=64, kv_heads=8, inner=29_568, **qwen),
}
published = {"7B": (6.53e9, 7.61e9), "72B": (70.0e9, 72.7e9)}
equal = {}  # the length at which attention needs as many FLOPs as the weights
for name, shape in shapes.items():
    layers, head, pair, cached = sizes_of(shape)
    for ours, theirs in zip((layers, layers + 2 * head), published[name], strict=True):
        check(abs(ours / theirs - 1) < 0.005, f"{name} has the parameters of its model card")
    equal[name] = 2 * (layers + head) / pair
    print(f"{name:>3s}: {layers / 1e9:5.2f}B in layers, {(layers + 2 * head) / 1e9:5.2f}B in all,")
    print(f"     {2 * cached / 1024:.0f} KiB per token, F(n) = 4P at n = {equal[name]:,.0f}")

# %% [markdown] tags=["zh"]
# 与模型卡相差不到千分之五；偏置和归一化的参数没有数，它们不到万分之一。序列要长到 `{python} f"{equal['7B']:,.0f}"`（7B）和 `{python} f"{equal['72B']:,.0f}"`（72B）个词元，注意力的运算才追上权重那一项；提示词比这短得多时，“每词元 $2N$”估得很准。显存就没有这么宽裕了。下图把 GQA 与多头注意力（multi-head attention，MHA，每个查询头各有一套键值）相比。

# %% [markdown] tags=["en"]
# The difference from the model cards is below half a percent; biases and the parameters of normalization, less than 0.01%, are not counted.
# The arithmetic of attention catches up with that of the weights only at `{python} f"{equal['7B']:,.0f}"` tokens for 7B and `{python} f"{equal['72B']:,.0f}"` for 72B; for prompts much shorter than that, "$2N$ per token" is a good estimate.
# Memory is tighter.
# The figure compares GQA with multi-head attention (MHA), in which every query head has keys and values of its own.


# %%
def multi_head(shape):
    """The same shape, with keys and values of its own for every query head."""
    return shape | dict(kv_heads=shape["heads"])


lengths = 2 ** np.arange(9, 18)
fig, axis = plt.subplots(figsize=(6.4, 3.4))
for color, (name, shape) in enumerate(shapes.items()):
    for kind, style, variant in (("MHA", "--", multi_head(shape)), ("GQA", "-", shape)):
        gigabytes = lengths * sizes_of(variant)[3] * settings["cache_bytes"] / 1e9
        axis.plot(lengths, gigabytes, style, color=f"C{color}", label=f"{name}, {kind}")
axis.axhline(settings["gpu_memory"] / 1e9, color="C7", lw=1, label="memory of one GPU")
axis.set(xscale="log", yscale="log", xlabel="length (tokens)", ylabel="KV cache of one user (GB)")
axis.legend(fontsize="small")
fig.tight_layout()
plt.show()
saving = {name: shape["heads"] / shape["kv_heads"] for name, shape in shapes.items()}

# %% [markdown] tags=["zh"]
# ![一个用户的 KV 缓存随长度变化，双对数坐标，四条平行的直线：每个模型的 MHA 在上，GQA 在下；只有 72B 的 MHA 越过一张卡的显存](figure)
#
# 缓存与长度成正比。GQA 把 7B 的缓存缩到 `{python} f"{saving['7B']:.0f}"` 分之一，72B 缩到 `{python} f"{saving['72B']:.0f}"` 分之一。
#
# ## 屋顶线 {#roofline}
#
# 一张卡有两个上限：每秒 $R$ 次浮点运算，每秒从显存读 $M$ 字节。一步要做 $F$ 次运算、读 $Q$ 字节，两件事最多完全重叠，所以一步的时间 $t$ 满足
#
# $$t \ge \max\left(\frac{F}{R}, \frac{Q}{M}\right)$$
#
# 哪一项大，看算术强度（arithmetic intensity）$F/Q$，单位是 FLOP/字节：低于 $R/M$，瓶颈是读显存，下面说“等内存”；高于它，瓶颈是计算，说“等计算”。这就是屋顶线模型（roofline model，[11](#sources)）；推理效率的解析模型见 [3](#sources)。它给的是下界：不计启动开销、卡间通信和激活的读写，并且假定峰值跑满，几张卡均分工作。

# %% [markdown] tags=["en"]
# ![KV cache of one user against length, both axes logarithmic, four parallel straight lines: for each model MHA lies above GQA, and only MHA of 72B crosses the memory of one GPU.](figure)
#
# The cache is proportional to the length.
# GQA makes that of 7B `{python} f"{saving['7B']:.0f}"` times smaller and that of 72B `{python} f"{saving['72B']:.0f}"` times smaller.
#
# ## The roofline {#roofline}
#
# A GPU has two limits: $R$ floating-point operations a second, and $M$ bytes a second from its memory.
# A step that does $F$ operations and reads $Q$ bytes can at best overlap the two completely, so its time $t$ satisfies
#
# $$t \ge \max\left(\frac{F}{R}, \frac{Q}{M}\right)$$
#
# Which one is larger depends on the arithmetic intensity $F/Q$, in FLOPs per byte: below $R/M$ you wait for memory, above it for arithmetic.
# That is the roofline model ([11](#sources)); [3](#sources) is an analytical model of inference efficiency.
# It is a lower bound: it leaves out launch overhead, communication between GPUs and traffic for activations, and it assumes peak rates all the time and GPUs that share the work perfectly.


# %%
def seconds(work, inputs, gpus=1):
    """Lower bound for (FLOPs, bytes)."""
    return max(work[0] / inputs["peak_flops"], work[1] / inputs["bandwidth"]) / gpus


def phases(shape, inputs):
    """Work of a prefill, of a decode step for one user, and of one for the whole batch."""
    tokens, seen = inputs["prompt_tokens"], inputs["prompt_tokens"] + inputs["answer_tokens"] / 2
    yield "prefill", prompt_work(shape, tokens, tokens * (tokens + 1) / 2, inputs)
    for users in (1, inputs["batch"]):
        yield f"decode, batch {users}", step_work(shape, users, seen, inputs)


ridge, intensity = settings["peak_flops"] / settings["bandwidth"], {}
for name, shape in shapes.items():
    for phase, work in phases(shape, settings):
        intensity[name, phase] = ratio = work[0] / work[1]
        bound = 1e3 * seconds(work, settings, settings["gpus"][name])
        print(f"{name:>3s} {phase:17s} {ratio:6.1f} FLOPs/byte, lower bound {bound:4.1f} ms")
    check(intensity[name, "prefill"] > 2 * ridge, "a prefill waits for arithmetic")
    check(intensity[name, "decode, batch 1"] < 0.01 * ridge, "a decode step waits for memory")

# %%
fig, axis = plt.subplots(figsize=(6.4, 3.4))
roof = np.array([0.3, ridge, 5000])
reach = np.minimum(settings["peak_flops"], roof * settings["bandwidth"])
axis.plot(roof, reach / 1e12, color="C7", label="roof of one GPU")
for color, name in enumerate(shapes):
    for mark, (phase, _) in zip("s^o", phases(shapes[name], settings), strict=True):
        x = intensity[name, phase]
        y = min(settings["peak_flops"], x * settings["bandwidth"]) / 1e12
        axis.plot(x, y, mark, color=f"C{color}", ms=10 - 4 * color, label=f"{name}, {phase}")
axis.set(xscale="log", yscale="log", xlabel="arithmetic intensity (FLOPs per byte)")
axis.set_ylabel("attainable TFLOP/s")
axis.legend(fontsize="small")
fig.tight_layout()
plt.show()

# %% [markdown] tags=["zh"]
# ![屋顶线图，双对数坐标：斜线到拐点变平。单用户解码的两个点挤在斜线左下角，整批解码的点沿斜线上移，仍在拐点左边；预填充的两个点在平顶上](figure)
#
# 拐点在 `{python} f"{ridge:.0f}"` FLOP/字节。预填充时，各层的一个权重读进来要乘上千个词元，所以站在平顶上等计算。单用户解码时，读进来只乘一个词元，7B 的强度是 `{python} f"{intensity['7B', 'decode, batch 1']:.2f}"`，算力闲着 99% 以上。把用户凑成一批，点就沿斜线往上走。
#
# ## 凑批：摊得薄权重，摊不薄缓存 {#batching}
#
# $B$ 个回答一起解码，每步读 $wP + Bcn$ 字节：$w$ 是每个权重的字节数，$c$ 是每个词元的缓存字节数。前一项由 $B$ 个人分摊；后一项每人一份，除非开头的提示词相同、服务器又让大家共用。两项相等时
#
# $$B^* = \frac{wP}{cn}$$
#
# 批次远小于 $B^*$ 时，加人几乎不花时间；到了 $B^*$，每步要读的字节已是权重的两倍；再往后，吞吐量逼近上限 $M/(cn)$：加一个人，多出来的越来越少，大家却都等得更久。此外还有两道限制：算力用满，或者显存装不下更多缓存。下图画出 7B 在三种长度下的上界，到显存装满为止（留一成空着）。

# %% [markdown] tags=["en"]
# ![A roofline plot, both axes logarithmic: a slope that turns flat at the ridge. Decode for one user sits at the lower left of the slope, decode of the whole batch has moved up the slope but is still left of the ridge, and prefill is on the flat part.](figure)
#
# The ridge is at `{python} f"{ridge:.0f}"` FLOPs per byte.
# In prefill a weight of the layers, once read, meets a thousand tokens, so prefill stands on the flat roof and waits for arithmetic.
# In decode for one user it meets a single token: the intensity is `{python} f"{intensity['7B', 'decode, batch 1']:.2f}"`, and more than 99% of the arithmetic capacity is idle.
# Put users into a batch, and the point moves up the slope.
#
# ## Batching spreads the weights, not the caches {#batching}
#
# With $B$ answers in progress, a step reads $wP + Bcn$ bytes, where $w$ is the number of bytes per weight and $c$ the number of cache bytes per token.
# The $B$ users share the first term; the second grows with each of them, unless their prompts begin alike and the server shares that part.
# They are equal at
#
# $$B^* = \frac{wP}{cn}$$
#
# Far below $B^*$ another user is almost free; at $B^*$ a step already reads twice the bytes of the weights; beyond it the throughput approaches $M/(cn)$: each further user adds less, and everybody waits longer.
# There are two more limits: the arithmetic is fully used, or memory has no room for more caches.
# The figure shows the upper bound for 7B at three lengths, up to the batch that fills the memory, a tenth of it left free.


# %%
def largest_batch(shape, longest, inputs, gpus):
    """Users whose caches fit beside all weights, a tenth of the memory left free."""
    layers, head, _, cached = sizes_of(shape)
    room = 0.9 * gpus * inputs["gpu_memory"] - (layers + 2 * head) * inputs["weight_bytes"]
    return int(room / (longest * cached * inputs["cache_bytes"]))


def half_way(shape, seen, inputs):
    """The batch at which a step reads as many bytes of caches as of weights."""
    layers, head, _, cached = sizes_of(shape)
    return (layers + head) * inputs["weight_bytes"] / (seen * cached * inputs["cache_bytes"])


# %%
shape, gpus, half, ending, waits = shapes["7B"], settings["gpus"]["7B"], {}, {}, {}
fig, axis = plt.subplots(figsize=(6.4, 3.4))
for color, seen in enumerate((512, 2048, 8192)):
    middle, most = half_way(shape, seen, settings), largest_batch(shape, seen, settings, gpus)
    batches = np.array([*np.geomspace(1, most, 40), middle])
    works = [step_work(shape, batch, seen, settings) for batch in batches]
    rates = batches / [seconds(work, settings, gpus) for work in works]
    axis.plot(batches[:-1], rates[:-1], color=f"C{color}", label=f"{seen:,} tokens seen")
    axis.plot(middle, rates[-1], "o", color=f"C{color}")
    ceiling = gpus * settings["bandwidth"] / (seen * sizes_of(shape)[3] * settings["cache_bytes"])
    half[seen], ending[seen] = rates[-1] / ceiling, rates[-2] / ceiling
    waits[seen] = "arithmetic" if works[-2][0] > ridge * works[-2][1] else "memory"
    print(f"{seen:5,} tokens: B* {middle:3.0f}; {most:5,} users fit and wait for {waits[seen]}")
axis.set(xscale="log", yscale="log", xlabel="answers in progress (batch)")
axis.set_ylabel("tokens per second, at most")
axis.legend()
fig.tight_layout()
plt.show()
assert max(abs(share - 0.5) for share in half.values()) < 1e-9
check(0.75 < ending[2048] < 0.85, "full memory brings 80% of the ceiling")
check(abs(ending[8192] - ending[2048]) < 0.01, "2,048 and 8,192 end at the same share")
check(waits == {512: "arithmetic", 2048: "memory", 8192: "memory"}, "only 512 ends flat")

# %% [markdown] tags=["zh"]
# ![7B 每秒词元数的上界随批次变化，双对数坐标，三种长度：开始都沿同一条斜线上升，圆点之后变缓；长度越长，变缓越早，断得也越早](figure)
#
# 圆点是 $B^*$，那里的吞吐量正好是 $M/(cn)$ 的一半。长度 2,048 和 8,192 时，显存装满都只到这个上限的 `{python} f"{ending[2048]:.0%}"`。长度 512 的线最后变平，是因为缓存还不重，算力先满了：哪道限制先到，就由哪道说了算。记住一条：**上下文长到四倍，$B^*$ 缩到四分之一。**长上下文贵在两头：每步要读的更多，同一批能装下的人更少。
#
# ### 下界有多准 {#measured}
#
# silybench 公开了 Qwen3-8B 用 BF16、在一张 H100 上的五组测量。它要求首个词元的等待时间（99 分位）在 2 秒以内，词元间隔（中位数）在 50 毫秒以内，取试过的用户数里达标的最大一个，看每秒生成多少词元（[4](#sources)）。把同样的形状、长度和用户数代进公式。

# %% [markdown] tags=["en"]
# ![Upper bound of tokens per second of 7B against the batch, both axes logarithmic, for three lengths: all start on the same slope and flatten after the dot; the longer the context, the earlier the line flattens and ends.](figure)
#
# Each dot is at $B^*$, where the throughput is exactly half of $M/(cn)$.
# At lengths of 2,048 and 8,192, memory is full when the throughput is only `{python} f"{ending[2048]:.0%}"` of that ceiling $M/(cn)$.
# The line for 512 turns flat at its end because the caches are still small and the arithmetic is fully used first: the limit that comes first decides.
# Remember one rule: **four times the context, a quarter of $B^*$.**
# Long contexts are expensive in two ways: each step reads more, and fewer users fit into the batch.
#
# ### How good is the bound? {#measured}
#
# silybench publishes five measurements of Qwen3-8B in BF16 on one H100: the largest number of users tried for which the 99th percentile of the time to the first token stays within 2 seconds and the median time between tokens within 50 ms, and the tokens per second that they got ([4](#sources)).
# Put the same shape, lengths and numbers of users into the formulas.


# %%
def request_seconds(shape, inputs, gpus):
    """Bounds for one request: its prefill, and its part of the decode steps."""
    prefill, _, step = (seconds(work, inputs, gpus) for _, work in phases(shape, inputs))
    # The prefill already gives the first token of the answer.
    return prefill, (inputs["answer_tokens"] - 1) * step / inputs["batch"]


qwen3 = dict(layers=36, width=4096, heads=32, kv_heads=8, inner=12_288, head_size=128)
h100 = dict(peak_flops=989e12, bandwidth=3.35e12, weight_bytes=2, cache_bytes=2)
reached = []
for tokens, answer, users, rate in (  # rate: measured answer tokens per second
    (128, 128, 512, 14_539.5),
    (1024, 128, 80, 3_017.7),
    (128, 1024, 396, 13_322.0),
    (2048, 2048, 40, 2_814.7),
    (8192, 512, 7, 501.6),
):
    load = h100 | dict(prompt_tokens=tokens, answer_tokens=answer, batch=users)
    most = answer / sum(request_seconds(qwen3 | dict(vocabulary=151_936), load, 1))
    reached.append(rate / most)
    print(f"{tokens:4d} in {answer:4d} out: {rate:6.0f}, bound {most:6.0f}, {rate / most:.0%}")
assert 0.5 < min(reached) and max(reached) < 0.85

# %% [markdown] tags=["zh"]
# 五组都没有越过上界，都达到了它的 `{python} f"{min(reached):.0%}"` 到 `{python} f"{max(reached):.0%}"`，尽管总长从 256 到 8,704、用户从 7 到 512。`achieved` 取 `{python} f"{settings['achieved']:.0%}"`，接近五组里最低的一组，是保守的取法；居中的一组是 `{python} f"{np.median(reached):.0%}"`。这个依据只限于这个推理引擎和这种卡，不含 72B 分到四张卡的情形。
#
# ## 八位权重 {#int8}
#
# 解码在等读权重，那就把权重变小。量化（quantization）把权重写成 8 位整数乘一个比例，比例可以整个矩阵一个，也可以每个输出通道（每一列）一个。随机权重看不出量化损害了什么，所以先训练几秒：语料从一条固定的马尔可夫链里抽，也就是下一个词元的概率只看当前词元；损失是每词元的交叉熵（cross-entropy），单位是 nat（用自然对数）。

# %% [markdown] tags=["en"]
# None of the five exceeds the bound, and they reach between `{python} f"{min(reached):.0%}"` and `{python} f"{max(reached):.0%}"` of it, although the total length goes from 256 to 8,704 and the number of users from 7 to 512.
# `achieved` is `{python} f"{settings['achieved']:.0%}"`, close to the lowest of the five, a cautious choice; the middle one is `{python} f"{np.median(reached):.0%}"`.
# The evidence is for this engine and this GPU, not for 72B on four GPUs.
#
# ## Eight-bit weights {#int8}
#
# If decode waits for weights, make the weights smaller.
# Quantization writes weights as 8-bit integers times a scale, one scale for the whole matrix or one for each output channel (each column).
# Random weights cannot show what quantization breaks, so train for a few seconds first: the corpus is a fixed Markov chain, and the loss is the cross-entropy per token, in nats.

# %%
words = tiny["vocabulary"]
chain = np.random.default_rng(0).dirichlet(np.full(words, 0.05), words)  # (token, next token)


def corpus(sequences, time, seed):
    """Token numbers (sequences, time) drawn from the chain."""
    dice = np.random.default_rng(seed)
    tokens = [dice.integers(0, words, sequences)]
    for _ in range(time - 1):
        above = dice.random((sequences, 1)) > chain.cumsum(1)[tokens[-1]]
        tokens.append(above.sum(1).clip(max=words - 1))
    return tf.constant(np.stack(tokens, 1), tf.int32)


def loss_of(model, tokens):
    """Cross-entropy per token, in nats, and the logits."""
    logits, _ = forward(model, tokens[:, :-1], None, False)
    losses = tf.nn.sparse_softmax_cross_entropy_with_logits(tokens[:, 1:], logits)
    return tf.reduce_mean(losses), logits


# %%
optimizer = tf.keras.optimizers.Adam(3e-3)
variables = [part for part in tf.nest.flatten(model) if isinstance(part, tf.Variable)]
optimizer.build(variables)


@tf.function
def train(tokens):
    with tf.GradientTape() as tape:
        loss, _ = loss_of(model, tokens)
    optimizer.apply_gradients(zip(tape.gradient(loss, variables), variables, strict=True))


for part in tf.split(corpus(16 * 120, 33, seed=1), 120):
    train(part)
held_out = corpus(48, 33, seed=2)
before, logits = loss_of(model, held_out)
floor = -np.mean(np.log(chain[held_out[:, :-1], held_out[:, 1:]]))
print(f"held-out loss {before:.3f} nats, the chain {floor:.3f}, guessing {np.log(words):.3f}")
assert floor < before < floor + 0.5

# %% [markdown] tags=["zh"]
# 再准备一个对照：把每个查询头的两个特征乘 64，对应的键除以 64。q、k 的内积不变，64 又是 2 的幂，没有舍入，所以模型的输出一位都不差，只是换了写法：有几列特别大。比例按通道还是按矩阵，有没有特别大的列，一共四种组合；各用 8 位和 4 位，量 logit 的相对误差和损失的变化。

# %% [markdown] tags=["en"]
# For comparison, also prepare a second version of the model: multiply two features of every query head by 64, and divide the matching features of the keys by 64.
# The products of q and k stay the same and 64 is a power of two, so nothing is rounded: it is the same model to the last bit, written differently, with a few "loud" columns, whose values are unusually large.
# For the four combinations, with 8 and with 4 bits, measure the relative error of the logits and the change of the loss.


# %%
def quantize(weights, bits, axis):
    """Integers (rows, columns) and their scales, shared along `axis` (None: by all)."""
    scale = tf.reduce_max(tf.abs(weights), axis, keepdims=True) / (2 ** (bits - 1) - 1)
    return tf.cast(tf.round(weights / scale), tf.int8), scale


def in_layers(change):
    """A copy of the model in which every matrix of every layer is changed."""
    layers = [{n: change(n, w) for n, w in layer.items()} for layer in model["layers"]]
    return model | dict(layers=layers)


def written(name, weights, loud):
    """The weights as they are, or with loud columns."""
    column = np.arange(weights.shape[1]) % tiny["head_size"]
    factor = {"q": 64.0, "k": 1 / 64}.get(name, 1.0) if loud else 1.0
    return weights * np.where(np.isin(column, (0, tiny["head_size"] // 2)), factor, 1.0).astype("f")


same = loss_of(in_layers(lambda name, weights: written(name, weights, True)), held_out)[1]
assert np.array_equal(same, logits)

# %%
error, change = {}, {}
for case in [(bits, axis, loud) for bits in (8, 4) for axis in (0, None) for loud in (False, True)]:

    def rounded(name, weights, case=case):
        integers, scale = quantize(written(name, weights, case[2]), *case[:2])
        return tf.cast(integers, tf.float32) * scale

    after, rough = loss_of(in_layers(rounded), held_out)
    error[case] = float(tf.norm(rough - logits) / tf.norm(logits))
    change[case] = float(after - before)
    kind = ("per channel" if case[1] == 0 else "per matrix ") + (", loud" if case[2] else "      ")
    print(f"{case[0]} bits {kind}: logits off by {error[case]:6.1%}, loss {change[case]:+.4f} nats")
matrices = [weights for layer in model["layers"] for weights in layer.values()]
small = sum(part.numpy().nbytes for weights in matrices for part in quantize(weights, 8, 0))
large = sum(weights.numpy().nbytes for weights in matrices)
print(f"{large:,} bytes in float32, {small:,} as int8 with scales: {small / large:.3f}")
assert 0.25 < small / large < 0.27 and error[8, 0, True] == error[8, 0, False] < 0.03
assert max(abs(change[8, axis, False]) for axis in (0, None)) < 0.005 and change[4, None, True] > 1
assert error[8, None, True] > 5 * error[8, 0, True]

# %% [markdown] tags=["zh"]
# 字节数是 float32 的 `{python} f"{small / large:.3f}"` 倍，即 BF16 的一半多一点，多出来的是各列的比例。质量要分开说：
#
# - 八位时，每个通道一个比例，损失变了 `{python} f"{change[8, 0, False]:+.4f}"` nat；整个矩阵一个比例，`{python} f"{change[8, None, False]:+.4f}"` nat。两者都看不出差别，“一定要逐通道”在这里并不成立。
# - 有几列特别大时，整个矩阵一个比例就差了：八位的 logit 误差从 `{python} f"{error[8, None, False]:.1%}"` 涨到 `{python} f"{error[8, None, True]:.1%}"`，不过损失只变了 `{python} f"{change[8, None, True]:+.4f}"` nat；四位的损失多出 `{python} f"{change[4, None, True]:.1f}"` nat，几乎退回瞎猜；每个通道一个比例，一点没变。
#
# 一个学马尔可夫链的小模型不能替你的模型作保：真实的大模型里，激活还有离群值，也就是少数特别大的特征（[10](#sources)）。上线前要用自己的评测集比较。速度也别指望翻倍：Qwen 在 A100 上测 7B、单用户，BF16 每秒 84.28 个词元，GPTQ-Int8（GPTQ 是一种量化方法）每秒 122.01 个（[5](#sources)），是 `{python} f"{122.01 / 84.28:.2f}"` 倍。
#
# ## 账单 {#bill}
#
# 最后换算成钱。每月的固定开支是卡和人，除以一个月的秒数，就是一秒的成本。真实时间比下界长，所以再除以 `achieved`；卡不会总有活干，所以再除以 `utilization`。这样就得到“下界里的一秒”值多少钱。一个请求占用的时间是它的预填充，加上它在每个解码步里分摊的一份。

# %% [markdown] tags=["en"]
# The bytes are `{python} f"{small / large:.3f}"` of float32, a little over half of BF16; the extra part is the scales.
# For quality there are two answers:
#
# - Eight bits: per channel the loss changes by `{python} f"{change[8, 0, False]:+.4f}"` nats, with one scale per matrix by `{python} f"{change[8, None, False]:+.4f}"`. Both changes are too small to matter; the rule "it must be per channel" does not hold here.
# - With a few loud columns, one scale per matrix is worse: at eight bits the error of the logits grows from `{python} f"{error[8, None, False]:.1%}"` to `{python} f"{error[8, None, True]:.1%}"`, although the loss changes by only `{python} f"{change[8, None, True]:+.4f}"` nats; at four bits it grows by `{python} f"{change[4, None, True]:.1f}"` nats, almost back to guessing. With one scale per channel, the loud columns change nothing at all.
#
# A small model of a Markov chain proves nothing about your model, and real large models have outliers in their activations too ([10](#sources)): compare on your own evaluation set before you release.
# Do not expect twice the speed either: on an A100, for one user, Qwen measured 84.28 tokens a second for 7B in BF16 and 122.01 with GPTQ-Int8 ([5](#sources)), which is `{python} f"{122.01 / 84.28:.2f}"` times as fast.
#
# ## The bill {#bill}
#
# Now turn it into money.
# The fixed cost of a month is GPUs and people.
# Divide it by the seconds in a month and by `achieved`, and you have what one second of the lower bound costs at full load; divide by `utilization` as well, and you have the actual cost.
# A request pays for its prefill and for its share of every decode step.


# %%
def bill(name, inputs, shape=None):
    """Costs in US$, and where self-hosting breaks even with the API."""
    tokens, answer, gpus = inputs["prompt_tokens"], inputs["answer_tokens"], inputs["gpus"][name]
    first, rest = request_seconds(shape or shapes[name], inputs, gpus)
    month = 730 * gpus * inputs["gpu_hour_price"] + inputs["people_per_month"]
    full = month / (730 * 3600 * inputs["achieved"])  # per second of the bound, sold out
    api = (tokens * inputs["api"][name][0] + answer * inputs["api"][name][1]) / 1e6  # per request
    return dict(
        input=1e6 * full * first / tokens / inputs["utilization"],  # per million tokens
        output=1e6 * full * rest / answer / inputs["utilization"],
        full=full * (first + rest),  # per request, at full load
        api=api,
        share=full * (first + rest) / api,  # the utilization at break-even
        tokens=month / api * (tokens + answer),  # tokens a month at break-even
        month=month,
    )


# %%
longest, bills = settings["prompt_tokens"] + settings["answer_tokens"], {}
gpus_only, low = dict(people_per_month=0), dict(api=settings["low_api"])
offers = {"as set": {}, "GPUs only": gpus_only, "low API": low, "both": gpus_only | low}
print("US$ per million tokens; break-even in tokens a month and as share of capacity")
for name, shape in shapes.items():
    fit = largest_batch(shape, longest, settings, settings["gpus"][name])
    check(settings["batch"] <= fit, f"{name}: the batch fits")
    for offer, other in offers.items():
        bills[name, offer] = found = bill(name, settings | other)
        print(f"{name:>3s} {offer:9s} {found['input']:.3f} in, {found['output']:.3f} out,", end=" ")
        print(f"even at {found['tokens'] / 1e9:5.1f} billion, {found['share']:4.0%}")
own7, own72 = bills["7B", "as set"], bills["72B", "as set"]
for (name, _), found in bills.items():  # break-even as a share is the one in tokens
    each = sum(request_seconds(shapes[name], settings, settings["gpus"][name]))
    capacity = 730 * 3600 * settings["achieved"] / each * longest  # tokens a month
    assert abs(found["share"] * capacity / found["tokens"] - 1) < 1e-9
check(0.3 < own7["share"] < 0.7, "7B breaks even at half of its capacity")
check(own72["share"] > 1, "72B does not break even")
nearer = {}
for one_number in (dict(gpu_hour_price=2.69), dict(achieved=max(reached)), dict(batch=320)):
    nearer[next(iter(one_number))] = bill("72B", settings | one_number)["share"]
    print("72B with", *(f"{key} {value:.2f}:" for key, value in one_number.items()), end=" ")
    print(f"even at {list(nearer.values())[-1]:.1%}")
check(sum(share < 1 for share in nearer.values()) == 2, "two of the three turn 72B")
check(max(nearer.values()) < own72["share"] - 0.2, "each change moves 72B a long way")

# %%
fig, axes = plt.subplots(1, 2, figsize=(6.4, 3.4), sharey=True)
loads, mix = np.geomspace(0.05, 1, 20), 1e6 / longest
for axis, name in zip(axes, shapes, strict=True):
    for offer, style in (("as set", "-"), ("GPUs only", ":")):
        found = bills[name, offer]
        label = "own GPUs" + (" and people" if offer == "as set" else "")
        axis.plot(loads, mix * found["full"] / loads, style, color="C0", label=label)
        if found["share"] <= 1:
            axis.plot(found["share"], mix * found["api"], "o", color="C3")
    axis.axhline(mix * bills[name, "as set"]["api"], color="C1", ls="--", label="API")
    axis.axhline(mix * bills[name, "low API"]["api"], color="C2", ls="--", label="API, low offer")
    axis.set(yscale="log", title=name, xlabel="utilization (share of capacity)")
axes[0].set_ylabel("US$ per million tokens")
axes[1].legend(fontsize="small")
fig.tight_layout()
plt.show()

# %% [markdown] tags=["zh"]
# ![每百万词元（进出合计）的成本随利用率变化，纵轴为对数，左图 7B，右图 72B：自建成本随利用率下降；7B 的两条自建线都与 API 线相交，交点是圆点，但碰不到低价线；72B 只有不计人力的线在最右端碰到 API 线](figure)
#
# 利用率 `{python} f"{settings['utilization']:.0%}"` 时，每百万词元的成本：7B 进 `{python} f"{own7['input']:.2f}"`、出 `{python} f"{own7['output']:.2f}"` 美元，72B 进 `{python} f"{own72['input']:.2f}"`、出 `{python} f"{own72['output']:.2f}"` 美元。一个输出词元的成本，7B 和 72B 分别是输入的 `{python} f"{own7['output'] / own7['input']:.1f}"` 倍和 `{python} f"{own72['output'] / own72['input']:.1f}"` 倍，主要因为预填充和解码在屋顶线上离得很远。
#
# 圆点是盈亏平衡点（break-even point）。7B 要卖掉 `{python} f"{own7['share']:.0%}"` 的产能，每月约 `{python} f"{round(own7['tokens'], -8):,.0f}"` 个词元，才与这个 API 打平；不计人力是 `{python} f"{bills['7B', 'GPUs only']['share']:.0%}"`。72B 要 `{python} f"{own72['share']:.0%}"`，超过 100%，照这些设置就回不了本；不计人力也要 `{python} f"{bills['72B', 'GPUs only']['share']:.0%}"`，而且全年每个小时都要这么满。这个结论离翻盘不远，只改一个数，下面三样里有两样就翻：卡时价降到 2.69 美元（RunPod 社区云，[7](#sources)），是 `{python} f"{nearer['gpu_hour_price']:.1%}"`；`achieved` 取五组测量里最高的，是 `{python} f"{nearer['achieved']:.1%}"`；批次加到 320，是 `{python} f"{nearer['batch']:.1%}"`。再看两件事：
#
# - 平衡点上的 API 账单**恒等于**自建的月固定开支（7B `{python} f"{own7['month']:,.0f}"` 美元，72B `{python} f"{own72['month']:,.0f}"` 美元），与模型快慢无关。模型的快慢决定这些卡能不能承受那么多流量。
# - “API 价格”不是一个数。换成同样大小模型的低价，7B 的平衡点是 `{python} f"{bills['7B', 'low API']['share']:.0%}"`：照这些设置，卖光也不回本。
#
# [创业指南](../guide/api-or-self-host.md)用实测吞吐量算过类似的账，得出的平衡点不同：那里是 FP8，每个请求输出 128 个词元，卡数按高峰算，还多备一张；这里是 BF16，输出 256 个词元，7B 只用一张卡，不算高峰。先比输入，再比结果。
#
# ## 练习一：提示词翻倍 {#exercise-1}
#
# 把设置里的 `prompt_tokens=1024` 改成 `2048`。先预测：一个输入词元的成本、一个输出词元的成本、7B 的盈亏平衡点，各是升还是降，变多少？

# %% [markdown] tags=["en"]
# ![Cost of a million tokens, in and out together, against utilization, logarithmic, 7B on the left and 72B on the right: the cost of self-hosting falls with utilization; on 7B both lines cross the API line at dots and stay above the low offer; on 72B only the line without people meets the API line, at the far right.](figure)
#
# At a utilization of `{python} f"{settings['utilization']:.0%}"`, a million tokens on 7B cost `{python} f"{own7['input']:.2f}"` US dollars in and `{python} f"{own7['output']:.2f}"` out, on 72B `{python} f"{own72['input']:.2f}"` and `{python} f"{own72['output']:.2f}"`.
# Output costs `{python} f"{own7['output'] / own7['input']:.1f}"` and `{python} f"{own72['output'] / own72['input']:.1f}"` times as much as input, mostly because of the distance between the two points on the roofline.
#
# The dots are break-even points.
# 7B has to sell `{python} f"{own7['share']:.0%}"` of its capacity, about `{python} f"{round(own7['tokens'], -8):,.0f}"` tokens a month, to cost the same as this API; without people it is `{python} f"{bills['7B', 'GPUs only']['share']:.0%}"`.
# 72B would have to sell `{python} f"{own72['share']:.0%}"`, and above 100% means that with these settings it does not break even; even without people it takes `{python} f"{bills['72B', 'GPUs only']['share']:.0%}"`, every hour of the year.
# That is near the edge, as changing one number shows; two of these three turn it: a GPU hour at 2.69 dollars (RunPod Community Cloud, [7](#sources)) makes it `{python} f"{nearer['gpu_hour_price']:.1%}"`, an `achieved` as high as the best of the five measurements `{python} f"{nearer['achieved']:.1%}"`, a batch of 320 `{python} f"{nearer['batch']:.1%}"`.
# Notice two things:
#
# - At break-even the API bill **is** the fixed monthly cost (7B `{python} f"{own7['month']:,.0f}"` US dollars, 72B `{python} f"{own72['month']:,.0f}"`), however fast the model is. Speed decides whether your GPUs can carry that much traffic.
# - "The API price" is not one number. With the low offer for the same size, 7B breaks even at `{python} f"{bills['7B', 'low API']['share']:.0%}"`: with these settings, never.
#
# [The guide](../guide/api-or-self-host.md) does a similar calculation from a measured throughput and breaks even elsewhere: there, FP8, 128 tokens out, GPUs for the peak and one to spare; here, BF16, 256 tokens out, one GPU for 7B and no peak.
# Compare the inputs before the results.
#
# ## Exercise 1: double the prompt {#exercise-1}
#
# Change `prompt_tokens=1024` in the settings to `2048`.
# Predict first: which way, and how far, do the cost of an input token, the cost of an output token and the break-even point of 7B move?

# %% [markdown] tags=["zh", "answer"]
# 输入词元几乎不变（7B 是 `{python} f"{longer['7B', 'input']:.2f}"` 倍）：每个词元乘的权重一样多，只多一点注意力。输出词元贵到 `{python} f"{longer['7B', 'output']:.2f}"` 倍，因为每步要读的缓存几乎翻倍；72B 是 `{python} f"{longer['72B', 'output']:.2f}"` 倍，它的权重大，缓存占的份额小。意外的是，平衡点反而从 `{python} f"{own7['share']:.0%}"` 降到 `{python} f"{own7['share'] * longer['7B', 'share']:.0%}"`：这个 API 进出同价，而输入对你便宜得多。换成输入便宜、输出贵的报价，结论就反过来：72B 与低价相比，平衡点升到原来的 `{python} f"{turned:.2f}"` 倍。

# %% [markdown] tags=["en", "answer"]
# The cost of an input token hardly changes (`{python} f"{longer['7B', 'input']:.2f}"` times on 7B): the token is multiplied with as many weights as before, and only attention adds a little.
# An output token costs `{python} f"{longer['7B', 'output']:.2f}"` times as much, since each step reads almost twice as many bytes of caches; on 72B it is `{python} f"{longer['72B', 'output']:.2f}"` times, because its weights are heavier and the caches a smaller share.
# The surprise is that break-even falls, from `{python} f"{own7['share']:.0%}"` to `{python} f"{own7['share'] * longer['7B', 'share']:.0%}"`: this API charges the same for input and output, while input is far cheaper for you.
# With an offer of cheap input and expensive output the conclusion is reversed: for 72B and its low offer, break-even rises to `{python} f"{turned:.2f}"` times its former value.

# %% tags=["answer"]
doubled, longer = settings | dict(prompt_tokens=2 * settings["prompt_tokens"]), {}
for name in shapes:
    for part, value in bill(name, doubled).items():
        longer[name, part] = value / bills[name, "as set"][part]
    print(name, *(f"{part} x{longer[name, part]:.3f}" for part in ("input", "output", "share")))
    check(1 < longer[name, "input"] < 1.05, f"{name}: input costs hardly more")
    check(1.05 < longer[name, "output"] < 1.5, f"{name}: output costs more")
    check(longer[name, "full"] < 2 and longer[name, "share"] < 1, f"{name}: break-even falls")
turned = bill("72B", doubled | low)["share"] / bills["72B", "low API"]["share"]
print(f"72B and the low offer: share x{turned:.3f}")
check(turned > 1.02, "with cheap input and expensive output, break-even rises")

# %% [markdown] tags=["zh"]
# ## 练习二：从 GQA 换回 MHA {#exercise-2}
#
# 把 `tiny` 的 `kv_heads=2` 改成 `4`，7B 的 `kv_heads=4` 改成 `28`。先预测：小模型的缓存变成几倍？7B 的 $B^*$ 和一个输出词元的成本怎样变？设置里的批次还装得下吗？

# %% [markdown] tags=["en"]
# ## Exercise 2: from GQA back to MHA {#exercise-2}
#
# Change `kv_heads=2` of `tiny` to `4`, and `kv_heads=4` of 7B to `28`.
# Predict first: how many times as large is the cache of the small model?
# What happens to $B^*$ and to the cost of an output token on 7B, and does the batch of the settings still fit?

# %% [markdown] tags=["zh", "answer"]
# 小模型的缓存张量正好是原来的 `{python} f"{wide_bytes / narrow_bytes:.0f}"` 倍。7B 的缓存是 `{python} f"{saving['7B']:.0f}"` 倍，$B^*$ 从 `{python} f"{stars[0]:.0f}"` 降到 `{python} f"{stars[1]:.0f}"`（$wP$ 也略大，k、v 的矩阵变宽了），显存只装得下 `{python} f"{fits}"` 个用户。按装得下的批次算，一个输出词元贵到 `{python} f"{mha['output'] / own7['output']:.1f}"` 倍。GQA 省的不只是显存，还有每一步的带宽，也就是钱。代价在质量：论文说，再训练以后，GQA 的质量接近 MHA（[9](#sources)），这一页没有测。

# %% [markdown] tags=["en", "answer"]
# The cache tensors of the small model are exactly `{python} f"{wide_bytes / narrow_bytes:.0f}"` times as large.
# On 7B the cache is `{python} f"{saving['7B']:.0f}"` times as large, $B^*$ falls from `{python} f"{stars[0]:.0f}"` to `{python} f"{stars[1]:.0f}"` ($wP$ grows a little too, since the matrices of k and v are wider), and memory holds only `{python} f"{fits}"` users.
# With the batch that fits, an output token costs `{python} f"{mha['output'] / own7['output']:.1f}"` times as much.
# GQA saves more than memory: it saves bandwidth at every step, and so money.
# The price is quality; the paper reports that after further training it comes close to MHA ([9](#sources)), which this page did not measure.

# %% tags=["answer"]
_, wide_cache, _ = run(build(multi_head(tiny)), text[:, :length])
wide_bytes = sum(tensor.numpy().nbytes for pair in wide_cache for tensor in pair)
narrow_bytes, wide = held, multi_head(shapes["7B"])
stars = [half_way(variant, longest, settings) for variant in (shapes["7B"], wide)]
fits = largest_batch(wide, longest, settings, settings["gpus"]["7B"])
mha = bill("7B", settings | dict(batch=min(fits, settings["batch"])), wide)
print(f"tiny: {narrow_bytes:,} and {wide_bytes:,} bytes")
print(f"7B: B* {stars[0]:.0f} and {stars[1]:.0f}, memory holds {fits}")
check(wide_bytes == 2 * narrow_bytes, "the small cache doubles")
check(stars[1] < stars[0] / 6, "B* falls to less than a sixth")
check(fits < settings["batch"], "the batch of the settings no longer fits")
check(mha["output"] > 2 * own7["output"], "output costs more than twice as much")

# %% [markdown] tags=["zh"]
# ## 练习三：八位权重，还是把卡填满 {#exercise-3}
#
# 两个省钱的办法：把 `weight_bytes=2` 改成 `1`，或者把 `utilization=0.35` 改成 `0.70`。先预测：哪个让一个请求便宜得更多，便宜多少？八位权重能让预填充变便宜吗？72B 有了八位权重，两张卡就装得下：把 `gpus` 里的 `4` 改成 `2`，平衡点会低于 100% 吗？

# %% [markdown] tags=["en"]
# ## Exercise 3: eight-bit weights, or fuller GPUs {#exercise-3}
#
# Two ways to save: change `weight_bytes=2` to `1`, or `utilization=0.35` to `0.70`.
# Predict first: which of the two saves more per request, and by how much?
# Do eight-bit weights make prefill cheaper?
# With eight-bit weights, 72B fits on two GPUs: change the `4` in `gpus` to `2`; is break-even below 100% then?

# %% [markdown] tags=["zh", "answer"]
# 利用率翻倍，成本正好减半；反过来，利用率掉一半，成本翻倍。八位权重让一个请求的成本降到原来的 `{python} f"{eight_bit['7B']['full'] / own7['full']:.0%}"`（7B）和 `{python} f"{eight_bit['72B']['full'] / own72['full']:.0%}"`（72B）。预填充一分没省：它等计算，这里只换了权重的存法，乘法仍按 BF16 的峰值算。解码也没有减半，因为缓存还是原来那么大。72B 换成两张卡，平衡点是 `{python} f"{two_gpus['share']:.0%}"`，比四张卡的 `{python} f"{eight_bit['72B']['share']:.0%}"` 还高：卡少一半，算得慢一半，人力却没有少。先找用户，再抠位数。

# %% [markdown] tags=["en", "answer"]
# Twice the utilization is exactly half of the cost; in the same way, half the utilization doubles the cost.
# Eight-bit weights bring the cost of a request down to `{python} f"{eight_bit['7B']['full'] / own7['full']:.0%}"` (7B) and `{python} f"{eight_bit['72B']['full'] / own72['full']:.0%}"` (72B).
# Prefill saves nothing: it waits for arithmetic, and only the storage of the weights changed, while the products still run at the BF16 peak.
# Decode is not halved either, because the caches are as large as before.
# On two GPUs 72B breaks even at `{python} f"{two_gpus['share']:.0%}"`, even higher than the `{python} f"{eight_bit['72B']['share']:.0%}"` on four: half as many GPUs are half as fast, while people cost the same.
# Find users first, then save bits.

# %% tags=["answer"]
eight_bit = {name: bill(name, settings | dict(weight_bytes=1)) for name in shapes}
for name, found in eight_bit.items():
    usual = bills[name, "as set"]
    busy = bill(name, settings | dict(utilization=2 * settings["utilization"]))
    ratios = [new["output"] / usual["output"] for new in (found, busy)]
    print(f"{name} output: x{ratios[0]:.2f} with eight bits, x{ratios[1]:.2f} when twice as busy")
    check(0.55 < ratios[0] < 0.8, f"{name}: eight bits save less than half")
    check(found["input"] == usual["input"], f"{name}: eight bits save nothing in a prefill")
halved = settings | dict(weight_bytes=1, gpus=settings["gpus"] | {"72B": 2})
check(settings["batch"] <= largest_batch(shapes["72B"], longest, halved, 2), "two GPUs are enough")
two_gpus = bill("72B", halved)
print(f"72B: even at {eight_bit['72B']['share']:.0%}, on two GPUs at {two_gpus['share']:.0%}")
check(two_gpus["share"] > eight_bit["72B"]["share"] > 1, "two GPUs break even later than four")

# %% [markdown] tags=["zh"]
# ## 带走什么 {#takeaways}
#
# 预填充等计算，解码在这样的批次下等内存，所以输入便宜、输出贵。批处理让一次读权重服务许多人，直到各人的缓存加起来比权重还重；上下文越长，这一刻来得越早。缓存省去重算，省不去回看：每步的注意力仍与长度成正比。自建划不划算，要看卖掉多少产能、API 报什么价，也要看模型：同样的设置，7B 能打平，72B 不能。
#
# 局限：小模型的数是数出来的；7B 和 72B 是公式给的下界，公开测量核对的是另一个模型 Qwen3-8B，而且只在一张卡上。卡间通信、提示词缓存、推测解码、备用机器和流量高峰都没有算。价格会过时，先换成你自己的价格，再做决定。
#
# ## 来源 {#sources}
#
# 以下各条都在 2026-11-24 查过，读的是公开资料的存档副本。
#
# 1. [Qwen2.5-7B-Instruct](https://huggingface.co/Qwen/Qwen2.5-7B-Instruct) 与 [72B](https://huggingface.co/Qwen/Qwen2.5-72B-Instruct) 的模型卡：参数量、层数、头数，读自[转载](https://github.com/ZHUI/paddlenlp_model_readme/tree/main/Qwen)；其余形状（含 Qwen3-8B）读自 `config.json` 的多份公开副本。
# 2. Kaplan 等，[Scaling laws for neural language models](https://arxiv.org/abs/2001.08361)，2020：$2N$ 加上与长度成正比的注意力；公式通过[引用它的笔记](https://github.com/newfacade/notes-on-llm)核对。
# 3. Pope 等，[Efficiently scaling Transformer inference](https://arxiv.org/abs/2211.05102)，2022：推理效率的解析模型。摘要。
# 4. silybench，[capacity.csv](https://github.com/tgarg01/silybench-data/blob/main/derived/csv/capacity.csv)：Qwen3-8B、BF16、一张 H100，由第三方在 2026-09-24 实测。
# 5. Qwen，[Qwen2.5 speed benchmark](https://github.com/QwenLM/Qwen2.5/blob/main/docs/source/benchmark/speed_benchmark.rst)：A100 80GB、vLLM 0.6.3、批次 1、输入 1 个词元。
# 6. Lockwood，[H100](https://glennklockwood.com/garden/processors/h100)：规格汇编，BF16 稠密 989.4 TFLOP/s、3.35 TB/s、80 GB；NVIDIA 的页面没能打开。
# 7. [data-receipts 109](https://github.com/datareceipts/data-receipts/tree/main/109-gpu-pricing)：RunPod 安全云和社区云的 H100 SXM，2026-11-09 读取。
# 8. Fireworks 的价格沿用[创业指南](../guide/api-or-self-host.md#sources)第 2 条；DeepInfra 的三个价格据 [gpu-cloud-prices](https://huggingface.co/datasets/hundredthrun/gpu-cloud-prices) 的记录。
# 9. Ainslie 等，[GQA](https://arxiv.org/abs/2305.13245)，2023：再训练后质量接近多头。摘要。
# 10. Dettmers 等，[LLM.int8()](https://arxiv.org/abs/2208.07339)，2022：大模型的离群特征。摘要。
# 11. Williams、Waterman、Patterson，[Roofline](https://doi.org/10.1145/1498765.1498785)，2009。只读到题录和摘录。

# %% [markdown] tags=["en"]
# ## What to take away {#takeaways}
#
# Prefill waits for arithmetic and decode, at these batches, for memory, so input is cheap and output is expensive.
# Batching lets one read of the weights serve many users, until their caches together take more bytes than the weights; the longer the context, the sooner that happens.
# The cache avoids computing old tokens again, but not attending to them: the work of attention in each step is still proportional to the length.
# Whether self-hosting pays depends on how much of the capacity you sell, on the price of the API, and on the model: with the same settings, 7B can break even and 72B cannot.
#
# The limits: the numbers of the small model are counted; those of 7B and 72B are bounds from formulas, compared with public measurements of one other model, Qwen3-8B, on a single GPU only.
# Communication between GPUs, prompt caching, speculative decoding, spare machines and peaks in demand are left out.
# Prices become out of date; put in your own before you decide.
#
# ## Sources {#sources}
#
# All accessed on 2026-11-24, in stored copies of public material.
#
# 1. Model cards of [Qwen2.5-7B-Instruct](https://huggingface.co/Qwen/Qwen2.5-7B-Instruct) and [72B](https://huggingface.co/Qwen/Qwen2.5-72B-Instruct): parameters, layers and heads, read in [a reprint](https://github.com/ZHUI/paddlenlp_model_readme/tree/main/Qwen); the other shapes, Qwen3-8B included, in several public copies of `config.json`.
# 2. Kaplan et al., [Scaling laws for neural language models](https://arxiv.org/abs/2001.08361), 2020: $2N$ plus attention in proportion to the length; the formula was checked in [notes that quote it](https://github.com/newfacade/notes-on-llm).
# 3. Pope et al., [Efficiently scaling Transformer inference](https://arxiv.org/abs/2211.05102), 2022: an analytical model of inference efficiency. Abstract.
# 4. silybench, [capacity.csv](https://github.com/tgarg01/silybench-data/blob/main/derived/csv/capacity.csv): Qwen3-8B, BF16, one H100, measured by a third party on 2026-09-24.
# 5. Qwen, [Qwen2.5 speed benchmark](https://github.com/QwenLM/Qwen2.5/blob/main/docs/source/benchmark/speed_benchmark.rst): A100 80GB, vLLM 0.6.3, batch 1, input of 1 token.
# 6. Lockwood, [H100](https://glennklockwood.com/garden/processors/h100): a compiled specification, 989.4 TFLOP/s dense BF16, 3.35 TB/s, 80 GB; NVIDIA's page could not be opened.
# 7. [data-receipts 109](https://github.com/datareceipts/data-receipts/tree/main/109-gpu-pricing): H100 SXM on RunPod Secure and Community Cloud, read 2026-11-09.
# 8. The price of Fireworks is taken over from item 2 of [the guide](../guide/api-or-self-host.md#sources); the three DeepInfra prices are as recorded in [gpu-cloud-prices](https://huggingface.co/datasets/hundredthrun/gpu-cloud-prices).
# 9. Ainslie et al., [GQA](https://arxiv.org/abs/2305.13245), 2023: after further training the quality is close to multi-head attention. Abstract.
# 10. Dettmers et al., [LLM.int8()](https://arxiv.org/abs/2208.07339), 2022: outlier features of large models. Abstract.
# 11. Williams, Waterman and Patterson, [Roofline](https://doi.org/10.1145/1498765.1498785), 2009. Bibliographic record and excerpt.
