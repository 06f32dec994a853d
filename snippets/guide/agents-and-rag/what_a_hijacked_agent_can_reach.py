# /// script
# requires-python = ">=3.11"
# dependencies = []
# ///
"""Assume that the model obeys the attacker, and look at every state it can reach."""

# --8<-- [start:rules]
import collections
import math

caught = 0.99  # injections that a detector stops, each on its own
even = math.log(0.5) / math.log(caught)  # tries until one gets through, half of the time
print(f"even odds after {math.ceil(even)} tries")
assert 68 < even < 69
# What a call brings into a session: untrusted text, private data; what it does outside.
tools = {
    "read a web page": {"untrusted"},
    "read the inbox": {"untrusted", "private"},
    "read the customer file": {"private"},
    "write a note": {"keep"},
    "read a note": {"recall"},
    "send to the outside": {"act", "send"},
    "delete records": {"act"},
}
tasks = {  # sessions of calls, as an honest user wants them
    "summarize a page": [["read a web page"]],
    "send a summary of a page": [["read a web page", "send to the outside"]],
    "quote from the customer file": [["read the customer file", "send to the outside"]],
    "answer a mail": [["read the inbox", "read the customer file", "send to the outside"]],
    "sort the inbox into notes": [["read the inbox", "write a note"]],
    "use a web note on a customer": [
        ["read a web page", "write a note"],
        ["read a note", "read the customer file", "send to the outside"],
    ],
    "delete what a customer asked for": [["read the inbox", "delete records"]],
    "delete old records": [["read the customer file", "delete records"]],
}
ALL = {"untrusted", "private", "act"}
# May this call go ahead without a person? `seen`: what the session's labels say, this call included.
rules = {
    "the prompt forbids it": lambda seen, call: True,
    "two of three in a session": lambda seen, call: not ALL <= seen,
    "the same, notes keep labels": lambda seen, call: not ALL <= seen,
    "no act after untrusted text": lambda seen, call: not ("act" in call and "untrusted" in seen),
}
keeps_labels = {"the same, notes keep labels", "no act after untrusted text"}


def after(state, tool, rule):
    """The state after a call, or None if the rule sends it to a person first."""
    seen, real, note_seen, note_real = state  # labels, and what is really there
    call = tools[tool]
    labels, truth = call & ALL, call & ALL
    if "recall" in call:
        labels, truth = labels | note_seen, truth | note_real
    seen, real = seen | labels, real | truth
    if not rules[rule](seen, call):
        return None
    if "keep" in call:
        note_real = note_real | (real - {"act"})
        note_seen = note_seen | (seen - {"act"}) if rule in keeps_labels else note_seen
    return seen, real, note_seen, note_real


# --8<-- [end:rules]

# --8<-- [start:reach]
NOTHING = frozenset()


def reachable(rule):
    """Each harm that some order of calls can do, over any number of sessions, by the shortest way."""
    start = (NOTHING,) * 4
    ways, waiting, found = {start: ()}, collections.deque([start]), {}
    while waiting:
        state = waiting.popleft()
        then = [((NOTHING, NOTHING, *state[2:]), "(a new session)")]  # the notes remain
        for tool, call in tools.items():
            if (following := after(state, tool, rule)) is None:
                continue
            then.append((tuple(map(frozenset, following)), tool))
            if "untrusted" in following[1] and "act" in call:  # the attacker chose this call
                found.setdefault("damage", (*ways[state], tool))
                if "send" in call and "private" in following[1]:
                    found.setdefault("leak", (*ways[state], tool))
        for following, call in then:
            if following not in ways:
                ways[following] = (*ways[state], call)
                waiting.append(following)
    return found, len(ways)


def unattended(rule):
    """The honest tasks that no person has to approve."""
    done = []
    for name, sessions in tasks.items():
        state = (NOTHING,) * 4
        for calls in sessions:
            state = (NOTHING, NOTHING, *state[2:])
            for tool in calls:
                state = state and after(state, tool, rule)
            if state is None:
                break
        done += [name] if state else []
    return done


harms, alone = {}, {}
for rule in rules:
    harms[rule], states = reachable(rule)
    alone[rule] = unattended(rule)
    print(f"{rule}: {' and '.join(sorted(harms[rule])) or 'no harm'}")
    print(f"  {states} states, {len(alone[rule])} of {len(tasks)} tasks without a person")
way = harms["two of three in a session"].get("leak", ("no way",))
print("the leak of two of three in a session:")
for call in way:
    print("  " + call)


def choose(unbearable):
    """The rule that keeps these out of reach, with most tasks for the agent, then fewest harms."""
    safe = [rule for rule in rules if not harms[rule].keys() & unbearable]
    return max(safe, key=lambda rule: (len(alone[rule]), -len(harms[rule])), default="none")


for unbearable in ({"leak", "damage"}, {"leak"}):
    print(f"no {' and no '.join(sorted(unbearable))}:")
    print("  " + choose(unbearable))
assert harms["two of three in a session"].keys() == {"leak", "damage"}  # through a note
assert harms["the same, notes keep labels"].keys() == {"damage"}
assert choose({"leak", "damage"}) == "no act after untrusted text"
assert choose({"leak"}) == "the same, notes keep labels"
# --8<-- [end:reach]
