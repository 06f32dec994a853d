# /// script
# requires-python = ">=3.11"
# dependencies = ["matplotlib"]
# ///
"""Bytes of model state per GPU: data parallelism and ZeRO stages 1, 2, 3."""

# --8<-- [start:count]
import matplotlib.pyplot as plt

kinds = {  # Bytes per parameter, mixed precision with Adam.
    "parameters": 2,  # 16-bit copy used by the forward and backward pass.
    "gradients": 2,  # 16-bit.
    "optimiser state": 4 + 4 + 4,  # 32-bit weights, mean, square.
}
stages = {  # What each scheme spreads over the workers.
    "data parallel": set(),
    "ZeRO-1": {"optimiser state"},
    "ZeRO-2": {"optimiser state", "gradients"},
    "ZeRO-3": {"optimiser state", "gradients", "parameters"},
}


def gigabytes(parameters, workers, spread):
    return {
        kind: parameters * size / (workers if kind in spread else 1) / 1e9
        for kind, size in kinds.items()
    }


# --8<-- [end:count]

# --8<-- [start:table]
table = {name: gigabytes(7e9, 8, spread) for name, spread in stages.items()}
total = {name: sum(row.values()) for name, row in table.items()}
print("GB on each worker: parameters + gradients + optimiser state")
for name, row in table.items():
    parts = " + ".join(f"{value:5.2f}" for value in row.values())
    print(f"{name:14s} {parts} = {total[name]:6.2f}")
paper = {"data parallel": 120, "ZeRO-1": 31.4, "ZeRO-2": 16.6, "ZeRO-3": 1.9}
for name, printed in paper.items():  # Its example: 7.5B on 64 GPUs.
    computed = sum(gigabytes(7.5e9, 64, stages[name]).values())
    assert abs(computed - printed) < 0.05, (name, computed)
print("same function on the paper's example:", list(paper.values()))
# --8<-- [end:table]

# --8<-- [start:figure]
figure, axes = plt.subplots(figsize=(6.4, 2.8), layout="constrained")
left = [0.0] * len(table)
for kind in kinds:
    widths = [row[kind] for row in table.values()]
    axes.barh(list(table), widths, left=left, label=kind)
    left = [a + b for a, b in zip(left, widths, strict=True)]
axes.axvline(80, color="C3", linestyle="--", label="an 80 GB card")
axes.invert_yaxis()
axes.set_xlabel("model state on each of 8 workers (GB), 7B parameters")
axes.legend(frameon=False)
plt.show()
# --8<-- [end:figure]
