# /// script
# requires-python = ">=3.11,<3.14"
# dependencies = []
# ///
"""A long prompt in one piece stalls every answer in progress; small pieces delay itself."""

# --8<-- [start:step]
BODY, OUTPUT, BYTES = 6_979_321_856, 525_336_576, 2  # weights of Llama 3 8B in products
TOKEN, SCORE = 131_072, 4 * 32 * 32 * 128  # cache bytes, operations per query and key
PEAK, BANDWIDTH = 9.9e14, 3.35e12  # H100: dense bfloat16, memory
CONTEXT = 2048  # tokens behind each answer in progress


def work(answers, chunk=0, done=0):
    """Operations and bytes of a step: a token for each answer, and a piece of a prompt."""
    pairs = answers * (CONTEXT + 1) + chunk * done + chunk * (chunk + 1) // 2  # causal
    operations = 2 * BODY * (answers + chunk) + 2 * OUTPUT * answers + SCORE * pairs
    cached = answers * (CONTEXT + 1) + (done + chunk if chunk else 0)
    return operations, BYTES * (BODY + OUTPUT) + TOKEN * cached


def seconds(operations, read):  # a lower bound
    return max(operations / PEAK, read / BANDWIDTH)


# --8<-- [end:step]


# --8<-- [start:serve]
def serve(prompt, size, answers=32):
    """Cut a prompt into pieces, one a step, each together with a token for each answer."""
    steps = [work(answers, size, done) for done in range(0, prompt, size)]
    waits = [seconds(*step) for step in steps]
    alone = work(answers)  # the same step without a piece
    added = [sum(step[i] - alone[i] for step in steps) for i in (0, 1)]
    return max(waits), sum(waits), len(steps), *added


usual = seconds(*work(32))  # a step without a prompt
prompt, found = 8192, {}
whole = seconds(*work(0, prompt))  # the prompt alone
print("pieces of  longest wait  first token  tokens meanwhile  cache read for the prompt")
for size in (8192, 2048, 1024, 512, 256, 64):
    longest, first, steps, operations, read = found[size] = serve(prompt, size)
    print(f"{size:9,d} {longest / usual:11.1f} x {first / whole:10.1f} x", end="")
    print(f"{steps:18d} {read / 2**30:22.1f} GiB")
assert len({operations for _, _, _, operations, _ in found.values()}) == 1
assert found[8192][0] > 15 * usual and found[512][0] < 1.6 * usual
assert found[512][1] < 1.2 * whole and found[64][1] > 5 * whole
assert found[8192][4] == 2**30 and found[64][4] == 64.5 * 2**30
# --8<-- [end:serve]

# --8<-- [start:mean]
waits = [usual] * 254 + [found[8192][0]]  # between the 256 tokens of an answer
tpot = sum(waits) / len(waits)
print(
    f"one stall in 256 tokens: TPOT {tpot / usual:.2f} x, longest wait {max(waits) / usual:.1f} x"
)
assert tpot < 1.1 * usual and max(waits) > 15 * usual
# --8<-- [end:mean]

# --8<-- [start:move]
moved = prompt * TOKEN  # bytes of cache that a prefill GPU sends to a decode GPU
for link, name in ((50e9, "400 Gb/s"), (12.5e9, "100 Gb/s"), (1.25e9, "10 Gb/s")):
    print(f"{moved / 2**30:.0f} GiB over {name:8s} {moved / link / whole:5.2f} x the prefill")
assert moved == 2**30 and moved / 50e9 < 0.2 * whole and moved / 1.25e9 > 5 * whole
# --8<-- [end:move]
