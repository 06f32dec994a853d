// As verdict() of snippets/guide/evaluation/does_the_new_version_ship.py.

const FEWEST = 6, POWER = 0.8416212335729143; // the normal quantile at 80%

/** The normal quantile at p from 0.925 to 1 - 1e-10: Wichura, Algorithm AS 241, Applied Statistics 37(3), 1988. */
function quantile(p) {
  const r = Math.sqrt(-Math.log(1 - p)) - 1.6, polynomial = factors => factors.reduce((sum, factor) => sum * r + factor);
  return polynomial([
    7.7454501427834140764e-4, 0.0227238449892691845833, 0.24178072517745061177, 1.27045825245236838258,
    3.64784832476320460504, 5.7694972214606914055, 4.6303378461565452959, 1.42343711074968357734,
  ]) / polynomial([
    1.05075007164441684324e-9, 5.475938084995344946e-4, 0.0151986665636164571966, 0.14810397642748007459,
    0.68976733498510000455, 1.6763848301838038494, 2.05319162663775882187, 1,
  ]);
}

export function calculate({ questions, wins, losses, line, looks, gap }) {
  const differ = (wins + losses) / questions, told = { lead: null, low: null, high: null, needed: null, differ: 100 * differ };
  if (differ > 1) return { ...told, decision: "impossible" };
  const lead = wins - losses, z = quantile(1 - 0.025 / looks);
  const half = z * Math.sqrt(wins + losses - lead ** 2 / questions), low = (lead - half) / questions;
  const spread = differ - (gap / 100) ** 2;
  if (gap > line && spread > 0) {
    told.needed = Math.ceil(((100 * (z * Math.sqrt(differ) + POWER * Math.sqrt(spread))) / (gap - line)) ** 2);
  }
  const high = (lead + half) / questions, enough = (told.needed !== null && questions >= told.needed) || high <= line / 100;
  const otherwise = low > line / 100 ? "ship" : enough ? "do not ship" : "more questions";
  return {
    ...told, lead: (100 * lead) / questions, low: 100 * low, high: 100 * high,
    decision: wins + losses < FEWEST ? "fewer than six" : otherwise,
  };
}
