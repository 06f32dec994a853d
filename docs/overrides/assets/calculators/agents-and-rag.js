// As verdict() of snippets/guide/agents-and-rag/check_retry_hand_over.py.

const MOST_TRIES = 5, LINE = 1.5, EXTRA = 2;

const product = (from, up, by) => Array.from({ length: by }, (_, i) => from + i * up).reduce((a, b) => a * b, 1);

function ways(n, k) {
  let found = 1;
  for (let i = 0; i < k; i++) found = (found * (n - i)) / (i + 1);
  return found;
}

/** P(so many right and wrong tries in a given order), the failure rate Beta over steps. */
function mixed(fails, alike, rights, wrongs) {
  const up = product(fails * (1 - alike), alike, wrongs) * product((1 - fails) * (1 - alike), alike, rights);
  return up / product(1 - alike, alike, rights + wrongs);
}

/** Of one step: accepted right, accepted wrong, never accepted, tries used. */
function step(tries, right, again, misses, alarms) {
  const fails = 1 - right, alike = Math.max(0, (again - fails) / (1 - fails));
  const rejected = (n, stopped) => ways(n, stopped) * alarms ** stopped * (1 - misses) ** (n - stopped);
  let good = 0, bad = 0, left = 0, used = 0;
  for (let before = 0; before < tries; before++) {
    for (let stopped = 0; stopped <= before; stopped++) {
      const wrong = before - stopped, share = rejected(before, stopped);
      good += share * (1 - alarms) * mixed(fails, alike, stopped + 1, wrong);
      bad += share * misses * mixed(fails, alike, stopped, wrong + 1);
      used += share * mixed(fails, alike, stopped, wrong);
    }
  }
  for (let stopped = 0; stopped <= tries; stopped++) left += rejected(tries, stopped) * mixed(fails, alike, stopped, tries - stopped);
  return { good, bad, left, used };
}

/** Of one task: right, wrong, handed over (shares), its cost; and by step, not by task. */
function task(tries, { steps, right, again, misses, alarms, attempt, person, harm }) {
  const { good, bad, left, used } = step(tries, right / 100, again / 100, misses / 100, alarms / 100);
  let ok = 1, wrong = 0, handed = 0, cost = 0, spoilt = 0;
  for (let i = 0; i < steps; i++) {
    cost += (ok + wrong) * used * attempt;
    handed += (ok + wrong) * left;
    wrong = wrong * (good + bad) + ok * bad;
    ok *= good;
    spoilt += bad * (1 - bad) ** i;
  }
  cost += handed * person + wrong * harm;
  return { right: ok, wrong, handed, cost, by_step: steps * used * attempt + left * EXTRA * person + spoilt * harm };
}

export function calculate(given) {
  const plans = [task(1, { ...given, misses: 100, alarms: 0 })]; // unchecked, at the same price
  for (let tries = 1; tries <= MOST_TRIES; tries++) plans.push(task(tries, given));
  let best = 0;
  plans.forEach((plan, i) => { if (plan.cost < plans[best].cost) best = i; });
  const { right, wrong, handed, cost } = plans[best], { person } = given;
  const told = {
    right: 100 * right, wrong: 100 * wrong, handed: 100 * handed, tries: Math.max(best, 1), cost,
    by_step: Math.min(...plans.slice(1).map(plan => plan.by_step)),
  };
  if (cost * LINE <= person) return { ...told, decision: best > 1 ? "retry" : best ? "one try" : "unchecked" };
  if (told.by_step * LINE <= person) return { ...told, decision: "by step" };
  return { ...told, decision: cost < person ? "too little" : "person" };
}
