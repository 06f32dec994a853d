# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# tags:
#   zh: [环形 all-reduce, 气泡, MultiWorkerMirroredStrategy, 通信量]
#   en: [ring all-reduce, bubble, MultiWorkerMirroredStrategy, bytes moved]
# title:
#   zh: 一台机器，八个 worker
#   en: One machine, eight workers
# description:
#   zh: 在一台 CPU 上切出八个设备，把数据并行、张量并行、流水线并行和 ZeRO 跑一遍：搬动的权重、梯度和激活都记账，结果都与单个设备核对。
#   en: Cut one CPU into eight devices, run data, tensor and pipeline parallelism and ZeRO on them, keep a ledger of the weights, gradients and activations that move, and check each result against a single device.
# ---

# %% [markdown] tags=["zh"]
# # 一台机器，八个 worker
#
# 并行训练要分开问两件事：切开以后结果还对不对，代价又是多少。这个实验把一台 CPU 切成八个设备，一个设备就是一个 worker。同一个小模型用四种办法分给八个 worker，每种都与单个 worker 算出的结果核对。worker 之间搬动的浮点张量（tensor）都要过一本账，所以通信量和内存都是数出来的，公式只用来对账。最后启动两个真正的进程，让 TensorFlow 自己做一遍数据并行。
#
# 这里不比快慢：八个 worker 其实在同一块 CPU 上轮流干活，在这里计时，说明不了集群的快慢。各种并行的背景见面试题[大模型训练怎样做并行计算](../questions/parallelism/parallel-training.md)。
#
# ## 需要什么 {#needs}
#
# 依赖是下面一格里的三个包，不需要为 Windows 准备特别的安装包。有 CPU 就够，约 2 GB 内存、半分钟，不联网（两个进程只走本机回环）。可以在 Jupyter 里逐格运行，也可以下载整个文件后用 `uv run one_machine_eight_workers.py` 运行。

# %% [markdown] tags=["en"]
# # One machine, eight workers
#
# Parallel training raises two separate questions: is the result still right after the split, and what does the split cost?
# This lab cuts one CPU into eight devices and calls each of them a worker.
# The training of one small model is divided among the eight in four ways, and each way is checked against the result of a single worker.
# Every floating-point tensor that moves between them is recorded in a ledger (an account book), so bytes and memory are counted; formulas only check the count.
# At the end, TensorFlow itself does data parallelism in two real processes.
#
# Nothing here compares speed: the eight workers take turns on one CPU, and a clock would say nothing about a cluster.
# For the background, see the question [parallel computing for training large models](../questions/parallelism/parallel-training.md).
#
# ## What you need {#needs}
#
# You need the three packages in the next cell; Windows needs no special wheel (package file).
# A CPU is enough, with about 2 GB of memory; the run takes half a minute and uses no network (the two processes talk over loopback, inside the machine).
# Run it cell by cell in Jupyter, or download the file and use `uv run one_machine_eight_workers.py`.

# %%
# /// script
# requires-python = ">=3.11,<3.14"
# dependencies = ["tensorflow>=2.21,<2.22", "matplotlib>=3.10", "numpy>=2"]
# ///

# %%
import functools
import json
import os
import pathlib
import socket
import subprocess
import sys
import tempfile
import time

import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf

# %% [markdown] tags=["zh"]
# ## 设置 {#settings}
#
# 练习一和练习三要改的数在这一格；练习二另写代码。改完要重启内核，从头运行：TensorFlow 一旦执行过运算，设备数就不能再变。

# %% [markdown] tags=["en"]
# ## Settings {#settings}
#
# The numbers that exercises 1 and 3 change are in this cell; exercise 2 takes code of its own.
# After a change, restart the kernel and run from the top: the number of devices is fixed once TensorFlow has executed an operation.

# %%
workers = 8  # Devices: 2, 4 or 8.
blocks = 8  # Of the model; a multiple of the workers.
width = 32  # Of a block; a multiple of the workers.
batch = 64  # Examples; a multiple of 4 × workers and of the micro-batches.
micro_batches = 8  # That the pipeline cuts the batch into.
zero_stage = 3  # Whose memory is traced through a step: 1, 2 or 3.
model_parameters = 7e9  # Of the large model in the memory table.
card_gigabytes = 80  # Memory of one card in that table.

# %% [markdown] tags=["zh"]
# ## 八个设备，一本账 {#ledger}
#
# TensorFlow 把一台机器的 CPU 当作一个设备，也允许把它切成几个逻辑设备。默认情况下，一个运算若要读别的设备上的张量，TensorFlow 会悄悄复制过来，账本就漏了。所以把策略改成 `silent_for_int32`：浮点张量不在运算所在的设备上就报错，只有 int32（形状、下标之类）照旧自动复制。

# %% [markdown] tags=["en"]
# ## Eight devices and a ledger {#ledger}
#
# TensorFlow treats the CPU of a machine as one device, and lets you cut it into several logical ones.
# By default, an operation that reads a tensor on another device gets a silent copy, which the ledger would miss.
# The policy `silent_for_int32` forbids that: a floating-point tensor on the wrong device is an error, and only int32 (shapes, indices) is still copied.

# %%
assert blocks % workers == 0 and width % workers == 0
assert batch % (4 * workers) == 0 and batch % micro_batches == 0
processor = tf.config.list_physical_devices("CPU")[0]
logical = [tf.config.LogicalDeviceConfiguration()] * workers
tf.config.set_logical_device_configuration(processor, logical)
tf.config.experimental.set_device_policy("silent_for_int32")
tf.keras.utils.set_random_seed(0)
print("devices:", len(tf.config.list_logical_devices("CPU")))

# %% [markdown] tags=["zh"]
# `each` 让所有 worker 做同一件事：worker $k$ 在自己的设备上，用各列的第 $k$ 项。起始权重和数据用 `tf.constant` 装进设备，当作开工前从磁盘读入，不记账。账本是一个方阵，形状是（worker，worker），第 $i$ 行第 $j$ 列记着 worker $i$ 发给 worker $j$ 多少字节。张量换设备只有 `send` 这一个办法；字节数取自张量本身，等于元素个数乘每个元素的字节数。

# %% [markdown] tags=["en"]
# `each` lets all workers do the same work: worker $k$ does it on its own device, with entry $k$ of every list.
# `tf.constant` loads the first weights and the data onto a device, as if from disk before work begins; that is not recorded in the ledger.
# The ledger is a square matrix: row $i$, column $j$ holds the bytes that worker $i$ has sent to worker $j$.
# `send` is the only way to move a tensor to another device, and the bytes come from the tensor itself: its number of elements times the bytes per element.


# %%
def each(work, *columns):
    done = []
    for worker, own in enumerate(zip(*columns, strict=True)):
        with tf.device(f"CPU:{worker}"):
            done.append(work(*own))
    return done


def home(tensor):  # the worker that a tensor lives on
    return int(tensor.device.rpartition(":")[2])


def size_of(tensor):  # bytes
    return tensor.shape.num_elements() * tensor.dtype.size


class Ledger:
    def __init__(self):
        self.bytes = np.zeros((workers, workers), int)  # (sender, receiver)
        self.messages = 0

    def send(self, tensor, receiver):
        self.bytes[home(tensor), receiver] += size_of(tensor)
        self.messages += 1
        with tf.device(f"CPU:{receiver}"):
            return tf.identity(tensor)

    def sent(self):  # bytes, by sender
        return self.bytes.sum(axis=1)


# %% [markdown] tags=["zh"]
# 先试两下：不经账本就读邻居的张量，TensorFlow 会拒绝；经过账本，就有一笔记录。

# %% [markdown] tags=["en"]
# Try both: reading a neighbor's tensor without the ledger is refused; with the ledger, there is an entry.

# %%
letters, practice = each(tf.zeros, [1000] * workers), Ledger()
try:
    each(tf.negative, letters[1:])  # Worker 0 reads what lives on worker 1.
    refused = False
except tf.errors.InvalidArgumentError as error:
    refused = "conflicting devices" in error.message
arrived = practice.send(letters[1], 0)
print("reading it without the ledger is refused:", refused)
print(f"sent to worker {home(arrived)}: {practice.bytes[1, 0]} bytes")
assert refused and home(arrived) == 0
assert practice.bytes.sum() == practice.bytes[1, 0] == 4000

# %% [markdown] tags=["zh"]
# ## 单个 worker 的答案 {#one-worker}
#
# 模型是一串残差块，像去掉注意力（attention）和归一化的 Transformer。一块里有两个矩阵：$U$ 把宽度 $h$ 放大到 $4h$，$D$ 再缩回来，
#
# $$\mathrm{block}(x) = x + \mathrm{GELU}(xU)D$$
#
# $x$ 的形状是（行，$h$），一行是一个样本；$U$ 是 $(h, 4h)$，$D$ 是 $(4h, h)$。一块的权重展平成一个长 $8h^2$ 的向量，切分和收发都方便。损失是均方误差，分母永远是整批的元素个数，所以各行的梯度直接相加，就是整批的梯度。

# %% [markdown] tags=["en"]
# ## The answer of a single worker {#one-worker}
#
# The model is a stack of residual blocks, like a Transformer without attention and normalization.
# A block has two matrices: $U$ widens from the width $h$ to $4h$, and $D$ returns to $h$,
#
# $$\mathrm{block}(x) = x + \mathrm{GELU}(xU)D$$
#
# where $x$ has shape (rows, $h$), $U$ has shape ($h$, $4h$) and $D$ has shape ($4h$, $h$).
# The weights of a block are one flat vector of $8h^2$ numbers, which is easy to cut and to send.
# The loss is the mean squared error, always divided by the number of elements of the whole batch, so the gradients of single rows add up to the gradient of the batch.

# %%
hidden = 4 * width
random = np.random.default_rng(0)


def draw(*shape, scale=1.0):
    return random.normal(scale=scale, size=shape).astype(np.float32)


