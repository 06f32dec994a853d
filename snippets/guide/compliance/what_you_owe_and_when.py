# /// script
# requires-python = ">=3.11"
# dependencies = []
# ///
"""Whom you serve and what you change decide what you owe; the calendar follows."""

# --8<-- [start:inputs]
import datetime
import itertools

as_of = datetime.date(2026, 11, 29)
algorithm_filing = (2, 2)  # months, secondary: item 5 of the sources
registration = (3, 4)  # months, secondary
model_filing = (3, 8)  # months, a law firm's 3 to 6, an agent's 6 to 8
months_of_cash = 12  # yours
months_to_be_paid = 3  # from the first day you may sell, yours
# --8<-- [end:inputs]


# --8<-- [start:china]
def china(public, opinion, changed):
    """Filings that can stand before a launch, with months from and to."""
    if not public:
        return {}  # Article 2: inside a company, not offered to the public
    if not opinion:
        return {}  # neither public opinion nor mobilization: ask, in writing
    owed = {"algorithm filing": algorithm_filing}
    owed |= {"model filing": model_filing} if changed else {"registration": registration}
    return owed


def months(owed):
    """From: all at once. To: one after the other."""
    spans = owed.values()
    return max((low for low, _ in spans), default=0), sum(high for _, high in spans)


answers = ("public", "opinion", "changed")
for values in itertools.product((False, True), repeat=3):
    owed = china(*values)
    who = ", ".join(a if v else f"not {a}" for a, v in zip(answers, values, strict=True))
    if owed:
        print(f"{who}: {' and '.join(owed)}, {months(owed)[0]} to {months(owed)[1]} months")
assert months(china(True, True, True))[1] > months(china(True, True, False))[1]
assert months(china(True, True, True))[0] == months(china(True, True, False))[0]  # at best
assert not china(False, True, True)  # fine-tuned or not
# --8<-- [end:china]

# --8<-- [start:decision]
unknown = None  # nobody can tell you how long: the kill criterion


def first_market(public_months, cash=months_of_cash, paid=months_to_be_paid):
    """Public first only if the filings at their slowest and the first money fit."""
    if public_months is unknown or public_months + paid > cash:
        return "inside companies first"
    return "the public first"


for changed in (False, True):
    longest = months(china(True, True, changed))[1]
    flips_at = longest + months_to_be_paid
    kind = "changed model" if changed else "model as it is"
    print(f"{kind}: {first_market(longest)}; it flips at {flips_at} months of cash")
    assert first_market(longest, cash=flips_at) == "the public first"
    assert first_market(longest, cash=flips_at - 1) == "inside companies first"
assert first_market(unknown, cash=120) == "inside companies first"
# The longest filing alone would fit the cash; all of them do not.
assert first_market(model_filing[1]) != first_market(months(china(True, True, True))[1])
# --8<-- [end:decision]

# --8<-- [start:europe]
day = datetime.date.fromisoformat
europe = {  # duty: (applies from, cap in million euros, share of turnover)
    "prohibited practices, Art. 5": (day("2025-02-02"), 35, 0.07),
    "GPAI models": (day("2025-08-02"), 15, 0.03),
    "say that it is an AI, 50(1)": (day("2026-08-02"), 15, 0.03),
    "mark what is new, 50(2)": (day("2026-08-02"), 15, 0.03),
    "two more prohibitions": (day("2026-12-02"), 35, 0.07),
    "mark what was there, 50(2)": (day("2026-12-02"), 15, 0.03),
    "high risk, Annex III": (day("2027-12-02"), 15, 0.03),
    "high risk, Annex I": (day("2028-08-02"), 15, 0.03),
}


def highest_fine(turnover, small, cap, share):
    """Million euros; the higher ceiling counts, for small firms the lower."""
    return (min if small else max)(cap, share * turnover)


for duty, (date, cap, share) in europe.items():
    left = (date - as_of).days
    when = f"in {left} days" if left > 0 else "applies"
    lower = duty != "GPAI models"  # Article 101 has no lower ceiling for small firms
    fine = highest_fine(2, lower, cap, share)
    print(f"{duty:29s} {date} {when:12s} 2 million turnover: {fine:.2f} million")
due = [duty for duty, (date, *_) in europe.items() if date <= as_of]
assert len(due) == 4 and "high risk, Annex III" not in due
# At 2 million, whether you count as small moves the ceiling by more than 100 times.
assert highest_fine(2, False, 15, 0.03) > 100 * highest_fine(2, True, 15, 0.03)
same = 15 / 0.03  # million euros of turnover at which the two ceilings meet
assert highest_fine(same, True, 15, 0.03) == highest_fine(same, False, 15, 0.03) == 15
# --8<-- [end:europe]

