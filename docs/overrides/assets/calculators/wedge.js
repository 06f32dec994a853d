// As verdict() of snippets/guide/wedge/five_introductions_from_one_friend.py.

const MOST = 40;

/** Chances of 0 to m yeses among m pilots that one person introduces. */
function oneFriend(m, p, alike) {
  const pull = alike / (1 - alike), products = x => {
    const found = [1];
    for (let i = 0; i < m; i++) found.push(found[i] * (x + i * pull));
    return found;
  };
  const yes = products(p), no = products(1 - p), order = products(1);
  let ways = 1;
  return yes.map((chance, j) => {
    if (j) ways = (ways * (m - j + 1)) / j;
    return (ways * chance * no[m - j]) / order[m];
  });
}

function convolve(one, other) {
  const sum = Array(one.length + other.length - 1).fill(0);
  one.forEach((x, i) => other.forEach((y, j) => { sum[i + j] += x * y; }));
  return sum;
}

/** For n from 0 to 40: chances of 0 to n yeses, in full groups and the rest. */
function yeses(p, each, alike) {
  const found = [];
  for (let n = 0; n <= MOST; n++) {
    found.push(n <= each ? oneFriend(n, p, alike) : convolve(found[n - each], oneFriend(each, p, alike)));
  }
  return found;
}

const total = chances => chances.reduce((sum, x) => sum + x, 0);

/** Smallest n, with k and both errors, each at most risk; or null. */
function killRule(good, bad, risk) {
  for (let n = 1; n <= MOST; n++) {
    for (let k = 0; k < n; k++) {
      const stopped = total(good[n].slice(0, k + 1)), kept = total(bad[n].slice(k + 1));
      if (stopped <= risk && kept <= risk) return [n, k, stopped, kept];
    }
  }
  return null;
}

export function calculate({ cost, contribution, months, good, risk, can_run, each, alike }) {
  const bad = cost / (contribution * months);
  const told = { needed: 100 * bad, pilots: null, stop_at: null, killed_good: null, kept_bad: null };
  if (bad >= good / 100) return { ...told, decision: "never pays" };
  const rule = killRule(yeses(good / 100, each, alike / 100), yeses(bad, each, alike / 100), risk / 100);
  if (!rule) return { ...told, decision: "too close" };
  const [n, k, stopped, kept] = rule;
  return {
    ...told, pilots: n, stop_at: k, killed_good: 100 * stopped, kept_bad: 100 * kept,
    decision: n <= can_run ? "run them" : "too many",
  };
}