up_start = draw(blocks, width * hidden, scale=width**-0.5)
down_start = draw(blocks, hidden * width, scale=0.5 * hidden**-0.5)
start = np.concatenate([up_start, down_start], axis=1)  # (blocks, flat)
x_all, y_all = draw(batch, width), draw(batch, width)


def block(x, flat):  # (rows, width), (2 × width × hidden,)
    up, down = tf.split(flat, 2)
    up = tf.reshape(up, (width, hidden))
    down = tf.reshape(down, (hidden, width))
    return x + tf.nn.gelu(x @ up) @ down


def through(x, weights):
    return functools.reduce(block, weights, x)


# %% [markdown] tags=["zh"]
# 求导分两步：`taped` 做前向，并留下 `GradientTape` 的记录；`pull` 从输出的梯度求出输入的梯度。后面每个 worker 只对自己的那一段求导，段与段之间用消息接上，真实系统也是这样做的。先让 worker 0 独自算整批，作为标准答案。

# %% [markdown] tags=["en"]
# Differentiation takes two steps: `taped` runs forward and keeps the tape, and `pull` pulls the gradient of the output back to the sources.
# Later, each worker differentiates its own part and messages join the parts, as in real systems.
# First let worker 0 process the whole batch alone; its result is the answer to compare with.


# %%
def taped(work):
    def run(*sources):
        with tf.GradientTape() as tape:
            tape.watch(sources)
            output = work(*sources)
        return tape, sources, output

    return run


def pull(kept, slope=None):  # The slope of the loss itself is 1: None.
    tape, sources, output = kept
    return tape.gradient(output, sources, output_gradients=slope)


def loss_of(output, y):
    return tf.reduce_sum((output - y) ** 2) / y_all.size


def gradient(x, y):  # of all weights, for some rows of the batch
    weights = [tf.constant(flat) for flat in start]
    kept = taped(lambda *own: loss_of(through(x, own), y))(*weights)
    return tf.concat(pull(kept), 0)


def distance(found, wanted):  # relative, in the Euclidean norm
    return float(np.linalg.norm(found - wanted) / np.linalg.norm(wanted))


gradient_alone = each(gradient, [x_all], [y_all])[0].numpy()  # (parameters,)
output_alone = through(x_all, start).numpy()  # (batch, width)
parameters, gradient_bytes = gradient_alone.size, gradient_alone.nbytes
print(f"{parameters:,} parameters, {gradient_bytes:,} bytes of gradient")

# %% [markdown] tags=["zh"]
# ## 数据并行：环形 all-reduce {#data-parallel}
#
# 数据并行（data parallelism）里，每个 worker 有全套权重和一份数据，各算各的梯度，再做一次 all-reduce（全归约）：梯度相加，人人都拿到总和。环形 all-reduce（ring all-reduce，全归约）让 worker 排成一圈，把梯度切成 $p$ 段，$p$ 是 worker 数。第一圈叫 reduce-scatter：每一轮，每个 worker 从左边的邻居收一段，加上自己的那段，下一轮再传给右边的邻居；$p-1$ 轮以后，worker $k$ 手里的第 $k$ 段已经加齐。第二圈叫 all-gather：再转 $p-1$ 轮，把加齐的段发给所有人。

# %% [markdown] tags=["en"]
# ## Data parallelism and the ring all-reduce {#data-parallel}
#
# In data parallelism every worker has all the weights and a share of the data.
# Each computes its own gradient, and an all-reduce adds the gradients and gives everyone the sum.
# A ring cuts the gradient into $p$ pieces, one per worker.
# The first lap is called reduce-scatter: in each turn every worker receives a piece from its left neighbor, adds its own, and passes it on in the next turn; after $p-1$ turns, piece $k$ is complete on worker $k$.
# The second lap, all-gather, takes $p-1$ more turns and passes the complete pieces to everyone.


# %%
def reduce_scatter(arrays, ledger):
    ring = len(arrays)
    pieces = each(lambda array: tf.split(array, ring), arrays)  # [worker][piece]
    for turn in range(1, ring):
        # Everyone sends at the same moment, before anything is added.
        packets = [ledger.send(pieces[k - 1][k - 1 - turn], k) for k in range(ring)]
        sums = each(tf.add, [pieces[k][k - 1 - turn] for k in range(ring)], packets)
        for k in range(ring):
            pieces[k][k - 1 - turn] = sums[k]
    return [pieces[k][k] for k in range(ring)]


def all_gather(pieces, ledger, axis=0):
    ring = len(pieces)
    known = [{k: piece} for k, piece in enumerate(pieces)]  # number → piece
    for turn in range(ring - 1):
        for k in range(ring):
            number, right = (k - turn) % ring, (k + 1) % ring
            known[right][number] = ledger.send(known[k][number], right)
    return each(lambda own: tf.concat([own[n] for n in range(ring)], axis), known)


# %% [markdown] tags=["zh"]
# 作对照的是最直接的办法：大家都发给 worker 0，由它相加，再逐个发回去。

# %% [markdown] tags=["en"]
# For comparison, here is the direct way: everyone sends to worker 0, which adds the gradients and sends the sum back to each.


# %%
def ring_all_reduce(arrays, ledger):
    return all_gather(reduce_scatter(arrays, ledger), ledger)


def central_all_reduce(arrays, ledger):
    collected = [arrays[0]] + [ledger.send(array, 0) for array in arrays[1:]]
    total = each(tf.add_n, [collected])[0]
    return [total] + [ledger.send(total, k) for k in range(1, len(arrays))]


def data_parallel(x, y, all_reduce, ledger):
    local = each(gradient, np.split(x, workers), np.split(y, workers))
    return all_reduce(local, ledger)


ways = {"ring": ring_all_reduce, "worker 0": central_all_reduce}
books, busiest = {}, {}
for name, all_reduce in ways.items():
    book = books[name] = Ledger()
    received = [g.numpy() for g in data_parallel(x_all, y_all, all_reduce, book)]
    busiest[name] = (book.sent() + book.bytes.sum(axis=0)).max() / gradient_bytes
    print(f"{name:8s}  {book.bytes.sum():,} bytes, {book.messages} messages,", end="")
    print(f" busiest worker {busiest[name]:.2f} n")
    assert distance(received[0], gradient_alone) < 1e-5
    assert all((g == received[0]).all() for g in received)  # Bit by bit.

# %%
ring_sent = books["ring"].sent()
assert (ring_sent * workers == 2 * (workers - 1) * gradient_bytes).all()
assert books["ring"].bytes.sum() == books["worker 0"].bytes.sum()
assert busiest["worker 0"] == busiest["ring"] * workers / 2


def show_ledgers(names, **scale):
    size = {"figsize": (6.6, 2.7), "layout": "constrained"}
    figure, panels = plt.subplots(1, len(names), **size)
    for axis, (name, title) in zip(panels, names.items(), strict=True):
        sent = books[name].bytes
        image = axis.imshow(np.where(sent > 0, sent / 1024, np.nan), **scale)
        axis.set(xticks=range(workers), yticks=range(workers))
        axis.set(title=title, xlabel="receiver")
        axis.grid(False)
    panels[0].set_ylabel("sender")
    figure.colorbar(image, ax=panels, label="sent (KiB)", shrink=0.8)
    plt.show()


show_ledgers({"ring": "ring", "worker 0": "through worker 0"}, vmin=0)

# %% [markdown] tags=["zh"]
# ![两张发送方对接收方的热图：环形只有紧挨对角线的一圈，每格颜色相同；汇总法只有第一行和第一列，全部挤在 worker 0 上](figure)
#
# 两种办法都得到单个 worker 的梯度（只差舍入），各份副本逐位相同。设 $n$ 是梯度的字节数，环上每个 worker 正好发送 $2n(p-1)/p$，这里是 `{python} f"{ring_sent[0]:,}"`。两种办法的总量一样，都是 $2n(p-1)$，分布却不同：环形把它平摊在一圈链路上，每人收发合计 `{python} f"{busiest['ring']:.1f}"` $n$；汇总法把它全压在 worker 0 上，收发合计 `{python} f"{busiest['worker 0']:.0f}"` $n$。环形的代价是轮次：`{python} books["ring"].messages` 条消息分 $2(p-1)$ 轮，一轮接一轮；汇总法只有 `{python} books["worker 0"].messages` 条，如果 worker 0 能同时与所有人收发，两轮就够。每一轮都有延迟，所以小张量未必适合用环形。

# %% [markdown] tags=["en"]
# ![Two heat maps of sender against receiver: the ring fills one line next to the diagonal in a single color; the other way fills the first row and the first column, all of it at worker 0.](figure)
#
# Both ways give the gradient of a single worker up to rounding, and the copies agree bit by bit.
# Let $n$ be the size of the gradient in bytes: each worker of the ring sends exactly $2n(p-1)/p$, here `{python} f"{ring_sent[0]:,}"`.
# The total is $2n(p-1)$ either way; what differs is where it falls.
# The ring spreads it over its links, and each worker sends and receives `{python} f"{busiest['ring']:.1f}"` $n$ in total; the other way puts `{python} f"{busiest['worker 0']:.0f}"` $n$ on worker 0.
# The price of the ring is turns: its `{python} books["ring"].messages` messages go in $2(p-1)$ turns, one after the other; the other way has `{python} books["worker 0"].messages` messages, and two turns would do if worker 0 could exchange them with everyone at once.
# Each turn adds latency (a delay), so a ring is not always best for small tensors.

# %% [markdown] tags=["zh"]
# ## 练习一：worker 减半，每人少发多少？ {#exercise-1}
#
# 把设置里的 `workers = 8` 改成 4，再改成 2。**先猜**：环上每个 worker 发送的字节数会减半吗？轮数呢？换成 64 个 worker 又怎样？

# %% [markdown] tags=["en"]
# ## Exercise 1: half the workers, how many bytes each? {#exercise-1}
#
# Change `workers = 8` in the settings to 4, then to 2.
# **Guess first**: does each worker of the ring send half as many bytes?
# What about the number of turns?
# And with 64 workers?