# --8<-- [start:third]
parameters, pretraining_tokens = 8.2e9, 36e12  # Qwen3-8B, model card
fine_tuning_tokens = 5_000 * 3 * (1024 + 128)  # labels, epochs, tokens each


def becomes_provider(tokens, third=1 / 3):
    """The guidelines' line: compute of the change against the original's."""
    return 6 * parameters * tokens > third * 6 * parameters * pretraining_tokens


compute_share = fine_tuning_tokens / pretraining_tokens
flips_at_tokens = pretraining_tokens / 3
print(f"fine-tuning took {compute_share:.0e} of the pre-training compute")
print(f"you become the provider of the model above {flips_at_tokens:.1e} tokens")
assert not becomes_provider(1000 * fine_tuning_tokens)
assert becomes_provider(1.01 * flips_at_tokens) and not becomes_provider(0.99 * flips_at_tokens)
# --8<-- [end:third]

# --8<-- [start:dates]
changes = ("2025-08-02", "2026-08-02", "2026-12-02", "2027-12-02", "2028-08-02")
periods = [datetime.date.min, *map(day, changes)]  # in which it comes onto the EU market
older_models, labelling = day("2027-08-02"), day("2025-09-01")


def dates_in_europe(eu_users, gpai, placed):
    """From when each duty applies to a product that talks and generates; None: it does not."""
    duties = {
        "prohibited": "prohibited practices, Art. 5",
        "more": "two more prohibitions",
        "tell": "say that it is an AI, 50(1)",
        "mark": "mark what is new, 50(2)" if placed >= 2 else "mark what was there, 50(2)",
        "gpai": "GPAI models" if gpai else None,
        "high_risk": (None, None, "high risk, Annex III", "high risk, Annex I")[eu_users],
    }
    dates = {name: europe[duty][0] if eu_users and duty else None for name, duty in duties.items()}
    if dates["gpai"] and placed == 0:
        dates["gpai"] = older_models
    return dates


hiring = dates_in_europe(eu_users=2, gpai=False, placed=1)  # there before August 2026
assert hiring["mark"] == day("2026-12-02") > as_of > hiring["tell"]
# --8<-- [end:dates]

# --8<-- [start:plan]
product = dict(
    china_users=3,  # 0: none, 1: inside a company, 2: the public, 3: with opinion
    eu_users=0,  # 0: none, 1: no high-risk use, 2: Annex III, 3: Annex I
    model=0,  # 0: as it is, 1: changed or trained, 2: the same, and a GPAI model
    placed=2,  # which of the periods
    turnover=2,  # million euros
    small=1,
    cash=months_of_cash,
    paid=months_to_be_paid,
)
form = {"china": product, "europe": product | dict(china_users=0, eu_users=1)}


def plan(china_users, eu_users, model, placed, turnover, small, cash, paid):
    """Months in China, dates and ceilings in the EU, and what to do first."""
    public, opinion, gpai = china_users >= 2, china_users == 3, eu_users > 0 and model == 2
    fastest, slowest = months(china(public, opinion, model > 0))
    unchanged = months(china(public, opinion, False))[1]
    dates = dates_in_europe(eu_users, gpai, placed)
    then = max(as_of, periods[placed])
    known = [date for date in dates.values() if date]
    later = [date for date in known if date > then]
    if not slowest:
        in_europe = "Europe by steps" if later else "Europe at once"
        decision = ("nothing" if not eu_users else in_europe, "inside", "ask")[china_users]
    elif first_market(slowest, cash, paid) == "the public first":
        decision = "file" if model else "register"
    else:
        waits = first_market(unchanged, cash, paid) == "the public first"
        decision = "leave it unchanged" if waits else "inside first"
    dates |= {"label": labelling if public else None, "next": min(later, default=None)}
    return {name: str(date) if date else None for name, date in dates.items()} | dict(
        fastest=fastest or None,
        slowest=slowest or None,
        needed=slowest + paid if slowest else None,
        unchanged=unchanged + paid if unchanged else None,
        due=len(known) - len(later) or None,
        fine_five=highest_fine(turnover, small, 35, 0.07) if eu_users else None,
        fine=highest_fine(turnover, small, 15, 0.03) if eu_users else None,
        fine_gpai=highest_fine(turnover, False, 15, 0.03) if gpai else None,
        decision=decision,
    )


print("months of cash, model changed: what to do first")
tuned = {cash: plan(**product | dict(model=1, cash=cash))["decision"] for cash in (8, 12, 13)}
for cash, decision in tuned.items():
    print(f"{cash:14d}, {decision}")
assert tuned == {8: "inside first", 12: "leave it unchanged", 13: "file"}
# --8<-- [end:plan]
