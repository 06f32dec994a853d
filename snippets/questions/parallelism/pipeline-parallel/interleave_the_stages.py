# /// script
# requires-python = ">=3.11"
# dependencies = []
# ///
"""Several chunks on each device shrink the bubble; messages and activations grow."""

# --8<-- [start:order]
from fractions import Fraction


def interleaved(device, devices, micro, chunks):  # Megatron-LM's order.
    def job(kind, k):  # Groups of as many micro-batches as devices, chunk after chunk.
        group, inside = divmod(k, devices * chunks)
        chunk, batch = inside // devices, group * devices + inside % devices
        return kind, chunk if kind == "forward" else chunks - 1 - chunk, batch

    total, ahead = micro * chunks, devices - device  # (1)!
    if chunks > 1:
        ahead = min(total, 2 * (devices - device) - 1 + (chunks - 1) * devices)
    order = [job("forward", k) for k in range(ahead)]
    for k in range(total):
        order.append(job("backward", k))
        if ahead + k < total:
            order.append(job("forward", ahead + k))
    return order


# --8<-- [end:order]


# --8<-- [start:simulate]
def simulate(devices, micro, chunks):
    cost, last = {"forward": 1, "backward": 2}, devices * chunks - 1  # Of one chunk.
    queues = [interleaved(d, devices, micro, chunks) for d in range(devices)]
    free, alive, end, sent, peak = [0] * devices, 0, {}, 0, 0
    while any(queues):
        for device, queue in enumerate(queues):
            while queue:
                kind, chunk, batch = queue[0]
                part = chunk * devices + device  # Which part of the model, from 0 to last.
                before = part - 1 if kind == "forward" else part + 1
                needs = [(kind, before, batch)] if 0 <= before <= last else []
                if kind == "backward":
                    needs.append(("forward", part, batch))
                if not all(need in end for need in needs):
                    break
                begin = max([free[device]] + [end[need] for need in needs])
                free[device] = end[kind, part, batch] = begin + cost[kind]
                sent += 0 <= before <= last
                alive += (device == 0) * (1 if kind == "forward" else -1)
                peak = max(peak, alive)
                queue.pop(0)
    length, work = max(free), micro * chunks * sum(cost.values())
    return Fraction(length - work, length), sent, Fraction(peak, chunks)


# --8<-- [end:simulate]

# --8<-- [start:report]
p = 4
print("4 devices      idle messages  device 0 keeps")
result = {}
for m in (8, 16, 32):
    for v in (1, 2, 4):
        idle, sent, kept = result[m, v] = simulate(p, m, v)
        print(f"m = {m:2d}, v = {v} {float(idle):6.1%} {sent:8d} {float(kept):10.2f}")
        assert idle == Fraction(p - 1, v * m + p - 1)
        assert sent == 2 * m * (v * p - 1)
        assert kept == (p if v == 1 else p + Fraction(p - 1, v))
# --8<-- [end:report]
