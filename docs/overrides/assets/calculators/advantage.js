// As verdict() of snippets/guide/advantage/how_long_a_lead_lasts.py.

export function calculate({ model, own, line, dearer, fall, rival, needed }) {
  const cheap = (12 * Math.log(dearer)) / Math.log(fall), together = model + own >= line ? Math.min(cheap, rival) : 0;
  const lasts = Math.max(together, model >= line ? cheap : 0, own >= line ? rival : 0);
  const carries = own >= line && rival >= needed ? "own" : "model", ends = lasts < needed ? "too short" : carries;
  return { cheap, lasts, slowest: dearer ** (12 / needed), decision: lasts === 0 ? "no lead" : ends };
}
