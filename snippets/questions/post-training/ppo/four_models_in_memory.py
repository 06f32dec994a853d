# /// script
# requires-python = ">=3.11"
# dependencies = []
# ///
"""Weights, gradients and Adam's state of the models that PPO and its rivals hold."""

# --8<-- [start:table]
TRAINED = 2 + 2 + 4 + 4 + 4  # 16-bit weights and gradients; 32-bit weights, mean, square.
FROZEN = 2  # 16-bit weights.


def gigabytes(trained, frozen):  # Sizes in billions of parameters.
    return TRAINED * sum(trained) + FROZEN * sum(frozen)


recipes = {  # Trained models and frozen ones.
    "fine-tuning": ([7], []),
    "DPO": ([7], [7]),  # The policy; the reference.
    "PPO": ([7, 7], [7, 7]),  # Policy, critic; reference, reward model.
    "without critic": ([7], [7, 7]),
    "rules for rewards, no KL": ([7, 7], []),  # Policy and critic.
    "6B critic, 175B policy": ([175, 6], [175, 6]),
    "and without the critic": ([175], [175, 6]),
}
total = {name: gigabytes(*models) for name, models in recipes.items()}
for name, size in total.items():
    print(f"{name:25s} {size:5.0f} GB")
critic = {
    "7B": 1 - total["without critic"] / total["PPO"],
    "175B": 1 - total["and without the critic"] / total["6B critic, 175B policy"],
}
print("share of the critic:", {size: f"{share:.0%}" for size, share in critic.items()})
assert total["PPO"] == 36 * 7 and total["PPO"] / total["fine-tuning"] == 2.25
assert total["rules for rewards, no KL"] == 2 * total["fine-tuning"]
assert 0.4 < critic["7B"] < 0.5 and critic["175B"] < 0.04
# --8<-- [end:table]
