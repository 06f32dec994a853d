# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# tags:
#   zh: [初始化, 激活函数, 残差, 归一化, 热图]
#   en: [initialization, activation, residual, normalization, heat map]
# title:
#   zh: 深层网络为什么训不动，又怎样救活
#   en: Why deep networks die, and how they were saved
# description:
#   zh: 逐层量出前向的标准差和反向的梯度，画成热图；用递推公式事先算出颜色，再训练 30 层网络，看初始化、激活函数、残差和归一化各救了什么。
#   en: Measure the forward standard deviation and the gradient of every layer as heat maps, predict the colors with a recursion, and train 30 layers to see what initialization, activation, residual connections and normalization each save.
# ---

# %% [markdown] tags=["zh"]
# # 深层网络为什么训不动，又怎样救活
#
# 搭一个 30 层的网络，几行代码就够；训练起来，损失却可能停在瞎猜的水平，一动不动。这个实验把“死”画出来。每一层只量两个数：往前看，不同的图片到了这一层，还剩多少差别；往后看，损失的梯度传回这一层，还剩多少。初始化（initialization）、激活函数（activation function）、残差连接（residual connection）和归一化（normalization），改的都是这两个数。
#
# 你先改一格设置，看热图怎样变色；再用一个递推公式，不训练就把颜色算出来；最后真的训练，看颜色好的网络是不是都学得动。有几处结果和常见的说法不一样，照实写在这里。想看面试里怎么回答，去读[梯度消失和梯度爆炸](../questions/foundations/gradients.md)。
#
# ## 运行环境 {#requirements}
#
# 依赖是下面一格里的四个包，不需要为 Windows 准备特别的安装包。有 CPU 就够，约 1.5 GB 内存、一分钟以内，不联网：手写数字的图片就在 scikit-learn 的安装包里。可以在 Jupyter 里打开，也可以下载整个文件后用 `uv run why_deep_networks_die.py` 运行。

# %% [markdown] tags=["en"]
# # Why deep networks die, and how they were saved
#
# A network of 30 layers takes a few lines to build, but when you train it, its loss may stay at the level of guessing and never move.
# This lab makes that death visible.
# It measures two numbers per layer: going forward, how much of the difference between images is left at this layer; going backward, how much of the gradient of the loss is left.
# Initialization, activation function, residual connection and normalization all change these two numbers.
#
# First you change one cell of settings and watch a heat map change its colors.
# Then you compute the colors in advance with a recursion, a formula that goes from one layer to the next.
# At the end you train, and see whether every network with healthy colors learns.
# Some results differ from what is often said; they are reported here as measured.
# For what to say in an interview, read [vanishing and exploding gradients](../questions/foundations/gradients.md).
#
# ## What you need {#requirements}
#
# You need the four packages in the next cell; Windows needs no special wheel (package file).
# A CPU is enough, with about 1.5 GB of memory; the run takes less than a minute and uses no network: the handwritten digits come inside the scikit-learn package.
# Open the lab in Jupyter, or download the file and run it with `uv run why_deep_networks_die.py`.

# %%
# /// script
# requires-python = ">=3.11,<3.14"
# dependencies = [
#     "tensorflow>=2.21,<2.22", "numpy>=2", "matplotlib>=3.10", "scikit-learn>=1.7",
# ]
# ///

# %%
import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf
from sklearn.datasets import load_digits
from sklearn.linear_model import LogisticRegression

tf.keras.utils.set_random_seed(0)
tf.get_logger().setLevel("ERROR")  # Each training run traces its own graph, on purpose.
TRAIN, STEPS, BATCH = 1344, 80, 96
images, labels = load_digits(return_X_y=True)
order = np.random.default_rng(0).permutation(len(images))
centered = images[order] - images[order[:TRAIN]].mean(axis=0)
size = np.sqrt(np.mean(centered**2, axis=1, keepdims=True))
x_all = (centered / size).astype("float32")  # (images, 64), mean square 1 in each image
y_all = labels[order].astype("int32")  # (images,)
x_train, y_train, x_test, y_test = x_all[:TRAIN], y_all[:TRAIN], x_all[TRAIN:], y_all[TRAIN:]
x_probe, y_probe = x_train[:128], y_train[:128]  # The images that `measure` uses.
print(f"{len(x_train)} images to train on, {len(x_test)} to test on")

# %% [markdown] tags=["zh"]
# ## 改这一格 {#settings}
#
# 这一格是给你改的。它决定“你的网络”一节里的热图。先照原样运行一遍：sigmoid，Glorot 初始化，没有残差，没有归一化。

# %% [markdown] tags=["en"]
# ## Change this cell {#settings}
#
# This cell is yours.
# It controls the heat maps of the section "Your network".
# Run it once as it stands: a sigmoid, Glorot initialization, no residual connection, no normalization.

# %%
settings = {
    "depth": 30,  # layers
    "width": 64,  # units per layer
    "activation": "sigmoid",  # sigmoid, tanh, relu, gelu
    "initializer": "glorot",  # small, large, glorot, he, orthogonal
    "residual": "none",  # none, full, scaled
    "normalization": "none",  # none, batch, layer, rms
    "placement": "pre",  # pre, post
}

# %% [markdown] tags=["zh"]
# ## 网络 {#network}
#
# 全页只用一种层。$h_l$ 是第 $l$ 层的输出，形状是（图片，宽度 $n$）；$h_0 = x W_{in}$ 是图片的线性投影。
#
# $$\begin{gathered}h_l = s \, h_{l-1} + \alpha \, \varphi(N(h_{l-1})) \, W_l, \\ l = 1, \dots, L\end{gathered}$$
#
# $\varphi$ 是激活函数，$N$ 是归一化（没有时就是恒等），$W_l$ 的形状是 $(n, n)$。$s = 0$ 是普通网络，$s = 1$ 是残差网络；$\alpha$ 是支路的系数，默认是 1，设置 `scaled` 时取 $1/\sqrt{L}$。上式是 `pre` 的写法；`post` 把 $N$ 移到相加之后。激活在前、权重在后，这是 He 等人 2016 年的次序；对普通网络，它与教科书里的“线性、归一化、激活”是同一串运算，只是层的分界换了地方。没有偏置，也没有归一化的可学参数。
#
# 权重的尺度用增益（gain）$g$ 表示：每个元素的标准差是 $g/\sqrt{n}$。Glorot（又叫 Xavier）在方阵上就是 $g = 1$，He 是 $g = \sqrt{2}$；正交初始化的矩阵，所有奇异值（singular value）都等于 $g$。
#
# 前向算的每个张量（tensor），第一维都是“网络”：几个种子、几种设置并排算，互不影响。

# %% [markdown] tags=["en"]
# ## The network {#network}
#
# The whole page uses one kind of layer.
# $h_l$ is the output of layer $l$, of shape (images, $n$), where $n$ is the width, the number of units per layer; $h_0 = x W_{in}$ is a linear projection of the images.
#
# $$\begin{gathered}h_l = s \, h_{l-1} + \alpha \, \varphi(N(h_{l-1})) \, W_l, \\ l = 1, \dots, L\end{gathered}$$
#
# $\varphi$ is the activation function, $N$ the normalization (the identity if there is none), and $W_l$ has shape $(n, n)$.
# $L$ is the number of layers; $s = 0$ is a plain network and $s = 1$ a residual network; $\alpha$ scales the branch (the second term), and `scaled` means $\alpha = 1/\sqrt{L}$.
# With `post`, $N$ comes after the sum.
# Activation first, weights second is the order of He et al., 2016; for a plain network it is the textbook order "linear, normalization, activation" with the layers cut at a different place.
# There are no biases, and normalization has no learned parameters.
#
# The scale of the weights is given as a gain $g$: each element has the standard deviation $g/\sqrt{n}$.
# On square matrices Glorot (also called Xavier) is $g = 1$ and He is $g = \sqrt{2}$; with orthogonal initialization every singular value of the matrix equals $g$.
#
# The first axis of every activation tensor is the network: several seeds or settings run side by side and do not affect each other.

# %%
activations = {"sigmoid": tf.sigmoid, "tanh": tf.tanh, "relu": tf.nn.relu, "gelu": tf.nn.gelu}
gains = {"small": 0.5, "large": 3.0, "glorot": 1.0, "he": 2**0.5, "orthogonal": 1.0}


def draw(initializer, networks=1, depth=30, width=64, seed=0):
    rng = np.random.default_rng(seed)
    hidden = rng.normal(size=(depth, networks, width, width)) / width**0.5
    if initializer == "orthogonal":
        q, r = np.linalg.qr(hidden)
        # Without the signs of r, the matrices would not be uniformly distributed.
        hidden = q * np.sign(np.diagonal(r, axis1=-2, axis2=-1))[..., None, :]
    first = rng.normal(size=(networks, 64, width)) / 8
    last = rng.normal(size=(networks, width, 10)) / width**0.5
    return [tf.constant(w, tf.float32) for w in (first, gains[initializer] * hidden, last)]


# %%
def normalize(h, kind):
    if kind == "none":
        return h
    # BatchNorm works over the images of one unit, the other two over the units of one image.
    axis = -2 if kind == "batch" else -1
    if kind != "rms":
        h = h - tf.reduce_mean(h, axis=axis, keepdims=True)
    return h * tf.math.rsqrt(tf.reduce_mean(h * h, axis=axis, keepdims=True) + 1e-6)


def forward(x, weights, activation, skip=0.0, branch=1.0, pre="none", post="none"):
    first, hidden, last = weights
    phi = activations[activation]
    stream = [x @ first]  # (networks, batch, width)
    for w in tf.unstack(hidden):
        h = stream[-1]
        update = phi(normalize(h, pre)) @ w
        stream.append(normalize(skip * h + branch * update, post))
    return stream, phi(normalize(stream[-1], pre)) @ last  # (networks, batch, classes)


