# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# title:
#   zh: 光
#   en: Light
# description:
#   zh: 测试用的实验。
#   en: A lab of the tests.
# ---

# %% [markdown] tags=["zh"]
# # 光
#
# 一段话，$x^2$，见[波](../lessons/waves.md)。

# %% [markdown] tags=["en"]
# # Light
#
# A paragraph, $x^2$, see [waves](../lessons/waves.md).

# %%
# /// script
# requires-python = ">=3.11"
# dependencies = ["matplotlib"]
# ///

# %%
import matplotlib.pyplot as plt

brightness = [1, 2, 4]
print("sum", sum(brightness))

# %% [markdown] tags=["zh"]
# ## 画出来 {#drawn}

# %% [markdown] tags=["en"]
# ## Drawn {#drawn}

# %%
figure, axis = plt.subplots()
axis.plot(brightness)
axis.set(xlabel="position", ylabel="brightness")
plt.show()

# %% [markdown] tags=["zh"]
# ![一条上升的线](figure)
#
# 一共 `{python} sum(brightness)`。
#
# | 名 | 值 |
# | --- | --- |
# | 最大 | `{python} max(brightness)` |

# %% [markdown] tags=["en"]
# ![A rising line.](figure)
#
# In all `{python} sum(brightness)`.
#
# | name | value |
# | --- | --- |
# | largest | `{python} max(brightness)` |

# %% [markdown] tags=["zh", "answer"]
# 翻倍。

# %% [markdown] tags=["en", "answer"]
# Doubled.

# %% tags=["answer"]
doubled = [2 * value for value in brightness]
print(doubled)
assert sum(doubled) == 14
