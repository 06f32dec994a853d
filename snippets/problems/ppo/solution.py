# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy"]
# ///
"""PPO: generalized advantages over the steps that count, and the two clipped losses."""

# --8<-- [start:solution]
import numpy as np


def ppo(
    new, old, new_values, old_values, rewards, last, done, mask,
    gamma=0.99, lam=0.95, clip=0.2, value_clip=0.2, whiten=True,
):  # fmt: skip
    advantage = np.zeros(rewards.shape)
    value, carried = last, np.zeros(len(last))  # of the next step that counts
    for t in reversed(range(rewards.shape[1])):
        goes_on = ~done[:, t]
        delta = rewards[:, t] + gamma * value * goes_on - old_values[:, t]
        advantage[:, t] = np.where(mask[:, t], delta + gamma * lam * carried * goes_on, 0.0)
        value = np.where(mask[:, t], old_values[:, t], value)
        carried = np.where(mask[:, t], advantage[:, t], carried)
    returns = np.where(mask, advantage + old_values, 0.0)
    count = max(mask.sum(), 1)
    if whiten:
        centred = np.where(mask, advantage - advantage.sum() / count, 0.0)
        advantage = centred / np.sqrt((centred**2).sum() / count + 1e-8)
    ratio = np.exp(np.where(mask, new - old, 0.0))
    gain = np.minimum(ratio * advantage, np.clip(ratio, 1 - clip, 1 + clip) * advantage)
    near = old_values + np.clip(new_values - old_values, -value_clip, value_clip)
    error = np.maximum((new_values - returns) ** 2, (near - returns) ** 2) * mask
    return advantage, returns, -gain.sum() / count, 0.5 * error.sum() / count


# --8<-- [end:solution]
# --8<-- [start:example]
new, old = np.log([[0.4, 0.4]]), np.log([[0.2, 0.2]])  # (batch 1, time 2)
new_values, old_values = np.array([[1.0, 1.0]]), np.array([[0.5, 0.5]])
rewards, last = np.array([[0.0, 1.0]]), np.array([7.0])
done, mask = np.array([[False, True]]), np.array([[True, True]])
steps = (new, old, new_values, old_values, rewards, last, done, mask)
advantage, returns, policy_loss, value_loss = ppo(*steps, gamma=0.5, lam=0.5, whiten=False)
print(advantage.tolist(), returns.tolist(), f"{policy_loss:.4f} {value_loss:.4f}")
assert np.allclose(advantage, [[-1 / 8, 1 / 2]])
assert np.allclose(returns, [[3 / 8, 1]])
assert np.isclose(policy_loss, -0.175)
assert np.isclose(value_loss, (0.625**2 + 0.3**2) / 4)
white = ppo(*steps, gamma=0.5, lam=0.5)[0]
print(white.round(4).tolist())
assert np.allclose(white, [[-1, 1]], atol=1e-6)
# --8<-- [end:example]