# %% [markdown] tags=["zh"]
# ## 每层两个数 {#two-numbers}
#
# - **前向标准差** $s_l$：固定一个单元，看它的值在一批图片之间的标准差，再对单元取均方根；`measure` 用 128 张图片，训练时用那一步的 96 张。它归零，就是说所有图片在这一层都长得一样，后面的层没有东西可学。
# - **梯度范数** $g_l = \|\delta_l\|$，其中 $\delta_l = \partial \ell / \partial h_l$，$\ell$ 是损失。$\delta_l$ 与 $h_l$ 同形状。$g_l$ 归零，前面的层就收不到消息。
#
# 这两个数，图里画的都是比值：$s_l / s_0$ 和 $g_l / g_L$，意思是：从起点出发，走到这一层还剩多少。

# %% [markdown] tags=["en"]
# ## Two numbers per layer {#two-numbers}
#
# - **Forward standard deviation** $s_l$: take one unit, look at the standard deviation of its value over the images (128 in `measure`, the 96 of a step in training), then take the root mean square over the units. At zero, all images look the same in this layer, and the layers after it have nothing to learn from.
# - **Gradient norm** $g_l = \|\delta_l\|$ with $\delta_l = \partial \ell / \partial h_l$, where $\ell$ is the loss. At zero, the layers before it get no signal.
#
# Of these two, the figures show ratios, $s_l / s_0$ and $g_l / g_L$: how much of the starting value is left at this layer.


# %%
def backward(x, y, weights, rule):
    with tf.GradientTape() as tape:
        tape.watch(weights)
        stream, logits = forward(x, weights, **rule)
        targets = tf.repeat(y[None], logits.shape[0], axis=0)
        losses = tf.nn.sparse_softmax_cross_entropy_with_logits(targets, logits)
        losses = tf.reduce_mean(losses, axis=1)  # (networks,)
        # A sum over networks, so that they stay independent of each other.
        total = tf.reduce_sum(losses)
    gradients = tape.gradient(total, [*weights, *stream])
    return losses, gradients[:3], stream, gradients[3:]


def per_layer(stream, signal):
    # In float32 the square of 1e-24 would be zero.
    h, delta = (tf.cast(tf.stack(parts), tf.float64) for parts in (stream, signal))
    spread = tf.sqrt(tf.reduce_mean(tf.math.reduce_variance(h, axis=2), axis=2))
    return spread, tf.norm(delta, axis=[2, 3])  # both (layers + 1, networks)


def measure(weights, **rule):
    _, _, stream, signal = backward(x_probe, y_probe, weights, rule)
    spread, norm = (values.numpy() for values in per_layer(stream, signal))
    return spread / spread[:1], norm / norm[-1:]


# %% [markdown] tags=["zh"]
# 训练用自己写的 Adam，公式与 Keras 的相同；这样，每个网络可以有自己的学习率、$\varepsilon$（分母里防止除以零的小数）、L2 系数和裁剪阈值。

# %% [markdown] tags=["en"]
# Training uses Adam written out in full, with the formula of Keras, so that each network can have its own learning rate, $\varepsilon$ (the small constant in Adam's denominator), L2 penalty and clipping threshold.


# %%
def adam(variable, gradient, mean, square, t, rate, epsilon):
    mean.assign(0.9 * mean + 0.1 * gradient)
    square.assign(0.999 * square + 0.001 * gradient**2)
    step = rate * tf.sqrt(1 - 0.999**t) / (1 - 0.9**t)
    variable.assign_sub(step * mean / (tf.sqrt(square) + epsilon))


def sgd(variable, gradient, mean, square, t, rate, epsilon):
    variable.assign_sub(rate * gradient)


def global_norm(gradients):  # (networks, 1, 1)
    squares = [tf.reduce_sum(g**2, axis=[-2, -1], keepdims=True) for g in gradients]
    squares[1] = tf.reduce_sum(squares[1], axis=0)  # The hidden layers of one network.
    return tf.sqrt(tf.add_n(squares))


def column(value):  # One number for each network, or one for all.
    return tf.reshape(tf.constant(value, tf.float32), (-1, 1, 1))