# %% [markdown] tags=["zh", "answer"]
# 从 8 到 4，字节数变化不大；只有 2 个时，邻居就一个，降到 $n$。下面只让前几个 worker 围成一个环，不必重启内核：worker 数从 `{python} ring_sizes[-2]` 加到 `{python} ring_sizes[-1]`，每人发送的字节数只增加 `{python} f"{ring_growth:.0%}"`；64 个是 $2n \cdot 63/64 \approx 1.97n$，再多也到不了 $2n$。随 $p$ 线性增长的是轮数 $2(p-1)$，64 个 worker 要 126 轮，延迟也跟着长。

# %% [markdown] tags=["en", "answer"]
# From 8 to 4 the bytes change little; with 2 there is a single neighbor, and they fall to $n$.
# Below, the first few workers form a ring of their own, so no restart is needed: going from `{python} ring_sizes[-2]` to `{python} ring_sizes[-1]` workers adds `{python} f"{ring_growth:.0%}"` to what each sends; with 64 it is $2n \cdot 63/64 \approx 1.97n$, and no number of workers brings it to $2n$.
# What grows linearly with $p$ is the number of turns, $2(p-1)$ (126 with 64 workers), and with it the latency.

# %% tags=["answer"]
ring_sizes, ring_shares = [p for p in (2, 4, 8) if p <= workers], []
for p in ring_sizes:
    ring_book = Ledger()
    members = each(tf.constant, [gradient_alone] * p)
    ring_total = ring_all_reduce(members, ring_book)[-1].numpy()
    ring_shares.append(ring_book.sent().max() / gradient_bytes)
    turns = ring_book.messages // p
    print(f"{p} workers: each sends {ring_shares[-1]:.3f} n in {turns} turns")
    assert distance(ring_total, p * gradient_alone) < 1e-6
    assert ring_shares[-1] == 2 * (p - 1) / p and turns == 2 * (p - 1)
ring_sizes, ring_shares = [1, *ring_sizes], [0.0, *ring_shares]  # Alone: none.
ring_growth = ring_shares[-1] / max(ring_shares[-2], 1e-9) - 1
many = np.arange(1, 41)
figure, axis = plt.subplots(figsize=(6.4, 2.4))
axis.plot(many, 2 * (many - 1) / many, label="2(p − 1)/p")
axis.plot(ring_sizes, ring_shares, "o", label="counted")
axis.axhline(2, linestyle="--", linewidth=1)
axis.set(xlabel="workers p", ylabel="each sends (n)")
axis.legend()
plt.show()

# %% [markdown] tags=["zh", "answer"]
# ![每个 worker 发送的字节数随 worker 数上升，很快贴近梯度两倍的虚线；数出来的点都落在公式的曲线上](figure)

# %% [markdown] tags=["en", "answer"]
# ![What each worker sends rises with the number of workers and soon approaches the dashed line at twice the gradient; the counted points lie on the curve of the formula.](figure)

# %% [markdown] tags=["zh"]
# ## 各练各的，最后平均：起点要相同 {#train-apart}
#
# 常听到的说法是：数据分成几份，各设备独立训练，最后平均权重。这样确实省通信，一共只做一次 all-reduce。下面照做：小网络拟合一个函数，每个 worker 32 个样本，三个随机种子一起跑。所有网络叠成一个张量，前两维是（种子，worker），在 worker 0 上一次算完，所以这一节不记账。误差除以测试目标的方差，所以 1 等于“永远猜平均值”。输出里一行三个数，对应三个种子。

# %% [markdown] tags=["en"]
# ## Train apart, then average: not without a common start {#train-apart}
#
# A common explanation says: split the data, let each device train on its own, and average the weights at the end.
# It does save communication: there is a single all-reduce.
# Here is exactly that, with small networks that fit a function, 32 examples for each worker and three random seeds at once.
# The networks are stacked along two leading axes, (seeds, workers), and computed on worker 0; this section records nothing in the ledger.
# Errors are divided by the variance of the test targets, so 1 is the score of always guessing the mean; each line of the output has one number per seed.

# %%
seeds, features, units, rate, steps = 3, 4, 32, 0.1, 200
inner, outer = draw(features, 8), draw(8, 1, scale=0.5)
x_test, x_own = draw(1000, features), draw(workers, 32, features)
y_test, y_own = np.tanh(x_test @ inner) @ outer, np.tanh(x_own @ inner) @ outer
y_own = y_own + draw(*y_own.shape, scale=0.1)  # Training targets have noise.


