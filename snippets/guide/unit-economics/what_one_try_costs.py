# /// script
# requires-python = ">=3.11"
# dependencies = []
# ///
"""The tokens of one try cost as much as seconds of the person who checks it."""

# --8<-- [start:inputs]
prices = {  # per million tokens: fresh input, input from the cache, output
    ("Flash", "US$"): (0.15, 0.003, 0.60),  # DeepSeek, off-peak
    ("Pro", "US$"): (0.66, 0.022, 1.98),
    ("Opus", "US$"): (4.0, 0.20, 20.0),  # Claude Opus 5.5
    ("Flash", "yuan"): (1.0, 0.02, 4.0),
    ("Pro", "yuan"): (4.5, 0.15, 13.5),
}
PEAK = {"Opus": 1}  # times the off-peak price; DeepSeek 2
WRITE = {"Opus": 1.25}  # times the fresh price for what is put into the cache; DeepSeek 1
hour = {"US$": 30.0, "yuan": 60.0}  # what an hour of the reviewer costs you
task = dict(steps=8, prefix=4_000, grows=1_200, answer=600)  # tokens, thinking included
hit = 0.9  # share of what the step before sent that the cache still has
# --8<-- [end:inputs]


# --8<-- [start:tokens]
def tokens(steps, prefix, grows, answer, hit=0.0):
    """Fresh input, input from the cache and output of one try."""
    fresh = cached = before = 0
    for step in range(steps):
        sent = prefix + step * grows  # all that was said so far goes in again
        cached += hit * before
        fresh += sent - hit * before
        before = sent
    return fresh, cached, steps * answer


def cost(model, money, hit=0.0, **x):
    """One try, off-peak; with a cache, what it does not have yet is written to it."""
    fresh, cached, answer = tokens(**x, hit=hit)
    fresh_price, cached_price, answer_price = prices[model, money]
    if hit:
        fresh_price *= WRITE.get(model, 1)
    return (fresh * fresh_price + cached * cached_price + answer * answer_price) / 1e6


s, p, g = task["steps"], task["prefix"], task["grows"]
sent = tokens(**task)[0]
assert sent == s * p + g * s * (s - 1) / 2
longer = tokens(**task | dict(steps=2 * s))[0] / sent
print(f"{s} steps send {sent:,.0f} tokens, {2 * s} {longer:.2f} times that")
assert longer > 3
# --8<-- [end:tokens]

# --8<-- [start:seconds]
seconds = {}
print("one try      | no cache |   cache | seconds")  # of review; no cache, peak
for model, money in prices:
    plain, kept = cost(model, money, **task), cost(model, money, hit, **task)
    seconds[model, money] = PEAK.get(model, 2) * plain / hour[money] * 3600
    print(f"{model:5s}, {money:5s} | {plain:8.4f} | {kept:7.4f} | {seconds[model, money]:4.0f}")
least, most = min(seconds.values()), max(seconds.values())
assert most < 60
double = task | dict(steps=2 * s)
dearer = [cost("Pro", "US$", h, **double) / cost("Pro", "US$", h, **task) for h in (0, hit)]
print(f"{2 * s} steps, Pro: cost times {dearer[0]:.1f}, with the cache {dearer[1]:.1f}")
assert dearer[0] > 2.8 and dearer[1] < 2.4
# --8<-- [end:seconds]