# %%
shuffle = np.random.default_rng(1)
epochs = [shuffle.permutation(TRAIN) for _ in range(STEPS * BATCH // TRAIN + 1)]
batches = np.concatenate(epochs)[: STEPS * BATCH].reshape(STEPS, BATCH)


def train(weights, rule, optimizer=adam, steps=STEPS, observe=False, **options):
    defaults = {"rate": 0.001, "epsilon": 1e-7, "l2": 0.0, "decay": 0.0, "clip": 1e30}
    rate, epsilon, l2, decay, clip = map(column, (defaults | options).values())
    variables = [tf.Variable(w) for w in weights]
    moments = [[tf.Variable(tf.zeros_like(w)) for w in weights] for _ in range(2)]

    @tf.function(autograph=False)
    def step(x, y, t):
        losses, gradients, stream, signal = backward(x, y, variables, rule)
        gradients = [g + l2 * v for g, v in zip(gradients, variables, strict=True)]
        scale = clip / tf.maximum(global_norm(gradients), clip)
        for variable, g, mean, square in zip(variables, gradients, *moments, strict=True):
            variable.assign_sub(rate * decay * variable)
            optimizer(variable, scale * g, mean, square, t, rate, epsilon)
        return losses, *(per_layer(stream, signal) if observe else ())

    rows = [(x_train[i], y_train[i]) for i in batches[:steps]]
    log = [step(x, y, tf.constant(t + 1.0)) for t, (x, y) in enumerate(rows)]
    return variables, *(np.array(values) for values in zip(*log, strict=True))


# %% [markdown] tags=["zh"]
# ## 你的网络 {#your-network}
#
# 按设置搭一个网络，用 Adam 训练 60 步，每一步都记下每一层的两个数。颜色是以 10 为底的对数：白是没有变化，蓝是变小，红是变大。

# %% [markdown] tags=["en"]
# ## Your network {#your-network}
#
# Build the network that the settings describe, train it for 60 steps with Adam, and record the two numbers of every layer at every step.
# The color is the logarithm to base 10: white means unchanged, blue smaller, red larger.


# %%
def rule_of(settings):
    scaled = settings["depth"] ** -0.5
    skip, branch = {"none": (0.0, 1.0), "full": (1.0, 1.0), "scaled": (1.0, scaled)}[
        settings["residual"]
    ]
    norm = {settings["placement"]: settings["normalization"]}
    return {"activation": settings["activation"], "skip": skip, "branch": branch, **norm}


def watch(settings, steps=60):
    weights = draw(settings["initializer"], 1, settings["depth"], settings["width"])
    _, losses, spread, norm = train(weights, rule_of(settings), steps=steps, observe=True)
    spread, norm = spread[..., 0].T, norm[..., 0].T  # (layers + 1, steps)
    return losses[:, 0], spread / spread[0], norm / norm[-1]


# %%
def heat_map(axis, values, limit=8, **options):
    axis.grid(False)
    colours = np.log10(np.maximum(values, 1e-300))
    options = {"aspect": "auto", "interpolation": "none", "origin": "upper", **options}
    bands = plt.get_cmap("RdBu_r", 17)
    return axis.imshow(colours, cmap=bands, vmin=-limit, vmax=limit, **options)


def two_maps(parts, xlabel, names=None, limit=8, **options):
    fig, axes = plt.subplots(1, 2, sharey=True, **options)
    for axis, values, title in zip(axes, parts, ("forward", "backward"), strict=True):
        image = heat_map(axis, values, limit, origin="upper" if names else "lower")
        axis.set(xlabel=xlabel, title=title)
    if names:
        axes[0].set_yticks(range(len(names)), names, fontsize="x-small")
    else:
        axes[0].set_ylabel("layer (0 is the input)")
    fig.colorbar(image, ax=axes, label="log10 of what is left")
    plt.show()


# %%
your_loss, your_spread, your_norm = watch(settings)
print(f"loss: {your_loss[0]:.2f} at first, {your_loss[-10:].mean():.2f} at the end")
print(f"forward, last layer / input:  {your_spread[-1, 0]:.0e}")
print(f"backward, input / last layer: {your_norm[0, 0]:.0e}")
if tuple(settings.values()) == (30, 64, "sigmoid", "glorot", "none", "none", "pre"):
    assert your_spread[-1].max() < 1e-6 and your_norm[0].max() < 1e-16
    assert your_loss[-10:].mean() > np.log(10) - 0.05  # Guessing one of ten classes.

two_maps((your_spread, your_norm), "training step")

# %% [markdown] tags=["zh"]
# ![两张热图，横轴是训练步，纵轴是层。左图前向：下面几层是白的，往上迅速变蓝。右图反向：最上面几层是白的，往下迅速变蓝。两张图从左到右几乎不变。](figure)
#
# 左图从下往上变蓝：输入时图片各不相同，到第 30 层，差别只剩 `{python} f"{your_spread[-1, 0]:.0e}"`，这已经是 float32 的舍入误差。右图从上往下变蓝：梯度到输入时只剩 `{python} f"{your_norm[0, 0]:.0e}"`。两个方向各死一头：没有一层既看得见图片，又听得见损失。
#
# 再看横轴：60 步过去，颜色不变，损失停在 `{python} f"{your_loss[-10:].mean():.2f}"`，瞎猜十类是 $\ln 10 \approx 2.30$。Adam 走了 60 步，没有把它救活。

# %% [markdown] tags=["en"]
# ![Two heat maps, training step against layer. Forward: the lowest layers are white, and the color turns blue quickly further up. Backward: the topmost layers are white, and the color turns blue quickly further down. Neither changes from left to right.](figure)
#
# On the left the color turns from white to blue from the bottom up: the images differ at the input, but at layer 30 only `{python} f"{your_spread[-1, 0]:.0e}"` of the difference is left, which is no more than the rounding error of float32.
# On the right it turns blue from the top down: of the gradient, only `{python} f"{your_norm[0, 0]:.0e}"` arrives at the input.
# Each direction dies at its own end, and no layer in the middle both sees the images and hears the loss.
#
# Now look along the horizontal axis: after 60 steps the colors are the same, and the loss stays at `{python} f"{your_loss[-10:].mean():.2f}"`; guessing one of ten classes gives $\ln 10 \approx 2.30$.
# Sixty steps of Adam do not bring it back.

# %% [markdown] tags=["zh"]
# ## 练习一：前向很健康 {#exercise-1}
#
# 把设置里的 `"activation"` 改成 `"tanh"`，`"initializer"` 改成 `"large"`（$g = 3$）。先猜：左图和右图各是什么颜色？网络学得动吗？

# %% [markdown] tags=["en"]
# ## Exercise 1: a healthy forward pass {#exercise-1}
#
# In the settings, change `"activation"` to `"tanh"` and `"initializer"` to `"large"` ($g = 3$).
# Predict first: what color is the left map, what color is the right one, and does the network learn?

# %% [markdown] tags=["zh", "answer"]
# 左图差不多全白：tanh 把激活值限在 ±1 之间，信号大不到哪里去，第 30 层的差别是输入的 `{python} f"{loud_spread[-1, 0]:.1f}"` 倍。右图往下越来越红：饱和的单元斜率接近 0，可是没有饱和的单元，斜率还要乘上 3 倍的权重。平均下来，每层的倍数大于 1，到输入处放大了 `{python} f"{loud_norm[0, 0]:.0e}"` 倍。60 步之后损失是 `{python} f"{loud_loss[-10:].mean():.2f}"`。只看激活值的监控发现不了这种死法。

# %% [markdown] tags=["en", "answer"]
# The left map is nearly white: tanh keeps its outputs between −1 and 1 however large the weights are, and the spread of layer 30 is `{python} f"{loud_spread[-1, 0]:.1f}"` times that of the input.
# The right map turns red toward the input: a saturated unit (a value far from 0, where tanh is flat) has a slope near 0, but in units that are not saturated the slope is multiplied by weights three times as large; the average factor is above 1, so at the input the gradient has grown `{python} f"{loud_norm[0, 0]:.0e}"` times.
# After 60 steps the loss is `{python} f"{loud_loss[-10:].mean():.2f}"`.
# If you monitor only activations, you do not notice this kind of death.

# %% tags=["answer"]
loud = settings | {"depth": 30, "width": 64, "activation": "tanh", "initializer": "large"}
loud |= {"residual": "none", "normalization": "none"}
loud_loss, loud_spread, loud_norm = watch(loud)
print(f"forward {loud_spread[-1, 0]:.2f}, backward {loud_norm[0, 0]:.1e}")
print(f"loss: {loud_loss[0]:.2f} at first, {loud_loss[-10:].mean():.2f} at the end")
assert 1 < loud_spread[-1, 0] < 5 and loud_norm[0, 0] > 1000
assert loud_loss[-10:].mean() > 2

# %% [markdown] tags=["zh"]
# ## 机制：连乘 {#mechanism}
#
# $N$ 取恒等，对上面的公式求导，一层的雅可比矩阵（Jacobian）是
#
# $$\begin{gathered}J_l = \frac{\partial h_l}{\partial h_{l-1}} = s I + \alpha \, \mathrm{diag}(\varphi'(h_{l-1})) \, W_l, \\ \delta_0 = J_1 J_2 \cdots J_L \, \delta_L\end{gathered}$$
#
# $J_l$ 的形状是 $(n, n)$，行对应输入、列对应输出；这里的 $\delta_l$ 只取一张图片，是长为 $n$ 的列向量。30 个矩阵相乘，结果多大，由每个因子的平均放大率决定。宽度趋于无穷时，不跑网络就能算出这个放大率，这叫平均场（mean field）递推。设 $q_l$ 是 $h_l$ 各元素平方的平均，$u$ 是标准正态变量，$\mathrm{E}$ 对 $u$ 求期望，这里的量都是标量：
#
# $$\begin{gathered}q_l = s^2 q_{l-1} + \alpha^2 g^2 \, \mathrm{E}[\varphi(\sqrt{q_{l-1}} u)^2], \\ \chi_l = s^2 + \alpha^2 g^2 \, \mathrm{E}[\varphi'(\sqrt{q_{l-1}} u)^2]\end{gathered}$$
#
# $\chi_l$ 是一层把 $\|\delta\|^2$ 平均放大的倍数。两张图片之间的距离也有递推：在 $q_l$ 的式子里，把 $\varphi(\cdot)^2$ 换成两张图片的激活之差，平方以后取一半。两张图片很近时，距离的放大率正好也是 $\chi_l$。所以前向和反向往往一起死：做主的是同一个数。

# %% [markdown] tags=["en"]
# ## The mechanism: a product {#mechanism}
#
# Leave the norm out ($N$ is the identity) and differentiate the layer defined above: you get its Jacobian, the matrix of all derivatives of its outputs with respect to its inputs:
#
# $$\begin{gathered}J_l = \frac{\partial h_l}{\partial h_{l-1}} = s I + \alpha \, \mathrm{diag}(\varphi'(h_{l-1})) \, W_l, \\ \delta_0 = J_1 J_2 \cdots J_L \, \delta_L\end{gathered}$$
#
# Here $J_l$ has shape $(n, n)$, its rows belong to the input and its columns to the output; and $\delta_l$ is the column vector of one image, of length $n$.
# Thirty matrices are multiplied, and the average amplification of one factor decides the size of the product.
# For infinite width that amplification can be computed without running a network, by a recursion called mean field.
# Let $q_l$ be the mean square of the elements of $h_l$, and $u$ a standard normal variable:
#
# $$\begin{gathered}q_l = s^2 q_{l-1} + \alpha^2 g^2 \, \mathrm{E}[\varphi(\sqrt{q_{l-1}} u)^2], \\ \chi_l = s^2 + \alpha^2 g^2 \, \mathrm{E}[\varphi'(\sqrt{q_{l-1}} u)^2]\end{gathered}$$
#
# $\chi_l$ is the factor by which one layer multiplies $\|\delta\|^2$ on average.
# The squared distance between two images has a recursion too: in the first formula, replace $\varphi(\cdot)^2$ by half the squared difference of the two activations.
# For two images that are close, its factor is $\chi_l$ as well.
# That is why both directions tend to die together: one number governs both.

# %%
u = np.linspace(-6, 6, 70)  # An even number of points, so that none lies on the kink of ReLU.
weight = np.exp(-(u**2) / 2) / np.exp(-(u**2) / 2).sum()
near = np.logspace(-6, np.log10(2), 30)  # 1 - cosine of two images


def evaluate(activation, z):  # The activation function and its slope.
    z = tf.cast(z, tf.float64)
    with tf.GradientTape() as tape:
        tape.watch(z)
        value = activations[activation](z)
    return value.numpy(), tape.gradient(value, z).numpy()


def growth(activation, q):  # How squared distances grow if g = 1, for each value of `near`.
    angle = near[:, None, None]
    other = (1 - angle) * u[:, None] + np.sqrt(angle * (2 - angle)) * u
    one, two = (evaluate(activation, np.sqrt(q) * z)[0] for z in (u[:, None], other))
    half = np.einsum("i,j,nij->n", weight, weight, (one - two) ** 2) / 2
    return half / (q * near)


# %%
def predict(activation, initializer, skip=0.0, branch=1.0, depth=30):
    images = x_probe.astype("float64")
    # Half of the mean squared difference of each pair, (images, images).
    apart = np.maximum(1 - images @ images.T / 64, 0) * (1 - np.eye(len(images)))
    q, spread, chi = 1.0, [apart.mean()], []
    keep, add = skip**2, (branch * gains[initializer]) ** 2
    for _ in range(depth):
        value, slope = evaluate(activation, np.sqrt(q) * u)
        angle = np.log(np.maximum(apart / q, 1e-300))
        apart *= keep + add * np.interp(angle, np.log(near), growth(activation, q))
        chi.append(keep + add * weight @ slope**2)
        q = keep * q + add * weight @ value**2
        spread.append(apart.mean())
    norm = np.cumprod([1, *chi[::-1]])[::-1]  # From the last layer back to the input.
    return np.sqrt(np.array(spread) / spread[0]), np.sqrt(norm)


# %% [markdown] tags=["zh"]
# 拿五种配方对照：线是递推，点是实测，取四个宽 256 的网络的均方根。

# %% [markdown] tags=["en"]
# Compare five recipes: lines for the recursion, dots for measurements on four networks of width 256 (root mean square).

# %%
recipes = {  # activation, initializer, skip
    "sigmoid, Glorot": ("sigmoid", "glorot", 0.0),
    "tanh, Glorot": ("tanh", "glorot", 0.0),
    "tanh, large": ("tanh", "large", 0.0),
    "ReLU, He": ("relu", "he", 0.0),
    "ReLU, He, residual": ("relu", "he", 1.0),
}
theory, measured, factor = {}, {}, {}
for name, (activation, initializer, skip) in recipes.items():
    theory[name] = np.array(predict(activation, initializer, skip))  # (2, layers + 1)
    wide = draw(initializer, 4, width=256)
    parts = measure(wide, activation=activation, skip=skip)  # 2 × (layers + 1, networks)
    measured[name] = np.sqrt(np.mean(np.square(parts), axis=2))
    visible = theory[name] > [[1e-5], [0]]  # Below that, float32 rounds the forward pass.
    factor[name] = np.exp(np.abs(np.log(measured[name] / theory[name]))[visible].max())
    for side, end, label in ((0, -1, "forward"), (1, 0, "backward")):
        pair = measured[name][side, end], theory[name][side, end]
        print(f"{name:19s} {label:9s} measured {pair[0]:.0e}, predicted {pair[1]:.0e}")
print(f"largest factor between the two, over all layers: {max(factor.values()):.2f}")
assert max(factor.values()) < 2

# %%
fig, axes = plt.subplots(1, 2, sharey=True)
layers = np.arange(0, 31, 5)
for side, (axis, title) in enumerate(zip(axes, ("forward", "backward"), strict=True)):
    for number, name in enumerate(recipes):
        line, dots = theory[name][side, ::5], measured[name][side, ::5]
        axis.semilogy(layers, line, color=f"C{number}", label=name)
        axis.semilogy(layers, dots, ".", color=f"C{number}")
    axis.set(xlabel="layer (0 is the input)", title=title, ylim=(1e-20, 1e7))
    axis.minorticks_off()
axes[0].set_ylabel("what is left (ratio)")
axes[1].legend(fontsize="x-small", loc="lower right")
plt.show()

# %% [markdown] tags=["zh"]
# ![两张折线图，横轴是层，纵轴是对数：前向从输入往右，反向从最后一层往左，五种配方各一条线，点落在线上。只有 sigmoid 的前向例外：线一直往下，点在中途停住走平。](figure)
#
# 点落在线上：五种配方、两个方向、每一层，除去下面说的例外，实测与预测最多差 `{python} f"{max(factor.values()):.2f}"` 倍；数值本身的跨度是 `{python} f"{np.ptp(np.log10(np.array(list(theory.values())))):.0f}"` 个数量级。例外是 sigmoid 的前向：理论说差别会一直缩到 `{python} f"{theory['sigmoid, Glorot'][0, -1]:.0e}"`，实测停在 `{python} f"{measured['sigmoid, Glorot'][0, -1]:.0e}"`，那是 float32 的舍入噪声，不是信息。
#
# 三件事值得记。其一，sigmoid 的斜率最多 1/4，$g = 1$ 时 $\chi$ 略低于 1/16，每层缩到不足四分之一。其二，He 初始化让 ReLU 的 $\chi$ 恰好等于 1，但它是为 ReLU 算的，用在 GELU 上还不够：按递推，30 层的梯度缩到 `{python} f"{predict('gelu', 'he')[1][0]:.0e}"`。其三，残差如果不缩放，就给 $\chi$ 加上 1：ReLU 配 He 是 $1 + 1 = 2$，梯度每层乘 $\sqrt{2}$，30 层就是 `{python} f"{theory['ReLU, He, residual'][1, 0]:.0e}"`：残差只防消失，不防爆炸。

# %% [markdown] tags=["en"]
# ![Two line charts over the layers with a logarithmic scale: forward from the input to the right, backward from the last layer to the left, one line for each of five recipes, with dots on the lines. The exception is the forward pass of the sigmoid: its line keeps falling, and its dots level off halfway.](figure)
#
# The dots lie on the lines: over five recipes, both directions and every layer, measurement and prediction differ by a factor of at most `{python} f"{max(factor.values()):.2f}"`, while the values span `{python} f"{np.ptp(np.log10(np.array(list(theory.values())))):.0f}"` powers of ten.
# The exception is the forward pass of the sigmoid: the theory says that the difference shrinks to `{python} f"{theory['sigmoid, Glorot'][0, -1]:.0e}"`, but the measurement stops at `{python} f"{measured['sigmoid, Glorot'][0, -1]:.0e}"`, which is rounding noise of float32, not information.
#
# There are three things to remember.
# The slope of a sigmoid is at most 1/4, so with $g = 1$ $\chi$ is a little below $1/16$, and every layer leaves a little less than a quarter.
# He initialization makes $\chi$ of ReLU exactly 1, but it was computed for ReLU; with GELU it is not enough, and by the recursion 30 layers leave `{python} f"{predict('gelu', 'he')[1][0]:.0e}"` of the gradient.
# A residual connection without scaling adds 1 to $\chi$: with ReLU and He it is $1 + 1 = 2$, and the gradient grows by $\sqrt{2}$ per layer, `{python} f"{theory['ReLU, He, residual'][1, 0]:.0e}"` over 30 layers. It protects against vanishing, not against explosion.

# %% [markdown] tags=["zh"]
# ### 平均数掩盖了什么 {#singular-values}
#
# $\chi$ 是平均：64 个方向里，几个放大、其余压扁，平均也可以是 1。所以把 30 个矩阵真的乘起来，看乘积的全部奇异值。顺便核对：乘积作用在 $\delta_L$ 上，应当等于 `GradientTape` 给出的 $\delta_0$。

# %% [markdown] tags=["en"]
# ### What the average hides {#singular-values}
#
# $\chi$ is an average: it can be 1 even if a few of the 64 directions are stretched and the others flattened.
# So multiply the matrices and look at all singular values of the product, the factors by which it stretches or flattens each direction.
# A check on the way: the product applied to $\delta_L$ should equal the $\delta_0$ that `GradientTape` gives.


# %%
def jacobian(activation, initializer, gain=1.0, skip=0.0, branch=1.0):
    first, hidden, last = draw(initializer)
    rule = {"activation": activation, "skip": skip, "branch": branch}
    _, _, stream, signal = backward(x_probe[:1], y_probe[:1], [first, gain * hidden, last], rule)
    product, values = np.eye(64), []
    for h, w in zip(stream[:-1], gain * hidden[:, 0].numpy().astype("float64"), strict=True):
        slope = evaluate(activation, h[0, 0])[1]  # (width,)
        product = product @ (skip * np.eye(64) + branch * slope[:, None] * w)
        values.append(np.linalg.svd(product, compute_uv=False))
    by_tape = signal[0][0, 0].numpy()
    error = np.linalg.norm(product @ signal[-1][0, 0].numpy() - by_tape) / np.linalg.norm(by_tape)
    return np.array(values), error  # (layers, width)


# %%
cases = {  # The gain of 2**0.5 makes orthogonal matrices fit ReLU.
    "tanh, Glorot": ("tanh", "glorot"),
    "tanh, orthogonal": ("tanh", "orthogonal"),
    "ReLU, He": ("relu", "he"),
    "ReLU, orthogonal": ("relu", "orthogonal", 2**0.5),
    "ReLU, residual scaled": ("relu", "he", 1.0, 1.0, 30**-0.5),
}
singular, alive = {}, {}
for name, case in cases.items():
    singular[name], error = jacobian(*case)
    alive[name] = int(np.sum(singular[name][-1] > 0.01 * singular[name][-1, 0]))
    print(f"{name:21s} {alive[name]:2d} of 64 directions above 1 % of the largest")
    assert error < 1e-3  # The product gives what the tape gives.
assert min(alive["tanh, orthogonal"], alive["ReLU, residual scaled"]) > 55
assert max(alive["tanh, Glorot"], alive["ReLU, He"], alive["ReLU, orthogonal"]) < 20

# %%
fig, axes = plt.subplots(1, 5, sharey=True)
for axis, (name, values) in zip(axes, singular.items(), strict=True):
    image = heat_map(axis, values.T, extent=(0.5, 30.5, 0.5, 64.5))
    axis.set_title(name.replace(", ", ",\n"), fontsize="small")
axes[0].set_ylabel("singular value, by rank from below")
fig.supxlabel("layers multiplied", fontsize="medium")
fig.colorbar(image, ax=axes, label="log10 of the singular value")
plt.show()

# %% [markdown] tags=["zh"]
# ![五张热图，横轴是乘了几层，纵轴是按大小排列的奇异值，最大的在最上。tanh 加正交、缩放的残差这两张接近白色；另外三张随层数增加，从下往上很快变蓝，最后只剩顶上一条白边。](figure)
#
# 下面的个数出自一张图片、一组权重。先看高斯权重。乘到第 30 层，ReLU 加 He 的 64 个方向里，只有 `{python} alive["ReLU, He"]` 个的奇异值还在最大值的 1% 以上；tanh 加 Glorot 是 `{python} alive["tanh, Glorot"]` 个。梯度的长度健康，方向却只剩几个。tanh 加正交矩阵保住了 `{python} alive["tanh, orthogonal"]` 个。给 ReLU 换上正交矩阵帮助不大，只有 `{python} alive["ReLU, orthogonal"]` 个：每层大约有一半的单元斜率为 0，这一半方向就丢了。这正是 Pennington 等人 2017 年的结论：ReLU 网络做不到动力学等距（dynamical isometry），也就是做不到全部奇异值都在 1 附近；sigmoid 一类的网络可以，但权重要正交。加上残差就不同了：支路缩放后，雅可比矩阵离单位矩阵不远，`{python} alive["ReLU, residual scaled"]` 个方向都在。

# %% [markdown] tags=["en"]
# ![Five heat maps: layers multiplied against the singular values in order of size, the largest on top. For tanh with orthogonal matrices and for the scaled residual network the map stays close to white; the other three turn blue from below as layers are added, until a thin white edge is left on top.](figure)
#
# The counts are for one image and one set of weights.
# With Gaussian weights, after 30 layers of ReLU with He only `{python} alive["ReLU, He"]` of 64 directions are above 1% of the largest; with tanh and Glorot there are `{python} alive["tanh, Glorot"]`.
# The gradient has a healthy length, but only a few directions to point in.
# tanh with orthogonal matrices keeps `{python} alive["tanh, orthogonal"]`.
# For ReLU orthogonal matrices hardly help, `{python} alive["ReLU, orthogonal"]` remain: about half of its units have slope 0 in every layer, and their directions are lost.
# That is what Pennington et al. found in 2017: ReLU networks are incapable of dynamical isometry, that is, of having all singular values near 1; networks of sigmoid type are capable of it, with orthogonal weights.
# A residual connection changes that for ReLU: with a scaled branch the Jacobian is not far from the identity, and `{python} alive["ReLU, residual scaled"]` directions remain.

# %% [markdown] tags=["zh"]
# ## 初始化配激活函数 {#initialization}
#
# 五种初始化，四种激活函数，二十个 30 层的网络，宽 64。“活着”的意思是：两个方向的比值都在 1/30 到 30 之间。

# %% [markdown] tags=["en"]
# ## Initialization and activation {#initialization}
#
# Five initializations and four activation functions make twenty networks of 30 layers, each 64 units wide.
# "Alive" means that both directions stay within a factor of 30.

# %%
grid = {
    f"{activation}, {initializer}": measure(draw(initializer), activation=activation)
    for activation in activations
    for initializer in gains
}
ends = {name: (parts[0][-1, 0], parts[1][0, 0]) for name, parts in grid.items()}
living = [name for name, (a, b) in ends.items() if 1 / 30 < min(a, b) and max(a, b) < 30]
print("alive:", "; ".join(living))
assert {"tanh, glorot", "tanh, orthogonal", "relu, he"} <= set(living)
assert not any(name.startswith("sigmoid") for name in living) and len(living) < 6
both = np.array(list(grid.values()))[..., 0].swapaxes(0, 1)  # (2, settings, layers + 1)
two_maps(both, "layer (0 is the input)", list(grid), figsize=(6.4, 4.6))

# %% [markdown] tags=["zh"]
# ![两张热图，二十行是激活函数和初始化的组合，横轴是层。sigmoid 五行全蓝；tanh 有三行、ReLU 有一行在两张图里颜色都浅；ReLU 和 GELU 配 large 的两行是红的。](figure)
#
# 二十种里活着的只有 `{python} len(living)` 种。这五种初始化都救不了 sigmoid：它的斜率不超过 1/4，所以 $\chi \le g^2/16$，连 $g = 3$ 的 large 也到不了 1。tanh 配 large 就是练习一，一边白一边红，所以两个方向要分开看。ReLU 要 He；换成增益为 1 的正交矩阵，就少了因子 $\sqrt{2}$，每层要缩掉三成。

# %% [markdown] tags=["en"]
# ![Two heat maps of twenty rows, each an activation with an initialization, over the layers. The five rows of the sigmoid are blue; three rows of tanh and one of ReLU are pale in both maps; the two rows of ReLU and GELU with the large initialization are red.](figure)
#
# Of the twenty only `{python} len(living)` are alive.
# None of these five initializations saves the sigmoid: its slope is at most 1/4, so $\chi \le g^2/16$, which is below 1 even for `large` ($g = 3$).
# tanh with `large` is exercise 1, white on one side and red on the other, so always look at both directions.
# ReLU needs He; orthogonal matrices with a gain of 1 lack its factor $\sqrt{2}$ and lose three tenths of the signal in every layer.

# %% [markdown] tags=["zh"]
# ## 残差和归一化 {#residual-normalization}
#
# 激活函数固定用 ReLU，初始化固定用 He，只换结构。颜色的范围缩小到 ±4，细处看得更清。归一化有三种：BatchNorm 对一个单元跨图片做，LayerNorm 和 RMSNorm 对一张图片跨单元做，RMSNorm 不减均值。

# %% [markdown] tags=["en"]
# ## Residual connections and normalization {#residual-normalization}
#
# Keep ReLU with He and change the architecture.
# The colors now span ±4, to show finer differences.
# There are three normalizations: BatchNorm works over the images of one unit; LayerNorm and RMSNorm work over the units of one image, and RMSNorm does not subtract the mean.

# %%
plain, full = {"activation": "relu"}, {"activation": "relu", "skip": 1.0}
designs = {"plain": plain} | {f"plain, {n}": plain | {"pre": n} for n in ("batch", "layer", "rms")}
designs |= {"residual": full, "residual, scaled": full | {"branch": 30**-0.5}}
for place in ("pre", "post"):
    designs |= {f"{place}-{n}": full | {place: n} for n in ("batch", "layer", "rms")}
maps = {name: measure(draw("he", 3), **rule) for name, rule in designs.items()}
batch_gain = (maps["plain, batch"][1][0] ** (1 / 30)).mean()
layer_gain = (maps["plain, layer"][1][0] ** (1 / 30)).mean()
print(f"plain, gradient per layer: BatchNorm x {batch_gain:.3f}, LayerNorm x {layer_gain:.3f}")
predicted_gain = (np.pi / (np.pi - 1)) ** 0.5
assert abs(batch_gain / predicted_gain - 1) < 0.03 and abs(layer_gain - 1) < 0.03
assert maps["residual"][1][0].min() > 1e4 and maps["residual, scaled"][1][0].max() < 5
both = np.array(list(maps.values()))[..., 0].swapaxes(0, 1)  # The first of three networks.
two_maps(both, "layer (0 is the input)", list(maps), limit=4)

# %% [markdown] tags=["zh"]
# ![两张热图，十二行是十二种结构，横轴是层。普通加 batch 那一行前向全白、反向往输入方向变红；不缩放的残差两张都深红；缩放的残差接近白色，带归一化的残差颜色都浅。](figure)
#
# 最深的红是不缩放、不归一化的残差，这里两个方向都放大上万倍。缩放支路，或者加归一化，就压住了。
#
# 第二行与常见的说法相反：**普通网络加 BatchNorm，前向全白，梯度却在爆炸**，每层乘 `{python} f"{batch_gain:.3f}"`。批次和宽度都很大时，这个数可以算出来。BatchNorm 先减均值，再除以标准差，所以 ReLU 输出的均值不算在除数里。两边都按平方算，He 的 $g^2$ 上下抵消：反向乘的是 $\mathrm{E}[\varphi'^2] = 1/2$，前向除的是方差 $\frac{1}{2}(1 - \frac{1}{\pi})$，于是 $\chi = \pi/(\pi - 1)$，开方是 `{python} f"{predicted_gain:.3f}"`。对 LayerNorm 来说，除的实际上是均方根，两边都是 1/2，量出来是 `{python} f"{layer_gain:.3f}"`。Yang 等人 2019 年对很宽的随机网络证明了这件事：梯度爆炸是 BatchNorm 自己造成的，调初始权重的方差、换激活函数都消不掉，最多减轻；他们由此预言，用常见的初始化，没有残差的网络深了就训练不动，并做实验验证。例外也有：2024 年，Meterez 等人用正交权重配线性激活，证明梯度在任意深度都有界。

# %% [markdown] tags=["en"]
# ![Two heat maps of twelve rows, one per architecture, over the layers. The row of plain with batch is white in the forward map and turns red toward the input in the backward map; the residual row without scaling is dark red in both; the scaled residual is close to white, and the residual rows with normalization are pale.](figure)
#
# The darkest red is the residual network with neither scaling nor normalization: here both directions grow more than ten thousand times.
# Scale the branch, or normalize, and the growth is under control.
#
# The second row contradicts what is often said: **a plain network with BatchNorm is white in the forward pass, yet its gradient explodes**, by `{python} f"{batch_gain:.3f}"` per layer.
# That number can be computed, for a large batch and a large width.
# BatchNorm divides by the standard deviation, and it has subtracted the mean of the ReLU outputs: in the backward pass the squared gradient is multiplied by $\mathrm{E}[\varphi'^2] = 1/2$ and divided by the variance of the forward pass, $\frac{1}{2}(1 - \frac{1}{\pi})$; so $\chi = \pi/(\pi - 1)$, and its square root is `{python} f"{predicted_gain:.3f}"`.
# LayerNorm in effect divides by the root mean square, since the mean over the units is close to 0; so both numbers are 1/2, and the measured factor is `{python} f"{layer_gain:.3f}"`.
# Yang et al. proved it in 2019 for wide random networks: BatchNorm itself causes the explosion, and changing the variance of the initial weights or the activation at best reduces it.
# From this they predict that with the common initializations very deep networks without residual connections are not trainable, and their experiments agree.
# There is an exception: in 2024 Meterez et al. proved that with orthogonal weights and linear activations the gradient stays bounded at any depth.

# %% [markdown] tags=["zh"]
# ### pre 和 post：只说量到的 {#pre-post}
#
# 把 LayerNorm 放在支路之前叫 pre-LN，放在相加之后叫 post-LN。常见的说法是：post-LN 在输出端梯度大，要靠学习率预热（开头几步逐渐加大）；pre-LN 不用。其中关于梯度的部分，Xiong 等人在 Transformer 上证明过。这里只有一种小网络，能查的只有一条：初始化时，**最后一层权重的梯度怎样随深度变**。

# %% [markdown] tags=["en"]
# ### Pre and post: only what was measured {#pre-post}
#
# It is often said that post-LN (LayerNorm after the sum) has large gradients near the output and needs warm-up (a learning rate that starts small and rises), while pre-LN (LayerNorm at the start of the branch) does not.
# Xiong et al. proved the part about gradients, for Transformers.
# With one small network you can check one thing: **how the gradient of the last layer's weights depends on depth**, at initialization.

# %%
depths, last_norm, slopes = (6, 12, 24, 48), {}, {}
for place in ("pre", "post"):
    last_norm[place] = []
    for depth in depths:
        gradients = backward(x_probe, y_probe, draw("he", 6, depth), full | {place: "layer"})[1]
        norms = np.linalg.norm(gradients[1], axis=(2, 3))  # (layers, networks)
        last_norm[place].append(norms[-1].mean())
    slopes[place] = np.polyfit(np.log(depths), np.log(last_norm[place]), 1)[0]
    values = "  ".join(f"{value:.2f}" for value in last_norm[place])
    print(f"{place:4s} depth {depths}: {values}; like depth to the power {slopes[place]:.2f}")
assert abs(slopes["pre"] + 0.5) < 0.12 and abs(slopes["post"]) < 0.2

# %% [markdown] tags=["zh"]
# 这一条重现了：pre-LN 最后一层的梯度按深度的 `{python} f"{slopes['pre']:.2f}"` 次方下降，post-LN 的指数是 `{python} f"{slopes['post']:.2f}"`，与深度几乎无关。原因在递推里：pre-LN 的残差流（residual stream），也就是逐层累加的 $h_l$，越积越大，$q_L = 1 + L$，最后的归一化要除以 $\sqrt{1 + L}$；post-LN 每层都把 $q_l$ 拉回 1。至于“post-LN 因此非预热不可”，本页没有重现：下一节里，两者都不预热，也都学得动。

# %% [markdown] tags=["en"]
# This part reproduces: under pre-LN the gradient of the last layer falls like depth to the power `{python} f"{slopes['pre']:.2f}"`; under post-LN the exponent is `{python} f"{slopes['post']:.2f}"`, so it hardly depends on depth.
# The recursion says why: under pre-LN the residual stream keeps adding up, $q_L = 1 + L$, and the last normalization divides by $\sqrt{1 + L}$; post-LN brings it back to 1 in every layer.
# The conclusion, that post-LN cannot do without warm-up, does not reproduce here: in the next section both train without warm-up and learn.

# %% [markdown] tags=["zh"]
# ## 训练：颜色算不算数 {#training}
#
# 八种 30 层的网络，各用三个种子，由 Adam 训练 80 步（不到六轮）；学习率用默认的 0.001，不预热，不调参。先给一个不需要深度的基线（baseline）：逻辑回归。

# %% [markdown] tags=["en"]
# ## Training: do the colors count? {#training}
#
# Eight networks of 30 layers, three seeds each, Adam with its default learning rate of 0.001, 80 steps (less than six epochs), no warm-up, no tuning.
# First a baseline that needs no depth: logistic regression.

# %%
baseline = LogisticRegression(max_iter=1000).fit(x_train, y_train).score(x_test, y_test)
runs = {
    "sigmoid, plain": ("glorot", {"activation": "sigmoid"}),
    "tanh, orthogonal, plain": ("orthogonal", {"activation": "tanh"}),
    "ReLU, plain": ("he", plain),
    "ReLU, plain + BatchNorm": ("he", designs["plain, batch"]),
    "ReLU, residual": ("he", full),
    "ReLU, residual scaled": ("he", designs["residual, scaled"]),
    "ReLU, pre-LN": ("he", designs["pre-layer"]),
    "ReLU, post-LN": ("he", designs["post-layer"]),
}
curves, final, accuracy = {}, {}, {}
for name, (initializer, rule) in runs.items():
    variables, curves[name] = train(draw(initializer, 3), rule)  # (steps, seeds)
    # BatchNorm uses the statistics of the test images: it has no running averages here.
    logits = forward(x_test, variables, **rule)[1]
    accuracy[name] = np.mean(np.argmax(logits, axis=-1) == y_test, axis=1)  # (seeds,)
    final[name] = curves[name][-10:].mean(axis=0)  # (seeds,)
    seeds = "  ".join(f"{loss:6.3f}" for loss in final[name])
    print(f"{name:24s} loss {seeds}   worst test accuracy {accuracy[name].min():.2f}")
print(f"logistic regression: test accuracy {baseline:.2f}")

# %%
chance = np.log(10)
for name in ("sigmoid, plain", "ReLU, plain + BatchNorm"):
    assert final[name].min() > chance - 0.15
assert final["ReLU, residual"].min() > 1.5 * chance
assert final["ReLU, plain"].min() > 5 * final["ReLU, residual scaled"].max()
for name in ("tanh, orthogonal, plain", "ReLU, residual scaled", "ReLU, pre-LN", "ReLU, post-LN"):
    assert final[name].max() < 0.6

fig, axis = plt.subplots(figsize=(6.4, 3.8))
for name, losses in curves.items():
    means = losses.reshape(10, 8, 3).mean(axis=(1, 2))  # eight steps, three seeds
    axis.semilogy(np.arange(4.5, 81, 8), means, label=name)
axis.axhline(chance, color="gray", linestyle=":")
axis.minorticks_off()
axis.set(xlabel="training step", ylabel="training loss (nats)")
axis.legend(fontsize="x-small", loc="upper right", ncols=2)
plt.show()

# %% [markdown] tags=["zh"]
# ![训练损失随步数变化，纵轴是对数，虚线是瞎猜的水平。sigmoid 和加了 BatchNorm 的普通网络贴着虚线；不缩放的残差从很高处降下来，仍在虚线之上；普通 ReLU 慢慢下降；缩放的残差降得最低。](figure)
#
# 80 步之后，30 层的普通 ReLU 网络，最好的种子损失还有 `{python} f"{final['ReLU, plain'].min():.2f}"`；加上缩放的残差，最差的种子也到了 `{python} f"{final['ReLU, residual scaled'].max():.3f}"`。两者的颜色都不差，看得见的差别在奇异值：一个只剩几个方向，另一个全部留着。
#
# 四个意外，照实记下。一，残差本身不是解药：不缩放、不归一化，最好的种子损失还有 `{python} f"{final['ReLU, residual'].min():.0f}"`，比瞎猜还差。二，BatchNorm 也不是：普通网络加上它，停在 `{python} f"{final['ReLU, plain + BatchNorm'].mean():.2f}"`。三，没有残差、没有归一化的 tanh，配上正交初始化，最差的种子也学到了 `{python} f"{final['tanh, orthogonal, plain'].max():.2f}"`。四，这个任务不需要深度：每种网络取最差的种子，其中最高的测试准确率（accuracy）是 `{python} f"{max(a.min() for a in accuracy.values()):.2f}"`，逻辑回归是 `{python} f"{baseline:.2f}"`。这里比的是能不能训练得动，不是该不该做深。

# %% [markdown] tags=["en"]
# ![Training loss against the step on a logarithmic scale; a dotted line marks guessing. The sigmoid and the plain network with BatchNorm stay on the line; the residual network without scaling comes down from far above and remains above it; the plain ReLU network falls slowly; the scaled residual network falls lowest.](figure)
#
# After 80 steps, the best seed of the plain ReLU networks with 30 layers still has a loss of `{python} f"{final['ReLU, plain'].min():.2f}"`; with a scaled residual connection the worst seed reaches `{python} f"{final['ReLU, residual scaled'].max():.3f}"`.
# Both have good colors, and the difference that you can see lies in the singular values: one has a few directions left, the other all of them.
#
# There were four surprises.
# One: a residual connection alone is not a cure; without scaling or normalization the best seed still has a loss of `{python} f"{final['ReLU, residual'].min():.0f}"`, worse than guessing.
# Two: BatchNorm alone is not a cure either; with it, the plain network stays at `{python} f"{final['ReLU, plain + BatchNorm'].mean():.2f}"`.
# Three: tanh with neither residual nor normalization, but with orthogonal initialization, learns: its worst seed reaches `{python} f"{final['tanh, orthogonal, plain'].max():.2f}"`.
# Four: the task needs no depth; in the best row the worst seed has a test accuracy of `{python} f"{max(a.min() for a in accuracy.values()):.2f}"`, and logistic regression has `{python} f"{baseline:.2f}"`.
# This section tests whether a network can be optimized, not whether it should be deep.

# %% [markdown] tags=["zh"]
# ## 练习二：BatchNorm 撑得住多深 {#exercise-2}
#
# 回到设置：`"activation"` 取 `"relu"`，`"initializer"` 取 `"he"`，`"normalization"` 取 `"batch"`，`"residual"` 仍是 `"none"`，把 `"depth"` 从 30 改成 10。先猜：每层的放大倍数会变吗？学得动吗？

# %% [markdown] tags=["en"]
# ## Exercise 2: how deep can BatchNorm go? {#exercise-2}
#
# Back to the settings: `"activation"` is `"relu"`, `"initializer"` `"he"`, `"normalization"` `"batch"`, `"residual"` still `"none"`, and change `"depth"` from 30 to 10.
# Predict first: does the factor per layer change, and does the network learn?

# %% [markdown] tags=["zh", "answer"]
# 每层的倍数几乎不变，10 层时是 `{python} f"{shallow[10][0]:.3f}"`，20 层时是 `{python} f"{shallow[20][0]:.3f}"`：它由激活函数决定，与深度无关。但深度是指数：10 层总共才放大 `{python} f"{shallow[10][0] ** 10:.0f}"` 倍，学得动，80 步后三个种子里最差的损失是 `{python} f"{shallow[10][1]:.2f}"`；20 层是 `{python} f"{shallow[20][1]:.2f}"`，30 层学不动。只试 10 层，就看不出这个毛病。

# %% [markdown] tags=["en", "answer"]
# The factor per layer hardly changes, `{python} f"{shallow[10][0]:.3f}"` with 10 layers and `{python} f"{shallow[20][0]:.3f}"` with 20: the activation function sets it, not the depth.
# The depth is the exponent.
# Ten layers amplify by `{python} f"{shallow[10][0] ** 10:.0f}"` in all and learn, with a loss of `{python} f"{shallow[10][1]:.2f}"` for the worst of three seeds after 80 steps; twenty layers end at `{python} f"{shallow[20][1]:.2f}"`, and thirty do not learn.
# Had you tried only ten layers, you would not have noticed.

# %% tags=["answer"]
shallow = {}
for count in (10, 20):
    normed = draw("he", 3, count)
    grown = measure(normed, **designs["plain, batch"])[1][0]  # (networks,)
    after = train(normed, designs["plain, batch"])[1][-10:].mean(axis=0)
    shallow[count] = (grown ** (1 / count)).mean(), after.max()
    print(f"{count} layers: gradient x {shallow[count][0]:.3f} per layer, loss {after.round(2)}")
    assert abs(shallow[count][0] / predicted_gain - 1) < 0.04
assert shallow[10][1] < 1.2 < 1.6 < shallow[20][1]

# %% [markdown] tags=["zh"]
# ## 练习三：一百层的支路该多大 {#exercise-3}
#
# 在 `rule_of` 里，改 `scaled = settings["depth"] ** -0.5` 这一行：试试 `1.0`、`settings["depth"] ** -1` 和 `0.0`。设置里 `"depth"` 取 100，`"residual"` 取 `"scaled"`，激活函数用 ReLU，初始化用 He。这时 $q_l = (1 + \alpha^2) q_{l-1}$，$\chi$ 也是 $1 + \alpha^2$。先算一算反向放大多少倍，再想：$\alpha = 0$ 时热图全白，这一百层学得到东西吗？

# %% [markdown] tags=["en"]
# ## Exercise 3: how large a branch for a hundred layers? {#exercise-3}
#
# In `rule_of`, change the line `scaled = settings["depth"] ** -0.5`: try `1.0`, `settings["depth"] ** -1` and `0.0`.
# In the settings, set `"depth"` to 100 and `"residual"` to `"scaled"`, with ReLU and He.
# Here $q_l = (1 + \alpha^2) q_{l-1}$, and $\chi$ is $1 + \alpha^2$ too.
# Predict the growth of the gradient, then ask: with $\alpha = 0$ the map is white, so can the hundred layers learn?

# %% [markdown] tags=["zh", "answer"]
# $\chi = 1 + \alpha^2$ 是平方的倍数，梯度在 100 层里放大 $(1 + \alpha^2)^{50}$ 倍。$\alpha = 1$ 时是 `{python} f"{branch_table[1.0][1]:.0e}"`，实测 `{python} f"{branch_table[1.0][0]:.0e}"`；$\alpha = 1/\sqrt{L}$ 时趋于 $\sqrt{e}$，实测 `{python} f"{branch_table[0.1][0]:.2f}"`；$\alpha = 1/L$ 时几乎不变。$\alpha = 0$ 时信号原样通过，可是隐藏层权重的梯度恰好是 `{python} f"{branch_table[0.0][2]:.0f}"`：颜色全白，一百层什么也学不到。还在学的只有首尾两个矩阵，多深都是同一个小网络，80 步后最差的种子损失是 `{python} f"{closed.max():.2f}"`。热图量的是信号，不是学习。ReZero 和 SkipInit 也让 $\alpha$ 从 0 起步，但 $\alpha$ 本身可学：它一离开 0，权重就有了梯度。

# %% [markdown] tags=["en", "answer"]
# $\chi = 1 + \alpha^2$ is the factor of the square, so over 100 layers the gradient grows by $(1 + \alpha^2)^{50}$.
# For $\alpha = 1$ that is `{python} f"{branch_table[1.0][1]:.0e}"`, measured `{python} f"{branch_table[1.0][0]:.0e}"`; for $1/\sqrt{L}$ it tends to $\sqrt{e}$, measured `{python} f"{branch_table[0.1][0]:.2f}"`; for $1/L$ almost nothing changes.
# For $\alpha = 0$ the signal passes unchanged, but the gradient of the hidden weights is exactly `{python} f"{branch_table[0.0][2]:.0f}"`: a white map, and a hundred layers that learn nothing.
# Only the first and the last matrix still learn, the same small network at any depth: after 80 steps its worst seed has a loss of `{python} f"{closed.max():.2f}"`.
# The heat map measures the signal, not learning.
# ReZero and SkipInit start $\alpha$ at 0 and make $\alpha$ itself learnable; once $\alpha$ is no longer 0, the weights have a gradient.

# %% tags=["answer"]
tall, branch_table = draw("he", 2, 100), {}
for alpha in (1.0, 0.1, 0.01, 0.0):
    branched = full | {"branch": alpha}
    factor_tall = np.sqrt(np.mean(measure(tall, **branched)[1][0] ** 2))
    steepest = float(tf.reduce_max(tf.abs(backward(x_probe, y_probe, tall, branched)[1][1])))
    predicted = (1 + alpha**2) ** 50
    print(f"alpha {alpha:4.2f}: gradient x {factor_tall:.2e}, predicted x {predicted:.2e}")
    branch_table[alpha] = factor_tall, predicted, steepest
    assert 0.5 < factor_tall / predicted < 2
assert branch_table[0.0][2] == 0 < branch_table[0.01][2]
assert branch_table[1.0][0] > 1e14 and branch_table[0.1][0] < 2
# With alpha = 0 one layer is the same network as a hundred.
closed = train(draw("he", 3, 1), full | {"branch": 0.0})[1][-10:].mean(axis=0)
print("alpha 0.00, trained: loss", closed.round(2))
assert closed.max() < 1.2

# %% [markdown] tags=["zh"]
# ## 治标不治本的药 {#not-cures}
#
# ### L2、权重衰减和 Adam {#l2-adam}
#
# 回到开头那个死掉的 sigmoid 网络。先只走一步：按梯度本身（SGD）走，用 Adam，用 $\varepsilon$ 更小的 Adam，各能把每一层的权重推多远？步长除以学习率，取均方根。

# %% [markdown] tags=["en"]
# ## Remedies that miss the cause {#not-cures}
#
# ### L2, weight decay and Adam {#l2-adam}
#
# Back to the dead sigmoid network from the beginning.
# Look at one step first: how far do the gradient itself, Adam, and Adam with a smaller $\varepsilon$ move the weights of each layer (divided by the learning rate, root mean square)?


# %%
def rms(values):  # (layers, networks, width, width) to (layers, networks)
    return np.sqrt(np.mean(np.square(np.asarray(values, "float64")), axis=(2, 3)))


def adam_step(gradient, epsilon):
    zero = [tf.Variable(tf.zeros_like(gradient)) for _ in range(3)]
    adam(zero[0], gradient, *zero[1:], t=1.0, rate=1.0, epsilon=epsilon)
    return zero[0]


sigmoid, dead = {"activation": "sigmoid"}, draw("glorot", 3)
gradient = backward(x_probe, y_probe, dead, sigmoid)[1][1]
steps = {"gradient (SGD)": gradient, "Adam": adam_step(gradient, 1e-7)}
steps["Adam, epsilon 1e-16"] = adam_step(gradient, 1e-16)
moved = {name: rms(step)[:, 0] for name, step in steps.items()}
frozen = {name: int(np.sum(lengths < 0.01)) for name, lengths in moved.items()}
print("layers that move less than 0.01 of the learning rate:", frozen)
assert frozen["gradient (SGD)"] > 25 and 15 < frozen["Adam"] < 25
assert frozen["Adam, epsilon 1e-16"] < frozen["Adam"] - 8

# %%
fig, axis = plt.subplots()
for name, lengths in moved.items():
    axis.semilogy(np.arange(1, 31), lengths, label=name)
axis.set(xlabel="layer (1 is next to the input)", ylabel="step / learning rate")
axis.legend()
plt.show()

# %% [markdown] tags=["zh"]
# ![每层一步能走多远，纵轴是对数：SGD 是一条直线，往输入方向下降许多个数量级；Adam 在靠近输出的几层是平的，过了拐点同样下降；epsilon 更小的 Adam，平的部分更长。](figure)
#
# Adam 除以梯度的大小，所以梯度远大于 $\varepsilon$ 的层，步子都一样长。可是梯度远小于 $\varepsilon$ 的层照样几乎不动：30 层里有 `{python} frozen["Adam"]` 层，一步走不到学习率的 1%。把 $\varepsilon$ 降到 1e-16，不动的还有 `{python} frozen["Adam, epsilon 1e-16"]` 层。步子大了，就学得动了吗？再加上 L2 和权重衰减（weight decay），一起训练 80 步，每种三个种子。

# %% [markdown] tags=["en"]
# ![How far one step moves each layer, on a logarithmic scale: SGD is a straight line that falls by many powers of ten toward the input; Adam is flat in the layers near the output and falls as steeply beyond a bend; with the smaller epsilon the flat part is longer.](figure)
#
# Adam divides by the size of the gradient, so where the gradient is far above $\varepsilon$, all layers take steps of the same length.
# Layers with gradients far below $\varepsilon$ still hardly move: in `{python} frozen["Adam"]` of 30 layers a step is less than 1% of the learning rate.
# With $\varepsilon$ at 1e-16 there are still `{python} frozen["Adam, epsilon 1e-16"]` such layers.
# Do longer steps mean learning?
# Add L2 and weight decay, and train 80 steps with three seeds each.


# %%
def copies(weights, count):
    return [tf.tile(w, (1, count, 1, 1) if w.ndim == 4 else (count, 1, 1)) for w in weights]


remedies = {
    "Adam, epsilon 1e-16": {"epsilon": 1e-16},
    "Adam + L2 of 1e-4": {"l2": 1e-4},
    "Adam + weight decay of 0.1": {"decay": 0.1},
}
options = {
    name: np.repeat([r.get(name, default) for r in remedies.values()], 3)
    for name, default in {"epsilon": 1e-7, "l2": 0.0, "decay": 0.0}.items()
}
_, losses = train(copies(dead, len(remedies)), sigmoid, **options)
treated = dict(zip(remedies, losses[-10:].mean(axis=0).reshape(-1, 3), strict=True))
for name, values in treated.items():
    print(f"{name:27s} loss", *(f"{value:.3f}" for value in values))
assert min(values.min() for values in treated.values()) > chance - 0.02

data = rms(gradient)[0, 0]
ratio = data / (1e-4 * rms(dead[1])[0, 0])
print(f"layer 1: the data gradient is {ratio:.0e} of what an L2 of 1e-4 adds")
assert ratio < 1e-12

# %% [markdown] tags=["zh"]
# 九次训练，最好的损失是 `{python} f"{min(values.min() for values in treated.values()):.3f}"`，瞎猜是 `{python} f"{chance:.3f}"`。步子变大也没有用。前向也死了：图片到了后面几层都一样，推得动的层几乎看不见图片。再看 L2：在第 1 层，数据的梯度只有 L2 那一项的 `{python} f"{ratio:.0e}"`。梯度看起来不再是 0，方向却全是“把权重拉向 0”，增益只会更小。

# %% [markdown] tags=["en"]
# Over nine runs the best loss is `{python} f"{min(values.min() for values in treated.values()):.3f}"`, and guessing gives `{python} f"{chance:.3f}"`.
# Longer steps do not help.
# The forward pass is dead too: in the later layers all images are the same, and the layers that move hardly see them.
# In layer 1 the gradient of the data is `{python} f"{ratio:.0e}"` of the term that L2 adds: the gradient no longer looks like 0, but all of it says "pull the weights toward 0", which makes the gain even smaller.

# %% [markdown] tags=["zh"]
# ### 裁剪：管长度，不管因子 {#clipping}
#
# 再看梯度裁剪（gradient clipping）。爆炸的例子用不缩放的残差网络，优化器用 SGD，学习率 0.1。三个种子不裁剪；三个种子裁剪，把所有权重的梯度合起来算范数，超过 1 就缩到 1；还有三个种子缩放支路，作对照。

# %% [markdown] tags=["en"]
# ### Clipping: the length, not the factors {#clipping}
#
# The exploding example is the residual network without scaling, with SGD at a learning rate of 0.1: three seeds unclipped, three clipped to a global norm of 1, and three with a scaled branch for comparison.

# %%
wild = draw("he", 3)
gradients = backward(x_train[batches[0]], y_train[batches[0]], wild, full)[1]
clipped, norm_before = tf.clip_by_global_norm(gradients, 1.0)
one, two = (
    np.concatenate([np.ravel(g) for g in part]).astype("float64") for part in (gradients, clipped)
)
cosine = one @ two / np.linalg.norm(one) / np.linalg.norm(two)
print(f"norm {norm_before:.1e} -> {np.linalg.norm(two):.4f}, cosine {cosine:.6f}")
assert norm_before > 1e4 and abs(np.linalg.norm(two) - 1) < 1e-4 and cosine > 1 - 1e-9

limits, branches = np.repeat([1e30, 1.0, 1e30], 3), np.repeat([1, 1, 30**-0.5], 3)
rule = full | {"branch": column(branches)}
_, losses = train(copies(wild, 3), rule, optimizer=sgd, rate=0.1, clip=limits)
free, bound, gentle = np.split(losses, 3, axis=1)  # each (steps, seeds)
for name, values in {"not clipped": free, "clipped": bound, "branch scaled": gentle}.items():
    print(
        f"{name:13s} loss {values[0].round(1)}, {values[1].round(1)}, …, {values[-10:].mean(axis=0).round(2)}"
    )
assert not np.isfinite(free[1:]).any() and np.isfinite(bound).all()
assert bound[-10:].mean() < bound[0].mean() / 100
assert bound[-10:].mean(axis=0).min() > 3 * gentle[-10:].mean(axis=0).max()

# %% [markdown] tags=["zh"]
# 不裁剪，第二步就是 NaN。裁剪后范数是 1，方向不变（余弦 `{python} f"{cosine:.6f}"`），损失从 `{python} f"{bound[0].mean():.0f}"` 降到平均 `{python} f"{bound[-10:].mean():.0f}"`，三个种子都没有发散。但连乘里的因子，裁剪一个也没有改。权重和 SGD 都不变，不裁剪，只把支路乘上 $1/\sqrt{L}$，最差的种子也降到 `{python} f"{gentle[-10:].mean(axis=0).max():.2f}"`。裁剪是安全带，不是发动机。

# %% [markdown] tags=["en"]
# Without clipping, the loss is NaN at the second step.
# With clipping, the norm is 1, the direction stays the same (cosine `{python} f"{cosine:.6f}"`), and the loss goes from `{python} f"{bound[0].mean():.0f}"` to an average of `{python} f"{bound[-10:].mean():.0f}"`, and no seed diverges.
# Yet clipping changes no factor of the product: with the same weights and the same SGD, no clipping, but the branch multiplied by $1/\sqrt{L}$, even the worst seed reaches `{python} f"{gentle[-10:].mean(axis=0).max():.2f}"`.
# Clipping is a seat belt, not an engine.

# %% [markdown] tags=["zh"]
# ## 带走什么 {#take-away}
#
# 信号和梯度还剩多少，由一个因子的连乘决定，而这个因子在训练之前就能算出来：五种配方，宽度 256，只要没低过 float32 的舍入，30 层下来与实测相差不到一倍。本页救活网络的办法，都在改连乘里的矩阵：初始化定起点，缩放的残差让雅可比矩阵接近单位矩阵，残差网络里的 LayerNorm 不断重设尺度；L2 只会让因子更小，Adam 和裁剪改的是别的东西。平均的因子等于 1 还不够，方向也要保住；热图全白也不够，支路关死的网络同样全白。
#
# 局限：递推假设宽度无穷，网络越窄越深，单个网络偏离得越多（Hanin，2018）。实验只有一种全连接的小网络、一个很容易的任务、三个种子、80 步，训练的比较只用一个学习率。BatchNorm 没有可学的参数，也没有滑动平均。Transformer 的注意力、预热和实际用到的深度，这里都没有测。

# %% [markdown] tags=["en"]
# ## What to take away {#take-away}
#
# A product of one factor per layer decides how much is left of the signal and of the gradient, and that factor can be computed before training: for five recipes at width 256, prediction and measurement agree to within a factor of two over all 30 layers, as far down as float32 can measure.
# What saved networks on this page changes the matrices of this product: initialization sets the start, a scaled residual connection brings the Jacobian near the identity, LayerNorm in a residual network keeps resetting the scale; L2 makes the factor smaller still, and Adam and clipping change something else.
# An average factor of 1 is not enough, since the directions must survive as well; a white map is not enough either, since a network with a closed branch ($\alpha = 0$) is white too.
#
# The limits: the recursion assumes infinite width, and the narrower and deeper a single network is, the further it strays (Hanin, 2018); this page tested one kind of small fully connected network, one easy task, one learning rate for the comparison, three seeds, 80 steps; BatchNorm without learned parameters or running averages.
# Attention, warm-up and the depth of real Transformers were not tested.

# %% [markdown] tags=["zh"]
# ## 来源 {#sources}
#
# 除非另有说明，都只查阅了摘要，日期是 2026-11-24。
#
# - Glorot、Bengio，[Understanding the difficulty of training deep feedforward neural networks](http://proceedings.mlr.press/v9/glorot10a)，2010：方差 $2/(n_{in} + n_{out})$，通过[课程讲义](https://cs231n.github.io/neural-networks-2/)核对。
# - He 等，[Delving deep into rectifiers](https://arxiv.org/abs/1502.01852)，2015：ReLU 的 $2/n$，通过同一份讲义核对。
# - He 等，[Identity mappings in deep residual networks](https://arxiv.org/abs/1603.05027)，2016：残差块之间信号直接通过，激活在前的次序。
# - Saxe、McClelland、Ganguli，[Exact solutions to the nonlinear dynamics of learning in deep linear neural networks](https://arxiv.org/abs/1312.6120)，2013：正交初始化。
# - Poole 等，[Exponential expressivity in deep neural networks through transient chaos](https://arxiv.org/abs/1606.05340)，2016；Schoenholz 等，[Deep information propagation](https://arxiv.org/abs/1611.01232)，2017：平均场递推，有序与混沌，消失与爆炸。
# - Pennington、Schoenholz、Ganguli，[Resurrecting the sigmoid in deep learning through dynamical isometry](https://arxiv.org/abs/1711.04735)，2017：ReLU 做不到动力学等距。
# - Hanin，[Which neural net architectures give rise to exploding and vanishing gradients?](https://arxiv.org/abs/1801.03744)，2018：ReLU 网络的梯度起伏由各层宽度的倒数之和决定。
# - Yang 等，[A mean field theory of batch normalization](https://arxiv.org/abs/1902.08129)，2019：BatchNorm 引起梯度爆炸，靠近线性可以减轻。上面的 $\pi/(\pi - 1)$ 是本页自己推的。
# - Meterez 等，[Towards training without depth limits: batch normalization without gradient explosion](https://openreview.net/forum?id=xhCZD9hiiA)，2024：正交权重配线性激活，梯度有界。2026-11-28 查阅摘要。
# - De、Smith，[Batch normalization biases residual blocks towards the identity function](https://arxiv.org/abs/2002.10444)，2020（SkipInit）；Bachlechner 等，[ReZero is all you need](https://arxiv.org/abs/2003.04887)，2020：支路从 0 开始。
# - Xiong 等，[On layer normalization in the Transformer architecture](https://arxiv.org/abs/2002.04745)，2020：pre-LN、post-LN 与预热。
# - Keras 3，[adam.py](https://github.com/keras-team/keras/blob/master/keras/src/optimizers/adam.py)：更新公式和默认值，这里的 $\varepsilon$ 是 Adam 论文 2.1 节之前那个公式里的 $\hat{\varepsilon}$。查阅的是所装 3.15 版的源码。
# - scikit-learn，[load_digits](https://scikit-learn.org/stable/modules/generated/sklearn.datasets.load_digits.html)：1797 张 8×8 的手写数字。

# %% [markdown] tags=["en"]
# ## Sources {#sources}
#
# Abstracts read 2026-11-24, unless a line says otherwise.
#
# - Glorot, Bengio, [Understanding the difficulty of training deep feedforward neural networks](http://proceedings.mlr.press/v9/glorot10a), 2010: variance $2/(n_{in} + n_{out})$, through [course notes that cite it](https://cs231n.github.io/neural-networks-2/).
# - He et al., [Delving deep into rectifiers](https://arxiv.org/abs/1502.01852), 2015: $2/n$ for ReLU, through the same notes.
# - He et al., [Identity mappings in deep residual networks](https://arxiv.org/abs/1603.05027), 2016: the signal passes directly between blocks; the order with activation before weights.
# - Saxe, McClelland, Ganguli, [Exact solutions to the nonlinear dynamics of learning in deep linear neural networks](https://arxiv.org/abs/1312.6120), 2013: orthogonal initialization.
# - Poole et al., [Exponential expressivity in deep neural networks through transient chaos](https://arxiv.org/abs/1606.05340), 2016, and Schoenholz et al., [Deep information propagation](https://arxiv.org/abs/1611.01232), 2017: the mean field recursion, order and chaos, vanishing and exploding.
# - Pennington, Schoenholz, Ganguli, [Resurrecting the sigmoid in deep learning through dynamical isometry](https://arxiv.org/abs/1711.04735), 2017: ReLU is incapable of dynamical isometry.
# - Hanin, [Which neural net architectures give rise to exploding and vanishing gradients?](https://arxiv.org/abs/1801.03744), 2018: the sum of reciprocal widths sets how wildly gradients of ReLU networks vary.
# - Yang et al., [A mean field theory of batch normalization](https://arxiv.org/abs/1902.08129), 2019: BatchNorm causes gradient explosion, which tuning toward the linear regime reduces. The $\pi/(\pi - 1)$ above is derived on this page.
# - Meterez et al., [Towards training without depth limits: batch normalization without gradient explosion](https://openreview.net/forum?id=xhCZD9hiiA), 2024: orthogonal weights and linear activations keep the gradient bounded. Abstract read 2026-11-28.
# - De, Smith, [Batch normalization biases residual blocks towards the identity function](https://arxiv.org/abs/2002.10444), 2020 (SkipInit), and Bachlechner et al., [ReZero is all you need](https://arxiv.org/abs/2003.04887), 2020: branches that start at 0.
# - Xiong et al., [On layer normalization in the Transformer architecture](https://arxiv.org/abs/2002.04745), 2020: pre-LN, post-LN and warm-up.
# - Keras 3, [adam.py](https://github.com/keras-team/keras/blob/master/keras/src/optimizers/adam.py): the update, the defaults, and that $\varepsilon$ is the $\hat{\varepsilon}$ of the formula before section 2.1 of the paper. Source of the installed version 3.15.
# - scikit-learn, [load_digits](https://scikit-learn.org/stable/modules/generated/sklearn.datasets.load_digits.html): 1,797 handwritten digits of 8×8 pixels.