def networks(common):
    generator, copies = np.random.default_rng(1), 1 if common else workers
    layers = []  # each (seeds, workers, inputs, outputs)
    for shape in ((features, units), (units, units), (units, 1)):
        w = generator.normal(0, shape[0] ** -0.5, (seeds, copies, *shape))
        w = np.repeat(w.astype(np.float32), workers // copies, axis=1)
        layers.append(tf.constant(w))
    return layers


def predict(network, x):  # (seeds, workers, rows, 1)
    return tf.tanh(tf.tanh(x @ network[0]) @ network[1]) @ network[2]


# %%
def average(tensors):  # over the workers
    return [tf.reduce_mean(t, axis=1, keepdims=True) for t in tensors]


@tf.function
def step(network, share):
    with tf.GradientTape() as tape:
        tape.watch(network)
        squared = (predict(network, x_own) - y_own) ** 2
        # Summed over the workers: network k affects loss k and no other.
        loss = tf.reduce_sum(tf.reduce_mean(squared, axis=(2, 3)))
    slopes = tape.gradient(loss, network)
    slopes = average(slopes) if share else slopes
    return [w - rate * slope for w, slope in zip(network, slopes, strict=True)]


def test_error(network):  # (seeds, workers)
    squared = (predict(network, x_test) - y_test) ** 2
    return np.mean(squared, axis=(2, 3)) / y_test.var()


# %%
plans = {
    "own starts, merged": (False, False),
    "common start, merged": (True, False),
    "gradients averaged": (True, True),
}
moments = range(0, steps + 1, 10)
curves = {name: [] for name in ("one alone", *plans)}
for name, (common, share) in plans.items():
    network = networks(common)
    for moment in range(steps + 1):
        if moment in moments:
            curves[name].append(test_error(average(network))[:, 0])
            if not common:
                curves["one alone"].append(test_error(network).mean(axis=1))
        network = step(network, share)
final = {name: values[-1] for name, values in curves.items()}  # (seeds,)
for name, values in final.items():
    print(f"{name:20s}", *(f"{value:.3f}" for value in values))
merged, shared = final["own starts, merged"], final["gradients averaged"]
assert merged.min() > 0.4 > 0.1 > shared.max()
assert merged.min() > 3 * final["one alone"].max()

# Two workers that differ in the order of their hidden units only.
whole, order = [w.numpy() for w in network], np.random.default_rng(2).permutation(units)
twin = [whole[0][..., order], whole[1][..., order, :][..., order], whole[2][..., order, :]]
middle = [(a + b) / 2 for a, b in zip(whole, twin, strict=True)]
usual, same, mixed = (test_error(model)[:, 0] for model in (network, twin, middle))
print("units in another order:", *(f"{value:.3f}" for value in same))
print("averaged with that:    ", *(f"{value:.3f}" for value in mixed))
assert abs(same - usual).max() < 1e-5 and mixed.min() > 5 * usual.max()

# %%
figure, axis = plt.subplots(figsize=(6.4, 3.0))
for name, values in curves.items():
    axis.plot(moments, np.mean(values, axis=1), label=name)
axis.axhline(1, linestyle="--", linewidth=1)
axis.set(xlabel="steps of gradient descent")
axis.set(yscale="log", ylabel="test error / variance")
axis.legend()
plt.show()

# %% [markdown] tags=["zh"]
# ![四条误差曲线，纵轴为对数：各自初始化再合并的那条始终贴着猜平均值的虚线；单独一个 worker、同一起点再合并、每步平均梯度依次更低](figure)
#
# 各自初始化、训练后合并，误差是 `{python} f"{merged.min():.2f}"` 到 `{python} f"{merged.max():.2f}"`，与猜平均值差不多，没合并的单个 worker 反而好得多。每步平均梯度，最差的种子也只有 `{python} f"{shared.max():.3f}"`。
#
# 原因之一是隐藏单元的次序可以任意交换：各个网络学到的次序对不上，一平均，就把不相干的单元搅在一起。输出的最后两行只改这一样：把训练好的网络换一种单元次序，误差不变；再与原来的取平均，最好的种子误差也有 `{python} f"{mixed.min():.2f}"`。
#
# 话别说过头：从**同一起点**出发，最后合并一次，在这个小任务上最差的种子是 `{python} f"{final['common start, merged'].max():.3f}"`，比单个 worker 好。每隔一段时间平均一次权重，叫 Local SGD，这个方法站得住脚：它的起点相同，而且反复同步。

# %% [markdown] tags=["en"]
# ![Four error curves on a logarithmic axis: own starts, merged, stays on the dashed line of guessing the mean; one worker alone, a common start merged, and averaged gradients are lower, in this order.](figure)
#
# When each worker starts from its own weights, the merged network has an error of `{python} f"{merged.min():.2f}"` to `{python} f"{merged.max():.2f}"`, about that of guessing the mean; a single worker without any merging does far better.
# Averaging the gradients at every step leaves an error of `{python} f"{shared.max():.3f}"` for the worst of three seeds.
#
# One reason is that hidden units may be listed in any order: the workers learn different orders, and the average mixes units that have nothing to do with each other.
# The last two lines of the output vary this alone: a trained network with its units in another order has the same error; averaged with the original, the best of three seeds has `{python} f"{mixed.min():.2f}"`.
#
# Do not overstate this: from a **common start**, one merge at the end leaves the worst seed at `{python} f"{final['common start, merged'].max():.3f}"` on this small task, which beats a single worker.
# Averaging weights once in a while is called Local SGD and is a serious method: it starts from common weights and synchronizes again and again.

# %% [markdown] tags=["zh"]
# ## 张量并行：先切列，再切行 {#tensor-parallel}
#
# 张量并行（tensor parallelism）把每一块的矩阵切给所有 worker，数据不切。$U$ 按列切成 $U_k$，形状是 $(h, 4h/p)$；$D$ 按行切成 $D_k$，形状是 $(4h/p, h)$：
#
# $$\mathrm{GELU}(xU)D = \sum_{k=0}^{p-1} \mathrm{GELU}(xU_k)\,D_k$$
#
# GELU 逐元素计算，切列不影响它，所以两次乘法之间不必通信。前向时，求和号就是一次 all-reduce；反向时，每个 worker 只算得出 $x$ 的梯度里自己那一份，再做一次 all-reduce 才能加齐。

# %% [markdown] tags=["en"]
# ## Tensor parallelism: columns, then rows {#tensor-parallel}
#
# Tensor parallelism divides the matrices of each block among all workers and leaves the data whole.
# $U$ is cut by columns into $U_k$ of shape ($h$, $4h/p$), and $D$ by rows into $D_k$ of shape ($4h/p$, $h$):
#
# $$\mathrm{GELU}(xU)D = \sum_{k=0}^{p-1} \mathrm{GELU}(xU_k)\,D_k$$
#
# GELU works element by element, so the cut by columns does not change it, and nothing is sent between the two products.
# The sum is one all-reduce in the forward pass.
# In the backward pass each worker knows only its own part of the gradient for $x$, so adding the parts takes one more all-reduce.


# %%
def matrices(flat):
    up, down = np.split(flat, 2)
    return up.reshape(width, hidden), down.reshape(hidden, width)


def columns_then_rows(flat):
    up, down = matrices(flat)
    up_columns = each(tf.constant, np.split(up, workers, axis=1))
    down_rows = each(tf.constant, np.split(down, workers, axis=0))
    return up_columns, down_rows


def own_part(x, up_columns, down_rows):
    return tf.nn.gelu(x @ up_columns) @ down_rows  # (batch, width)


def loss_slope(output, y):  # the derivative of the loss for the output
    return 2 * (output - tf.cast(y, output.dtype)) / y_all.size


# %%
def tensor_parallel(x, y, ledger):
    states, kept, found = each(tf.constant, [x] * workers), [], []
    for flat in start:
        kept.append(each(taped(own_part), states, *columns_then_rows(flat)))
        parts = [output for _, _, output in kept[-1]]
        states = each(tf.add, states, ring_all_reduce(parts, ledger))
    slopes = each(loss_slope, states, [y] * workers)
    for tapes in reversed(kept):
        for_x, for_up, for_down = zip(*each(pull, tapes, slopes), strict=True)
        slopes = each(tf.add, slopes, ring_all_reduce(for_x, ledger))
        joined = [np.concatenate(for_up, axis=1), np.concatenate(for_down)]
        found = [*(matrix.ravel() for matrix in joined), *found]
    return states[-1].numpy(), np.concatenate(found)


book = books["tensor"] = Ledger()
output, found = tensor_parallel(x_all, y_all, book)
all_reduces = book.messages // (2 * workers * (workers - 1))
gap = max(distance(output, output_alone), distance(found, gradient_alone))
print(f"equal within 1e-5: {gap < 1e-5}, after {all_reduces} all-reduces")
assert gap < 1e-5 and all_reduces == 2 * blocks
one_all_reduce = 2 * (workers - 1) * x_all.nbytes / workers  # bytes
assert (book.sent() == all_reduces * one_all_reduce).all()

# %% [markdown] tags=["zh"]
# 输出和全部梯度都与单个 worker 相同，只差舍入。`{python} blocks` 块共 `{python} all_reduces` 次 all-reduce，每块前向一次、反向一次；每次传的是激活（activation，即层的输出）或它的梯度，形状是（批，$h$），随批次增长，与隐藏层的 $4h$ 无关。

# %% [markdown] tags=["en"]
# The output and all gradients are those of a single worker, up to rounding.
# The `{python} blocks` blocks take `{python} all_reduces` all-reduces, one forward and one backward for each block.
# Each of them carries activations or their gradients, of shape (batch, $h$): its size grows with the batch and does not depend on the inner width $4h$.

# %% [markdown] tags=["zh"]
# ## 练习二：先切行，再切列 {#exercise-2}
#
# 换一种切法：$U$ 按行切，$D$ 按列切，照这样另写一块的前向。**先猜**：一块的前向要传的字节，是原来的几倍？提示：这时每个 worker 手里的 $xU$ 只是部分和，进 GELU 之前必须加齐，而它有 $4h$ 宽。

# %% [markdown] tags=["en"]
# ## Exercise 2: rows, then columns {#exercise-2}
#
# Cut the other way, $U$ by rows and $D$ by columns, and write the forward pass of one block for it.
# **Guess first**: how many times as many bytes does one block send in the forward pass?
# Hint: $xU$ now has to be summed over the workers before the GELU, and it is $4h$ wide.

# %% [markdown] tags=["zh", "answer"]
# 是 `{python} f"{swap_ratio:.1f}"` 倍。每个 worker 本来就有完整的 $x$，取其中几列不用通信；但 $xU$ 要做一次 $4h$ 宽的 all-reduce，然后每人算出 $h/p$ 列输出，再用一次 all-gather 拼起来。all-gather 只转一圈，传的是同样宽的 all-reduce 的一半。把宽 $h$ 的张量转一圈算 1 份：原来传 2 份，现在传 $2\times 4+1=9$ 份。结果照样正确，多传的字节全怪切的次序。如果不拼起来，让下一块直接用这 $h/p$ 列，可以省掉 all-gather，但还是 4 倍。反向同理，这里没有跑。

# %% [markdown] tags=["en", "answer"]
# It sends `{python} f"{swap_ratio:.1f}"` times as many.
# Every worker has the whole $x$ and takes its columns without communication; but $xU$ needs an all-reduce that is $4h$ wide, then each worker computes $h/p$ columns of the output, and an all-gather joins them.
# An all-gather is one lap instead of two, half of an all-reduce; with one lap over a tensor of width $h$ as the unit, that is $2\times 4+1=9$ units instead of 2.
# The result is still right; the order of the cuts alone costs that much.
# If the next block uses the $h/p$ columns as they are, the all-gather can be left out, and it is still 4 times as many.
# The backward pass follows the same count, which is not run here.

# %% tags=["answer"]
swap_book, usual_book = Ledger(), Ledger()
up, down = matrices(start[0])
up_rows = each(tf.constant, np.split(up, workers, axis=0))
down_columns = each(tf.constant, np.split(down, workers, axis=1))
x_columns = each(tf.constant, np.split(x_all, workers, axis=1))
wide = each(tf.matmul, x_columns, up_rows)  # (batch, hidden)
wide = ring_all_reduce(wide, swap_book)
wide_bytes = swap_book.bytes.sum()
thin = each(lambda h, own: tf.nn.gelu(h) @ own, wide, down_columns)
swapped = all_gather(thin, swap_book, axis=1)
inputs = each(tf.constant, [x_all] * workers)
usual = each(own_part, inputs, *columns_then_rows(start[0]))
usual = ring_all_reduce(usual, usual_book)
swap_bytes, usual_bytes = swap_book.bytes.sum(), usual_book.bytes.sum()
swap_ratio = swap_bytes / usual_bytes
print(f"{swap_bytes:,} bytes instead of {usual_bytes:,}: × {swap_ratio}")
assert distance(swapped[-1].numpy(), usual[-1].numpy()) < 1e-5
assert swap_ratio == (2 * hidden / width + 1) / 2
assert wide_bytes == 4 * usual_bytes  # Without the all-gather.

# %% [markdown] tags=["zh"]
# ## 流水线并行：按时间表干活 {#pipeline-parallel}
#
# 流水线并行（pipeline parallelism）不切开块，把相邻的几块分给一个 worker，每个 worker 是一段。段与段之间，激活向前传，激活的梯度向后传。后一段要等前一段，所以把批次切成 $m$ 个微批次（micro-batch），像零件一样依次通过。排法有两种：GPipe 先做完所有前向，再做反向；1F1B（one forward, one backward）先做几次前向把流水线灌满，然后前向、反向逐次交替。

# %% [markdown] tags=["en"]
# ## Pipeline parallelism: work by timetable {#pipeline-parallel}
#
# Pipeline parallelism gives whole blocks to the workers, and each worker becomes a stage.
# Activations go forward between stages, and their gradients come back.
# A stage waits for the one before it, so the batch is cut into $m$ micro-batches that follow each other like parts on an assembly line.
# This lab compares two orders: GPipe does all forward passes and then all backward passes; 1F1B (one forward, one backward) alternates them after a warm-up.


# %%
def gpipe(stage, micro):
    ahead = [("forward", i) for i in range(micro)]
    return ahead + [("backward", i) for i in reversed(range(micro))]


def one_forward_one_backward(stage, micro):
    ahead = min(workers - stage, micro)  # Forward passes of the warm-up.
    order = [("forward", i) for i in range(ahead)]
    for i in range(micro):
        order.append(("backward", i))
        if ahead + i < micro:
            order.append(("forward", ahead + i))
    return order


schedules = {"GPipe": gpipe, "1F1B": one_forward_one_backward}

# %% [markdown] tags=["zh"]
# 在模拟器里，每个 worker 按自己的次序干活：轮到的操作，等它依赖的都做完就开始。设反向的耗时是前向的两倍，各段一样快，传输不花时间。

# %% [markdown] tags=["en"]
# In the simulator each worker keeps to its order: the next operation starts as soon as everything that it needs is done and the worker is free.
# Assume that a backward pass takes twice as long as a forward pass, all stages are equally fast, and sending takes no time.

# %%
cost = {"forward": 1, "backward": 2}


def needs(stage, kind, i):
    if kind == "forward":
        return [(stage - 1, kind, i)] if stage else []
    last = stage == workers - 1
    return [(stage, "forward", i)] if last else [(stage + 1, kind, i)]


def simulate(schedule, micro):
    queues = [schedule(stage, micro) for stage in range(workers)]
    free, end, events = [0] * workers, {}, []
    while any(queues):
        for stage, queue in enumerate(queues):
            while queue and all(need in end for need in needs(stage, *queue[0])):
                kind, i = queue.pop(0)
                ready = [end[need] for need in needs(stage, kind, i)]
                begin = max([free[stage], *ready])
                free[stage] = end[stage, kind, i] = begin + cost[kind]
                events.append((begin, stage, kind, i))
    return sorted(events)


# %% [markdown] tags=["zh"]
# 时间表画成网格：一行一个 worker，一列一个时间单位，空格就是空等。气泡（bubble）是空格占的比例，先数出来，再与 $(p-1)/(m+p-1)$ 对账。

# %% [markdown] tags=["en"]
# The timetable becomes a grid: one row per worker, one column per unit of time, and an empty cell is time spent waiting.
# The bubble is the share of empty cells; count them first, then check the count against $(p-1)/(m+p-1)$.


# %%
def timetable(schedule, micro):
    events = simulate(schedule, micro)
    length = max(begin + cost[kind] for begin, _, kind, _ in events)
    grid = np.full((workers, length), np.nan)
    for begin, stage, kind, i in events:
        shade = 0.3 + 0.7 * (i + 1) / micro
        shade = -shade if kind == "forward" else shade
        grid[stage, begin : begin + cost[kind]] = shade
    return grid


figure, panels = plt.subplots(2, sharex=True, figsize=(6.4, 3.6), layout="constrained")
for axis, (name, schedule) in zip(panels, schedules.items(), strict=True):
    grid = timetable(schedule, micro_batches)
    axis.imshow(grid, cmap="coolwarm", vmin=-1, vmax=1, aspect="auto")
    axis.set(ylabel=f"{name}\nworker", yticks=range(workers))
    axis.grid(False)
    idle = int(np.isnan(grid).sum())
    print(f"{name:5s}  {idle} of {grid.size} cells idle: {idle / grid.size:.1%}")
    assert idle * (micro_batches + workers - 1) == (workers - 1) * grid.size
axis.set_xlabel("time (forward pass of one micro-batch = 1)")
plt.show()

# %% [markdown] tags=["zh"]
# ![两张 worker 对时间的热图，蓝色是前向，红色是反向，颜色越深微批次越靠后：GPipe 先是一片蓝的斜坡，再是一片红的斜坡；1F1B 中段蓝红相间；两图一样长，空白处就是气泡](figure)
#
# 两种排法的气泡一样大，都是 `{python} f"{idle / grid.size:.1%}"`：流水线都要先灌满，最后排空。差别在内存。下面按时间表真的算一步的前向和反向，微批次经过账本传给下一段，同时记下每个 worker 最多存着多少激活，这里只数每段为反向留着的输入。

# %% [markdown] tags=["en"]
# ![Two heat maps of worker against time, blue for forward, red for backward, darker for later micro-batches: GPipe shows a blue slope and then a red slope; 1F1B mixes blue and red in the middle; both are equally long, and the empty area is the bubble.](figure)
#
# Both orders have the same bubble, `{python} f"{idle / grid.size:.1%}"`: under both, the pipeline fills at the start and drains at the end.
# They differ in memory.
# Below, one real training step follows the timetable: micro-batches pass through the ledger to the next stage, and the program records the most bytes of activations that each worker holds at once, counting the inputs that a stage keeps for the backward pass.


# %%
def stage_work(stage, y):  # The last stage computes the loss.
    if stage < workers - 1:
        return through
    return lambda x, weights: loss_of(through(x, weights), y)


def run_pipeline(schedule, x, y, micro, ledger):
    own = each(lambda part: list(map(tf.constant, part)), np.split(start, workers))
    x, y, last = np.split(x, micro), np.split(y, micro), workers - 1
    inbox = {(0, "forward", i): each(tf.constant, [x[i]])[0] for i in range(micro)}
    kept, found, peak = {}, [0.0] * workers, [0] * workers
    for _, stage, kind, i in simulate(schedule, micro):
        arrived = inbox.pop((stage, kind, i), None)  # None: the slope of the loss.
        with tf.device(f"CPU:{stage}"):
            if kind == "forward":
                kept[stage, i] = taped(stage_work(stage, y[i]))(arrived, own[stage])
                leaving, following = kept[stage, i][-1], stage + 1
            else:
                leaving, for_own = pull(kept.pop((stage, i)), arrived)
                found[stage] = found[stage] + tf.concat(for_own, 0)
                following = stage - 1
        if 0 <= following <= last:
            inbox[following, kind, i] = ledger.send(leaving, following)
        held = [size_of(entry[1][0]) for (s, _), entry in kept.items() if s == stage]
        peak[stage] = max(peak[stage], sum(held))
    return np.concatenate(found), peak


# %%
peaks = {}
for name, schedule in schedules.items():
    book = books["pipeline"] = Ledger()
    answer = run_pipeline(schedule, x_all, y_all, micro_batches, book)
    gap, peaks[name] = distance(answer[0], gradient_alone), answer[1]
    print(f"{name:5s}  equal within 1e-5: {gap < 1e-5}, {book.bytes.sum():,} bytes sent")
    print("       most bytes held, by worker:", *peaks[name])
    assert gap < 1e-5 and book.bytes.sum() == 2 * (workers - 1) * x_all.nbytes
    assert book.messages == 2 * (workers - 1) * micro_batches
ahead = [min(workers - stage, micro_batches) for stage in range(workers)]
assert peaks["GPipe"] == [x_all.nbytes] * workers
assert peaks["1F1B"] == [k * x_all.nbytes // micro_batches for k in ahead]

# %% [markdown] tags=["zh"]
# 两种排法的梯度都与单个 worker 相同。一步之内，段与段之间一共传 `{python} f"{books['pipeline'].bytes.sum():,}"` 字节，不随微批次数变化。GPipe 的每一段都存过整批的激活；1F1B 越靠后存得越少，最后一段只存一个微批次。

# %% [markdown] tags=["en"]
# Both orders give the gradient of a single worker.
# One step sends `{python} f"{books['pipeline'].bytes.sum():,}"` bytes between the stages in total, whatever the number of micro-batches.
# Under GPipe every stage holds the activations of the whole batch at some moment; under 1F1B later stages hold less, and the last one holds one micro-batch.

# %% [markdown] tags=["zh"]
# ## 练习三：微批次加到四倍 {#exercise-3}
#
# 把设置里的 `micro_batches = 8` 改成 32，批次大小不变。**先猜**三件事：气泡变成多少？段间传的字节数变不变？第 0 段存的激活，GPipe 和 1F1B 各变成多少？

# %% [markdown] tags=["en"]
# ## Exercise 3: four times as many micro-batches {#exercise-3}
#
# Change `micro_batches = 8` in the settings to 32 and leave the batch as it is.
# **Guess three things first**: how large is the bubble?
# Do the bytes between the stages change?
# What does stage 0 hold, under GPipe and under 1F1B?

# %% [markdown] tags=["zh", "answer"]
# $m$ 等于 worker 数时，气泡是 `{python} f"{more_bubbles[workers]:.1%}"`；四倍时降到 `{python} f"{more_bubbles[4 * workers]:.1%}"`。传的字节数一个不差，只是分成更多条消息。第 0 段存的激活，GPipe 始终是整批；1F1B 降到整批的 `{python} f"{more_peak['1F1B'] / more_peak['GPipe']:.0%}"`，因为最多存 $p$ 个微批次，而每个都变小了。

# %% [markdown] tags=["en", "answer"]
# With $m$ equal to the number of workers the bubble is `{python} f"{more_bubbles[workers]:.1%}"`; with four times as many it is `{python} f"{more_bubbles[4 * workers]:.1%}"`.
# The number of bytes is exactly the same, in more messages.
# Stage 0 holds the whole batch under GPipe, whatever $m$ is; under 1F1B this falls to `{python} f"{more_peak['1F1B'] / more_peak['GPipe']:.0%}"` of that, because it keeps at most $p$ micro-batches and each is smaller.

# %% tags=["answer"]
more_bubbles, more_peak = {}, {}
for micro in (1, 2, 4, 8, 16, 32, 64):
    for schedule in schedules.values():
        grid_of_more = timetable(schedule, micro)
        more_bubbles[micro] = float(np.isnan(grid_of_more).mean())
        # As many idle cells under both, whatever the number of micro-batches.
        assert np.isnan(grid_of_more).sum() == sum(cost.values()) * workers * (workers - 1)
for name, schedule in schedules.items():
    more_book = Ledger()
    answer = run_pipeline(schedule, x_all, y_all, 4 * workers, more_book)
    more_peak[name] = answer[1][0]
    print(f"{name:5s}  {more_book.bytes.sum():,} bytes, stage 0 holds {more_peak[name]:,}")
    assert distance(answer[0], gradient_alone) < 1e-5
    assert more_book.bytes.sum() == books["pipeline"].bytes.sum()
assert more_peak["GPipe"] == 4 * more_peak["1F1B"] == x_all.nbytes
figure, axis = plt.subplots(figsize=(6.4, 2.4))
axis.plot(list(more_bubbles), list(more_bubbles.values()), "o-")
axis.set(xlabel="micro-batches m", ylabel="idle share of time", ylim=(0, 1))
plt.show()

# %% [markdown] tags=["zh", "answer"]
# ![空等的时间占比随微批次数下降，先陡后缓](figure)

# %% [markdown] tags=["en", "answer"]
# ![The idle share of the time falls with the number of micro-batches, steeply at first and then slowly.](figure)

# %% [markdown] tags=["zh"]
# ## ZeRO：分摊状态，不改结果 {#zero}
#
# 数据并行让每个 worker 都存一整份状态，这是重复的。用混合精度和 Adam 训练，每个参数要 16 字节。计算用的权重和梯度是 16 位，各 2 字节；优化器状态是 32 位，有三样：主权重（更新时用的精确副本）、梯度的均值、梯度平方的均值，各 4 字节。ZeRO（Zero Redundancy Optimizer）分三级去掉重复：第 1 级，每个 worker 只存 $1/p$ 的优化器状态；第 2 级，梯度也只留 $1/p$；第 3 级，权重也只留 $1/p$，用到哪一块，临时向大家借，用完就丢。第 0 级就是普通的数据并行。
#
# 每个 worker 有一个字典，要留着的张量都在里面；所谓内存，就是字典里全部张量的字节之和。算一块时的中间结果不在字典里，不计。

# %% [markdown] tags=["en"]
# ## ZeRO spreads the state and keeps the result {#zero}
#
# In data parallelism every worker stores a full copy of the state, which is redundant.
# Mixed precision with Adam takes 16 bytes per parameter: 2 each for the 16-bit weight and gradient, 4 each for the 32-bit master weight, the mean and the mean square.
# ZeRO removes the redundancy in stages: in stage 1 each worker manages $1/p$ of the optimizer state; in stage 2 it also keeps only $1/p$ of the gradients; in stage 3 it keeps only $1/p$ of the weights as well: it borrows the rest of a block from the others when it needs it, and drops it afterward.
# Stage 0 is plain data parallelism.
#
# Each worker has a dictionary of the tensors that it keeps, and its memory is the sum of their bytes; what exists only while a block is computed is not in it and not counted.


# %%
class Zero:
    def __init__(self, stage, kind):  # kind of weights and gradients
        self.stage, self.kind = stage, kind
        self.ledger, self.trace = Ledger(), []
        self.memory = each(self.load, range(workers))

    def load(self, worker):
        own = {}
        for b, flat in enumerate(start):
            piece = np.split(flat, workers)[worker]
            own["master", b] = tf.constant(piece if self.stage >= 1 else flat)
            own["mean", b] = own["square", b] = tf.zeros_like(own["master", b])
            mine = piece if self.stage >= 3 else flat
            own["weights", b] = tf.cast(mine, self.kind)
        return own

    def keep(self, name, b, tensors):
        for own, tensor in zip(self.memory, tensors, strict=True):
            own[name, b] = tensor
        held = self.memory[0].values()
        self.trace.append(sum(map(size_of, held)))  # bytes on worker 0

    def drop(self, name, b):
        return [own.pop((name, b), None) for own in self.memory]


# %% [markdown] tags=["zh"]
# 借权重用 all-gather，合并梯度用 reduce-scatter：正是环形 all-reduce 的两半。第 0 级两半都做，人人拿到完整的总和。第 2、3 级一算出某块的梯度就合并，不归自己管的部分随即丢掉；第 0、1 级等到更新时再合并。

# %% [markdown] tags=["en"]
# Borrowing weights is an all-gather, and combining gradients is a reduce-scatter: the two halves of the ring all-reduce.
# Stage 0 does both, so everyone gets the full sum.
# Stages 2 and 3 combine the gradient of a block as soon as it exists and drop what they do not manage; stages 0 and 1 wait for the update.


# %%
def borrow(zero, b):
    weights = [own["weights", b] for own in zero.memory]
    if zero.stage == 3:
        weights = all_gather(weights, zero.ledger)
        zero.keep("borrowed", b, weights)
    return weights


def combine(zero, b):
    found = reduce_scatter(zero.drop("gradients", b), zero.ledger)
    if zero.stage == 0:
        found = all_gather(found, zero.ledger)
    zero.keep("gradients", b, found)


def forward_and_backward(zero):
    x = each(lambda shard: tf.cast(shard, zero.kind), np.split(x_all, workers))
    for b in range(blocks):
        zero.keep("activations", b, x)
        x = each(block, x, borrow(zero, b))
        zero.drop("borrowed", b)
    slopes = each(loss_slope, x, np.split(y_all, workers))
    for b in reversed(range(blocks)):  # Each is computed again from its input.
        kept = each(taped(block), zero.drop("activations", b), borrow(zero, b))
        slopes, for_weights = zip(*each(pull, kept, slopes), strict=True)
        zero.keep("gradients", b, for_weights)
        zero.drop("borrowed", b)
        if zero.stage >= 2:
            combine(zero, b)


# %% [markdown] tags=["zh"]
# 然后每个 worker 用 Adam 更新自己管的那部分；第 1、2 级再用 all-gather 把新权重补齐。

# %% [markdown] tags=["en"]
# Then each worker updates the part it manages with Adam, and stages 1 and 2 complete the new weights with an all-gather.


# %%
def adam(own, b, moment):  # Returns the new weights.
    slope = tf.cast(own.pop(("gradients", b)), tf.float32)
    own["mean", b] = 0.9 * own["mean", b] + 0.1 * slope
    own["square", b] = 0.999 * own["square", b] + 0.001 * slope**2
    scale = 1e-3 * (1 - 0.999**moment) ** 0.5 / (1 - 0.9**moment)
    change = own["mean", b] / (tf.sqrt(own["square", b]) + 1e-7)
    own["master", b] -= scale * change
    return own["master", b]


def update(zero, moment):
    for b in range(blocks):
        if zero.stage < 2:
            combine(zero, b)
        new = each(lambda own, b=b: adam(own, b, moment), zero.memory)
        new = each(lambda w: tf.cast(w, zero.kind), new)
        if zero.stage in (1, 2):
            new = all_gather(new, zero.ledger)
        zero.keep("weights", b, new)


def train(stage, kind):
    zero = Zero(stage, kind)
    for moment in (1, 2):
        zero.ledger, zero.trace = Ledger(), []  # Those of the last step remain.
        forward_and_backward(zero)
        fullest = {key: size_of(held) for key, held in zero.memory[0].items()}
        update(zero, moment)
    owners = zero.memory if stage else zero.memory[:1]
    after = [np.concatenate([own["master", b] for own in owners]) for b in range(blocks)]
    return zero, fullest, np.stack(after) - start


# %% [markdown] tags=["zh"]
# 标准答案用 Keras 自带的 Adam：worker 0 用整批训练同样的两步。先让工作权重和梯度也用 32 位，跑第 0 级和设置里选的那一级，结果应当与标准答案一致；再换成 bfloat16，四级各跑一遍，量内存。差距除以权重变化的范数，也就是两步走过的路程。

# %% [markdown] tags=["en"]
# The answer to compare with comes from Keras's own Adam, with which worker 0 trains the same two steps on the whole batch.
# First the working weights and gradients have 32 bits too: stage 0 and the stage chosen in the settings run, and the results should match; then they become bfloat16, all four stages run, and memory is measured.
# Differences are given as a share of the distance moved, that is, of the norm of the change in the weights.

# %%
variables = [tf.Variable(flat) for flat in start]
keras_adam = tf.keras.optimizers.Adam(1e-3)
for _ in range(2):
    with tf.GradientTape() as tape:
        loss = loss_of(through(x_all, variables), y_all)
    keras_adam.apply(tape.gradient(loss, variables), variables)
moved = np.stack([variable.numpy() for variable in variables]) - start

kinds = {"weights": ["weights"], "gradients": ["gradients"]}
kinds["optimizer state"] = ["master", "mean", "square"]
runs, measured, gaps = {}, {}, {}
precisions = {tf.float32: (0, zero_stage), tf.bfloat16: range(4)}  # The second remains.
for kind, stages in precisions.items():
    changes = []
    for stage in stages:
        runs[stage], fullest, change = train(stage, kind)
        changes.append(change)
        measured[stage] = np.zeros(3)  # bytes per parameter
        for (name, _), size in fullest.items():
            measured[stage] += [size / parameters * (name in n) for n in kinds.values()]
    assert all((change == changes[0]).all() for change in changes)  # Bit by bit.
    gaps[kind.name] = distance(changes[0], moved)
    print(f"{kind.name}: {gaps[kind.name]:.1%} off from Keras, of the way moved")
assert gaps["float32"] < 4e-4 < 0.01 < gaps["bfloat16"] < 0.2

# %% [markdown] tags=["zh"]
# 各级的权重逐位相同：分摊不改变结果。用 32 位时，与 Keras 的 Adam 只差舍入。用 bfloat16 时，差距是路程的 `{python} f"{gaps['bfloat16']:.0%}"`：这是 16 位的代价，第 0 级也一样，与分摊无关。

# %% [markdown] tags=["en"]
# At each precision, the weights of the stages agree bit by bit: spreading the state does not change the result.
# With 32 bits they differ from those of Keras's Adam by rounding alone.
# With bfloat16 they are off by `{python} f"{gaps['bfloat16']:.0%}"` of the distance moved: that is the price of 16 bits; stage 0 pays it as well, so it does not come from the spreading.

# %%
formula = [16, 4 + 12 / workers, 2 + 14 / workers, 16 / workers]
large = np.array([measured[stage] for stage in range(4)]) * model_parameters / 1e9  # GB
sent = [runs[stage].ledger.sent().max() / (2 * parameters) for stage in range(4)]
print("stage   weights  gradients  optimizer     sum  large model  sent")
print("        (bytes per parameter)                         (GB)   (n)")
for stage in range(4):
    parts = measured[stage]
    print(f"{stage:5d} {parts[0]:9.2f} {parts[1]:10.2f} {parts[2]:10.2f}", end="")
    print(f" {sum(parts):7.2f} {sum(large[stage]):12.2f} {sent[stage]:5.3f}")
    assert abs(sum(parts) - formula[stage]) < 1e-9
assert sent[:3] == [2 * (workers - 1) / workers] * 3 and sent[3] == 1.5 * sent[2]

# %%
figure, axis = plt.subplots(figsize=(6.4, 2.6))
names, ends = [f"stage {stage}" for stage in range(4)], large.cumsum(axis=1)
for number, name in enumerate(kinds):
    left = ends[:, number] - large[:, number]
    axis.barh(names, large[:, number], left=left, label=name)
axis.axvline(card_gigabytes, linestyle="--", linewidth=1, label="one card")
axis.set(xlabel=f"model state on each of {workers} workers (GB)")
axis.invert_yaxis()
axis.legend()
plt.show()

# %% [markdown] tags=["zh"]
# ![四条堆叠的横条：第 0 级最长，越过一张卡的虚线；第 1 级缩掉大部分优化器状态，第 2 级再缩掉梯度，第 3 级三样都只剩一小截](figure)
#
# 数出来的与论文的公式一致（原文没有读到，公式转引自解读文章）：$16\Psi$、$(4+12/p)\Psi$、$(2+14/p)\Psi$、$16\Psi/p$，$\Psi$ 是参数个数。放大到 `{python} f"{model_parameters / 1e9:.0f}"`B（十亿）个参数，每个 worker 的模型状态在第 0 级占 `{python} f"{large[0].sum():.0f}"` GB，第 3 级占 `{python} f"{large[3].sum():.0f}"` GB。再看通信，$n$ 是一份 16 位权重的字节数：第 1、2 级不比第 0 级多传一个字节；第 3 级传 `{python} f"{sent[3] / sent[2]:.1f}"` 倍，因为它前向、反向各借一次权重，第 1、2 级只在更新后发一次。
#
# 表里的模型状态，是在反向刚做完时量的。下面画出一步之内 worker 0 的字典有多少字节，借来的权重和留着的激活也算在内。

# %% [markdown] tags=["en"]
# ![Four stacked bars: stage 0 is the longest and crosses the dashed line of one card; stage 1 loses most of the optimizer state, stage 2 also the gradients, and stage 3 keeps a small piece of all three.](figure)
#
# The count agrees with the formulas of the paper (not read; taken from an account of it): $16\Psi$, $(4+12/p)\Psi$, $(2+14/p)\Psi$ and $16\Psi/p$, with $\Psi$ the number of parameters.
# Scaled to `{python} f"{model_parameters / 1e9:.0f}"`B parameters, stage 0 needs `{python} f"{large[0].sum():.0f}"` GB of model state on each worker and stage 3 needs `{python} f"{large[3].sum():.0f}"` GB.
# In the column `sent`, $n$ is the size in bytes of one set of 16-bit weights: stages 1 and 2 send not one byte more than stage 0; stage 3 sends `{python} f"{sent[3] / sent[2]:.1f}"` times as much, because it sends the weights around twice, for the forward and for the backward pass, where stages 1 and 2 send them once, after the update.
#
# The table shows the model state right after the backward pass.
# The next figure traces the bytes in the dictionary of worker 0 during one step, borrowed weights and stored activations included.

# %%
figure, axis = plt.subplots(figsize=(6.4, 2.8))
for stage in (0, zero_stage):
    trace = np.array(runs[stage].trace) / parameters
    axis.plot(np.linspace(0, 1, len(trace)), trace, label=f"stage {stage}")
    excess = trace.max() / sum(measured[stage]) - 1
    print(f"stage {stage}: peak of {trace.max():.2f} bytes per parameter")
    assert 0 <= excess < 0.5
axis.set(xlabel="progress of one step (forward, backward, update)")
axis.set(ylabel="held by worker 0\n(bytes per parameter)", ylim=(0, None))
axis.legend()
plt.show()

# %% [markdown] tags=["zh"]
# ![一步之内 worker 0 字典里的字节：第 0 级先平，反向时随梯度上升，更新时回落；所选的那一级低得多，并随着临时的权重或梯度起伏](figure)
#
# 第 `{python} zero_stage` 级的峰值比表里的数高 `{python} f"{excess:.0%}"`。设为第 3 级时，峰值出现在反向的最后一块：多出来的是借来的这一块权重，和还没有分摊的这一块梯度；激活这时已经用完。这个模型只有 `{python} blocks` 块，一块就占很大一份；块数越多，这一份越小。

# %% [markdown] tags=["en"]
# ![Bytes in the dictionary of worker 0 during one step: stage 0 is flat, rises with the gradients in the backward pass and falls in the update; the chosen stage is far lower and goes up and down with temporary weights or gradients.](figure)
#
# Stage `{python} zero_stage` peaks `{python} f"{excess:.0%}"` above its number in the table.
# With stage 3 the peak comes at the last block of the backward pass: what is added is the borrowed weights of this block and its gradient before it is spread; the activations are gone by then.
# This model has only `{python} blocks` blocks, so one of them is a large part; with more blocks that part is smaller.

# %% [markdown] tags=["zh"]
# ## 放在一起看 {#side-by-side}
#
# 同一个模型，同一步训练，全部用 32 位：三本账各是什么样子？再用半个批次跑一遍，看哪些字节随批次变。

# %% [markdown] tags=["en"]
# ## Side by side {#side-by-side}
#
# One model, one training step, everything in 32 bits: what do the three ledgers look like?
# A second run with half of the batch shows which bytes depend on it.

# %%
x_half, y_half = x_all[: batch // 2], y_all[: batch // 2]
halves = {name: Ledger() for name in ("ring", "tensor", "pipeline")}
data_parallel(x_half, y_half, ring_all_reduce, halves["ring"])
tensor_parallel(x_half, y_half, halves["tensor"])
run_pipeline(gpipe, x_half, y_half, 2, halves["pipeline"])
most = {name: book.sent().max() for name, book in books.items()}
print("bytes that the busiest worker sends:  whole batch   half batch")
for name, book in halves.items():
    half = book.sent().max()
    print(f"{name:36s} {most[name]:12,} {half:12,}")
    assert half == (most[name] if name == "ring" else most[name] / 2)
tensor_to_data = most["tensor"] / most["ring"]
assert tensor_to_data == batch / hidden
titles = {"ring": "data parallel", "tensor": "tensor parallel", "pipeline": "pipeline"}
show_ledgers(titles, norm="log", vmin=1, vmax=most["ring"] / 1024)

# %% [markdown] tags=["zh"]
# ![三张发送方对接收方的热图，颜色为对数：数据并行和张量并行是同一个环，前者更亮；流水线在对角线两侧各有一条暗线，首尾不相连](figure)
#
# 数据并行传梯度，与批次无关；张量并行和流水线传激活，与批次成正比。这里张量并行传的是数据并行的 `{python} f"{tensor_to_data:.1f}"` 倍，正好是批次的行数除以 $4h$：每一块，数据并行对 $8h^2$ 个数做一次 all-reduce，张量并行对“行数乘 $h$”个数做两次。大模型的 $4h$ 是几万，一步的词元（token）数超过它，张量并行就传得更多；而且每次 all-reduce 都挡着后面的计算。所以张量并行一般留在机器内，流水线可以跨机器。

# %% [markdown] tags=["en"]
# ![Three heat maps of sender against receiver in logarithmic colors: data and tensor parallelism are the same ring, brighter for the first; the pipeline has one dark line on either side of the diagonal and does not close.](figure)
#
# Data parallelism sends gradients, whatever the batch; tensor parallelism and the pipeline send activations, in proportion to the batch.
# Here tensor parallelism sends `{python} f"{tensor_to_data:.1f}"` times what data parallelism does, exactly the rows of the batch divided by $4h$: for each block, data parallelism all-reduces $8h^2$ numbers once, and tensor parallelism all-reduces (rows × $h$) numbers twice.
# In a large model $4h$ is some tens of thousands, and if a step has more tokens than that, tensor parallelism sends more; the computation also has to wait for each of its all-reduces.
# That is why tensor parallelism is usually kept inside a machine, while a pipeline may cross machines.

# %% [markdown] tags=["zh"]
# ## 两个真正的进程 {#two-processes}
#
# 到这里为止，都是一个进程扮演八个 worker。现在启动两个真正的进程，用 `tf.distribute.MultiWorkerMirroredStrategy` 训练同一个小网络。每个进程从环境变量 `TF_CONFIG` 得知全体 worker 的地址和自己的编号，读进自己那一半数据；TensorFlow 自己的环形 all-reduce 把两边的梯度相加。下面是每个进程运行的程序，两边一字不差。

# %% [markdown] tags=["en"]
# ## Two real processes {#two-processes}
#
# So far one process has played eight workers.
# Now start two real processes that train one small network together, with `tf.distribute.MultiWorkerMirroredStrategy`.
# Each learns the addresses of all workers and its own number from the environment variable `TF_CONFIG` and reads its half of the data; TensorFlow's own ring all-reduce adds the gradients of the two.
# This is the program of each process, the same on both sides.

# %%
worker_program = """
import json
import numpy as np
import tensorflow as tf

ring = tf.distribute.experimental.CommunicationImplementation.RING
options = tf.distribute.experimental.CommunicationOptions(implementation=ring)
strategy = tf.distribute.MultiWorkerMirroredStrategy(communication_options=options)
me, data = strategy.cluster_resolver.task_id, np.load("data.npz")
x, y = (tf.constant(np.split(data[name], 2)[me]) for name in "xy")
with strategy.scope():
    weights = [tf.Variable(data[name]) for name in ("up", "down")]
    optimizer = tf.keras.optimizers.SGD(0.1)
    optimizer.build(weights)

@tf.function
def step():
    with tf.GradientTape() as tape:
        error = tf.nn.gelu(x @ weights[0]) @ weights[1] - y
        loss = tf.reduce_sum(error**2) / data["y"].size  # of the whole batch
    optimizer.apply(tape.gradient(loss, weights), weights)  # Sums over workers.

for _ in range(3):
    strategy.run(step)
weights = [w.numpy().tolist() for w in weights]
print(json.dumps({"rows": len(x), "weights": weights}))
"""

# %% [markdown] tags=["zh"]
# 启动进程要守三条规矩：设时限，等它结束，失败时显示它的报错。一个进程失败了，另一个可能还在等它，所以两个要一起结束。地址用 127.0.0.1，再向系统要两个空闲的端口。

# %% [markdown] tags=["en"]
# Three rules for starting processes: set a time limit, wait until they end, and show their errors if they fail.
# When one fails, the other may go on waiting for it, so both end together.
# The address is 127.0.0.1, with two free ports from the system.


# %%
def free_addresses(count):
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    addresses = ["{}:{}".format(*one.getsockname()) for one in sockets]
    for one in sockets:
        one.close()
    return addresses


def start_worker(folder, addresses, number):
    task = {"type": "worker", "index": number}
    own = {"TF_CONFIG": json.dumps({"cluster": {"worker": addresses}, "task": task})}
    own["CUDA_VISIBLE_DEVICES"] = "-1"
    own["no_proxy"] = "127.0.0.1"  # No proxy between processes of one machine.
    with open(folder / f"errors_{number}", "w") as errors:
        pipes = {"stdout": subprocess.PIPE, "stderr": errors, "text": True}
        command = [sys.executable, "worker.py"]
        return subprocess.Popen(command, cwd=folder, env=os.environ | own, **pipes)


# %%
def run_workers(folder, seconds=90):
    addresses, deadline = free_addresses(2), time.monotonic() + seconds
    started, codes = [], [None, None]
    try:
        for number in range(2):
            started.append(start_worker(folder, addresses, number))
        while None in codes and not any(codes) and time.monotonic() < deadline:
            time.sleep(0.1)
            codes = [process.poll() for process in started]
    finally:
        for process in started:
            process.kill()  # Does nothing to a process that has ended.
        said = [process.communicate()[0] for process in started]  # Waits.
    if codes != [0, 0]:
        for number in range(2):
            print((folder / f"errors_{number}").read_text()[-1500:])
        raise RuntimeError(f"exit codes {codes}; None: stopped, limit {seconds} s")
    return [json.loads(text) for text in said]


# %%
small = {"up": draw(4, 8, scale=0.5), "down": draw(8, 1, scale=0.35)}
small |= {"x": draw(16, 4), "y": draw(16, 1)}
with tempfile.TemporaryDirectory() as name:
    (pathlib.Path(name) / "worker.py").write_text(worker_program)
    np.savez(pathlib.Path(name) / "data.npz", **small)
    replies = run_workers(pathlib.Path(name))
for number, reply in enumerate(replies):
    last_weights = [round(value, 6) for (value,) in reply["weights"][1][-3:]]
    print(f"worker {number}: {reply['rows']} rows, last three weights", *last_weights)

# %% [markdown] tags=["zh"]
# 再在当前进程里用整批数据训练同样的三步，与它们核对；也看看只用一半数据会走到哪里。

# %% [markdown] tags=["en"]
# Now train the same three steps in this process on the whole batch and compare; also see where half of the data would have led.


# %%
def train_here(x, y):
    def loss(up, down):
        return tf.reduce_mean((tf.nn.gelu(x @ up) @ down - y) ** 2)

    weights = [tf.constant(small["up"]), tf.constant(small["down"])]
    for _ in range(3):
        slopes = pull(taped(loss)(*weights))
        weights = [w - 0.1 * slope for w, slope in zip(weights, slopes, strict=True)]
    return np.concatenate([w.numpy().ravel() for w in weights])


there = np.concatenate([np.ravel(w) for w in replies[0]["weights"]])
whole_gap = distance(there, train_here(small["x"], small["y"]))
half_gap = distance(there, train_here(small["x"][:8], small["y"][:8]))
print("both workers hold the same weights:", replies[0] == replies[1])
print(f"equal to one process with the whole batch, within 1e-5: {whole_gap < 1e-5}")
print(f"off from one process with half of the batch: {half_gap:.0%}")
assert replies[0] == replies[1] and replies[0]["rows"] == 8
assert whole_gap < 1e-5 and half_gap > 1e-2

# %% [markdown] tags=["zh"]
# 两个进程各看了 `{python} replies[0]["rows"]` 行，得到的权重完全相同；与单个进程用整批训练的结果比，只差舍入。只用一半数据，会偏离 `{python} f"{half_gap:.0%}"`。
#
# ## 记住什么 {#take-away}
#
# - 四种办法都不改变梯度，只差舍入。差别在传什么、传多少、每个 worker 存多少，三样都数得出来。
# - 环形 all-reduce 里，每人发送 $2n(p-1)/p$ 字节，永远不到 $2n$。它由 reduce-scatter 和 all-gather 两半组成，ZeRO 把两半拆开用，所以前两级不增加通信。
# - 张量并行先切列再切行。GPipe 和 1F1B 的气泡一样大，都靠更多的微批次压低；1F1B 省的是激活，微批次越多，省得越多。
# - 局限：这里没有带宽、延迟，也没有通信与计算的重叠，各段还假设一样快。算法相同，字节数在集群上也一样；快慢要到真正的集群上量。
#
# ## 来源 {#sources}
#
# 以下各条都在 2026-11-24 查过。
#
# - [tf.config.set_logical_device_configuration](https://www.tensorflow.org/api_docs/python/tf/config/set_logical_device_configuration)：把一个 CPU 切成几个逻辑设备；运行时初始化以后再改会报错。
# - [tf.config.experimental.set_device_policy](https://www.tensorflow.org/api_docs/python/tf/config/experimental/set_device_policy)：`silent_for_int32` 只自动复制 int32，其余报错；只对当前线程有效。
# - [nccl-tests：PERFORMANCE.md](https://github.com/NVIDIA/nccl-tests/blob/master/doc/PERFORMANCE.md)：all-reduce 的系数 $2(n-1)/n$，reduce-scatter 和 all-gather 各 $(n-1)/n$；那里的 $n$ 是 worker 数。
# - [Local SGD](https://arxiv.org/abs/1805.09767)（摘要）：各自训练，每隔一段时间平均一次。
# - [Megatron-LM](https://arxiv.org/abs/1909.08053)（摘要）：在层内切分，插入少数几个通信算子。
# - [GPipe](https://arxiv.org/abs/1811.06965)（摘要）：按层切分，把批次切开依次通过。
# - [ZeRO](https://arxiv.org/abs/1910.02054)：没有读到原文；各级的公式核对自[一篇逐式的解读](https://blog.csdn.net/qq_36803941/article/details/140825656)，1.5 倍通信核对自 [Paddle #25863](https://gitcode.net/paddlepaddle/Paddle/-/issues/25863)，两处都是二手资料。各级分摊什么，见作者自己的 [DeepSpeed 文档](https://deepspeed.readthedocs.io/en/stable/zero3.html)，2026-11-28 查过。
# - [tf.distribute.MultiWorkerMirroredStrategy](https://www.tensorflow.org/api_docs/python/tf/distribute/MultiWorkerMirroredStrategy) 与 [CommunicationImplementation](https://www.tensorflow.org/api_docs/python/tf/distribute/experimental/CommunicationImplementation)：`TF_CONFIG` 的写法；RING 是 TensorFlow 自己的环形算法。

# %% [markdown] tags=["en"]
# Each process saw `{python} replies[0]["rows"]` rows, both hold the same weights to the last digit, and those are the weights of one process with the whole batch, up to rounding; with half of the data alone, the weights would be `{python} f"{half_gap:.0%}"` off.
#
# ## What to take away {#take-away}
#
# - None of the four ways changes the gradient beyond rounding. They differ in what is sent, how much, and what each worker stores, and all three can be counted.
# - In a ring all-reduce each worker sends $2n(p-1)/p$, never as much as $2n$. It has two halves, reduce-scatter and all-gather; ZeRO uses them one at a time, so its first two stages cost no extra communication.
# - Tensor parallelism cuts columns first, then rows. GPipe and 1F1B have the same bubble, which shrinks with more micro-batches; what 1F1B saves is activations, more of them with more micro-batches.
# - The limits: there is no bandwidth, no latency and no overlap of sending with computing here, and all stages are taken to be equally fast. With the same algorithms, the bytes are the same on a cluster; speed has to be measured there.
#
# ## Sources {#sources}
#
# All were checked on 2026-11-24.
#
# - [tf.config.set_logical_device_configuration](https://www.tensorflow.org/api_docs/python/tf/config/set_logical_device_configuration): cuts one CPU into several logical devices; a change after the runtime is initialized is an error.
# - [tf.config.experimental.set_device_policy](https://www.tensorflow.org/api_docs/python/tf/config/experimental/set_device_policy): `silent_for_int32` copies int32 and raises errors for the rest; it holds for the current thread.
# - [nccl-tests: PERFORMANCE.md](https://github.com/NVIDIA/nccl-tests/blob/master/doc/PERFORMANCE.md): the factor $2(n-1)/n$ of all-reduce, and $(n-1)/n$ each of reduce-scatter and all-gather; $n$ is the number of workers there.
# - [Local SGD](https://arxiv.org/abs/1805.09767) (abstract): train apart and average once in a while.
# - [Megatron-LM](https://arxiv.org/abs/1909.08053) (abstract): split inside the layers and insert a few communication operations.
# - [GPipe](https://arxiv.org/abs/1811.06965) (abstract): split by layers and let parts of the batch follow each other.
# - [ZeRO](https://arxiv.org/abs/1910.02054): the paper's text could not be read; the formulas of its stages were checked in [a formula-by-formula account](https://blog.csdn.net/qq_36803941/article/details/140825656), the factor 1.5 in [Paddle #25863](https://gitcode.net/paddlepaddle/Paddle/-/issues/25863), both secondary. What each stage spreads is in the authors' own [DeepSpeed documentation](https://deepspeed.readthedocs.io/en/stable/zero3.html), checked on 2026-11-28.
# - [tf.distribute.MultiWorkerMirroredStrategy](https://www.tensorflow.org/api_docs/python/tf/distribute/MultiWorkerMirroredStrategy) and [CommunicationImplementation](https://www.tensorflow.org/api_docs/python/tf/distribute/experimental/CommunicationImplementation): the form of `TF_CONFIG`; RING is TensorFlow's own ring algorithm.
