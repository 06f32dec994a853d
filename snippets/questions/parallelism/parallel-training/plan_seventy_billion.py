# /// script
# requires-python = ">=3.11"
# dependencies = []
# ///
"""70B on 1024 GPUs: the memory of each part, and what a pipeline costs in waiting."""

# --8<-- [start:plan]
parameters, layers, width = 70e9, 80, 8192  # Inputs, as are the next two lines.
gpus, card, sequence, sequences = 1024, 80, 8192, 512  # GB, tokens, per global batch.
block = 34 * sequence * width  # Bytes kept by one layer for one sequence,
entry = 2 * sequence * width  # and by a layer that will run again.


def plan(tensor, stages, zero=1, again=False):
    replicas = gpus // (tensor * stages)
    micro = sequences / replicas  # One sequence each.
    share = parameters / (tensor * stages)
    state = 2 + 2 + 12 / replicas if zero == 1 else 16 / replicas
    alive = max(1, min(stages, micro))  # What stage 0 keeps under 1F1B.
    kept = layers / stages * alive * (entry if again else block)
    return {
        "micro-batches": micro,
        "state": share * state / 1e9,
        "activations": (kept + (block if again else 0)) / tensor / 1e9,
        "idle": (stages - 1) / (micro + stages - 1),
    }


# --8<-- [end:plan]

# --8<-- [start:rows]
plans = {
    "data parallel, ZeRO-1": plan(1, 1),
    "data parallel, ZeRO-3": plan(1, 1, zero=3),
    "  with recomputation": plan(1, 1, zero=3, again=True),
    "TP 8, ZeRO-1": plan(8, 1),
    "TP 8, PP 2, ZeRO-1": plan(8, 2),
    "TP 8, PP 4, ZeRO-1": plan(8, 4),
}
print("GB on each GPU            state  activations   sum   micro-batches   idle")
for name, p in plans.items():
    p["sum"] = p["state"] + p["activations"]
    row = f"{p['state']:9.1f} {p['activations']:11.1f} {p['sum']:7.1f}"
    print(f"{name:22s} {row} {p['micro-batches']:12g} {p['idle']:9.1%}")
fits = [name for name, p in plans.items() if p["sum"] < card and p["micro-batches"] >= 1]
assert fits == ["TP 8, ZeRO-1", "TP 8, PP 2, ZeRO-1", "TP 8, PP 4, ZeRO-1"]
flat, deep = plans["TP 8, ZeRO-1"], plans["TP 8, PP 4, ZeRO-1"]
assert deep["activations"] == flat["activations"] and deep["idle"] > 0.15
# --8<-- [end:rows]
