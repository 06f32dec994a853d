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


def plan(tensor, stages, zero=1, gradient=2, again=False):
    replicas = gpus // (tensor * stages)
    micro = sequences / replicas  # One sequence each.
    share = parameters / (tensor * stages)
    spread = replicas if zero == 3 else 1
    alive = max(1, min(stages, micro))  # What stage 0 keeps under 1F1B.
    kept = layers / stages * alive * (entry if again else block)
    memory = {  # Bytes.
        "weights": 2 * share / spread,
        "gradients": gradient * share / spread,
        "optimizer": 12 * share / replicas,
        "activations": (kept + (block if again else 0)) / tensor,
    }
    gigabytes = {name: size / 1e9 for name, size in memory.items()}
    waiting = {"micro": micro, "idle": (stages - 1) / (micro + stages - 1)}
    return {**gigabytes, "sum": sum(gigabytes.values()), **waiting}


# --8<-- [end:plan]

# --8<-- [start:rows]
plans = {
    "gradients in 16 bits": {
        "DP1024 ZeRO-1": plan(1, 1),
        "DP1024 ZeRO-3": plan(1, 1, zero=3),
        "  + recompute": plan(1, 1, zero=3, again=True),
        "TP8 PP1 DP128": plan(8, 1),
        "TP8 PP4 DP32": plan(8, 4),
    },
    "gradients in 32 bits": {
        "TP8 PP1 DP128": plan(8, 1, gradient=4),
        "TP8 PP4 DP32": plan(8, 4, gradient=4),
    },
}
for bits, layouts in plans.items():
    print(f"GB on each card, {bits}")
    print("               param grads Adam  act.   sum   m  idle")
    for name, p in layouts.items():
        state = f"{p['weights']:6.1f}{p['gradients']:6.1f}{p['optimizer']:5.1f}"
        row = f"{name:13s} {state}{p['activations']:6.1f}{p['sum']:6.1f}"
        print(f"{row}{p['micro']:4g}{p['idle']:6.1%}")
short, long = plans.values()
fits = [name for name, p in short.items() if p["sum"] < card and p["micro"] >= 1]
assert fits == ["TP8 PP1 DP128", "TP8 PP4 DP32"]
flat, deep = (short[name] for name in fits)
assert deep["activations"] == flat["activations"] and deep["idle"] > 0.15
tight, eased = (long[name] for name in fits)
assert 0.95 * card < tight["sum"] < card and eased["sum"] < card / 2
# --8<-- [end:rows]
