// As verdict() of snippets/guide/innovation-advantage/how_many_silent_pilots_kill_a_wedge.py.

const MOST = 40;

/** Probability of k or fewer yeses in n pilots at rate p. */
function atMost(k, n, p) {
  let ways = 1, sum = 0;
  for (let i = 0; i <= k; i++) {
    sum += ways * p ** i * (1 - p) ** (n - i);
    ways = (ways * (n - i)) / (i + 1);
  }
  return sum;
}

/** Smallest n, with k: stop at k or fewer yeses, both errors at most risk; or null. */
function killRule(good, bad, risk) {
  for (let n = 1; n <= MOST; n++) {
    for (let k = 0; k < n; k++) {
      if (atMost(k, n, good) <= risk && 1 - atMost(k, n, bad) <= risk) return [n, k];
    }
  }
  return null;
}

export function calculate({ cost, contribution, months, good, risk, can_run }) {
  const bad = cost / (contribution * months);
  const told = { needed: 100 * bad, pilots: null, stop_at: null, killed_good: null, kept_bad: null };
  if (bad >= good / 100) return { ...told, decision: "never pays" };
  const rule = killRule(good / 100, bad, risk / 100);
  if (!rule) return { ...told, decision: "too close" };
  const [n, k] = rule;
  return {
    ...told, pilots: n, stop_at: k, killed_good: 100 * atMost(k, n, good / 100), kept_bad: 100 * atMost(n - k - 1, n, 1 - bad),
    decision: n <= can_run ? "run them" : "too many",
  };
}
