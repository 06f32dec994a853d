# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy"]
# ///
"""In a ring every worker sends 2(p-1)/p of the array; a server moves 2(p-1) arrays."""

# --8<-- [start:ring]
import numpy as np


def ring_all_reduce(arrays):
    p, sent = len(arrays), np.zeros(len(arrays), int)
    pieces = [np.split(a.copy(), p) for a in arrays]  # [worker][piece]
    for phase in ("reduce-scatter", "all-gather"):
        for step in range(p - 1):
            shift = 0 if phase == "reduce-scatter" else 1
            which = [(worker - step + shift) % p for worker in range(p)]
            # Everyone sends at the same moment, so copy before adding.
            packets = [pieces[w][k].copy() for w, k in enumerate(which)]
            for worker, k in enumerate(which):
                packet, right = packets[worker], (worker + 1) % p
                if phase == "reduce-scatter":
                    pieces[right][k] += packet
                else:
                    pieces[right][k] = packet
                sent[worker] += packet.nbytes
    return [np.concatenate(piece) for piece in pieces], sent


# --8<-- [end:ring]


# --8<-- [start:server]
def server_all_reduce(arrays):
    traffic = np.zeros(len(arrays), int)  # Bytes in plus bytes out.
    total = arrays[0].copy()
    for worker, array in enumerate(arrays[1:], start=1):
        total += array
        traffic[[0, worker]] += 2 * array.nbytes  # Gradient up, sum down.
    return [total.copy() for _ in arrays], traffic


# --8<-- [end:server]

# --8<-- [start:compare]
random, n = np.random.default_rng(0), 6720
print(" p   each sends   2(p-1)/p   busiest card: ring   server")
busiest = {}
for p in (2, 4, 8, 16):
    arrays = list(random.normal(size=(p, n)))
    size, expected = arrays[0].nbytes, np.sum(arrays, axis=0)
    ring, sent = ring_all_reduce(arrays)
    served, traffic = server_all_reduce(arrays)
    assert all(np.allclose(a, expected) for a in [*ring, *served])
    assert set(sent) == {2 * (p - 1) * size // p}
    busiest[p] = traffic[0] / size, 2 * sent[0] / size  # In plus out.
    row = f"{p:2d} {sent[0] / size:10.3f} n {2 * (p - 1) / p:10.3f}"
    print(f"{row} {busiest[p][1]:18.2f} n {busiest[p][0]:6.0f} n")
assert busiest[16][0] == 30 and busiest[16][1] < 4
# --8<-- [end:compare]
