# /// script
# requires-python = ">=3.11,<3.14"
# dependencies = []
# ///
"""A long prompt in one piece stalls every answer in progress; small pieces delay itself."""

# --8<-- [start:serve]
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


def serve(prompt, size, answers=32):
    """Cut a prompt into pieces, one a step, each together with a token for each answer."""
    steps = [work(answers, size, done) for done in range(0, prompt, size)]
    waits = [seconds(*step) for step in steps]
    alone = work(answers)  # the same step without a piece
    added = sum(step[0] - alone[0] for step in steps)  # operations of the prompt
    return max(waits), sum(waits), added


usual = seconds(*work(32))  # a step without a prompt
prompt, found = 8192, {}
whole = seconds(*work(0, prompt))  # the prompt alone
print("pieces of  longest wait  first token")
for size in (8192, 2048, 1024, 512, 256, 64):
    longest, first, _ = found[size] = serve(prompt, size)
    print(f"{size:9,d} {longest / usual:11.1f} x {first / whole:10.1f} x")
assert len({added for _, _, added in found.values()}) == 1
assert found[8192][0] > 15 * usual and found[512][0] < 1.6 * usual
assert found[512][1] < 1.2 * whole and found[64][1] > 5 * whole

far = seconds(*work(32, 512, 131_072 - 512))  # the last piece of a prompt of 131,072
assert far > 5 * usual
waits = [usual] * 254 + [found[8192][0]]  # between the 256 tokens of an answer
tpot = sum(waits) / len(waits)
assert tpot < 1.1 * usual and max(waits) > 15 * usual
moved = prompt * TOKEN  # bytes that a prefill GPU would send to a decode GPU
assert moved == 2**30 and moved / 50e9 < 0.2 * whole and moved / 1.25e9 > 5 * whole
# --8<-- [end:serve]
