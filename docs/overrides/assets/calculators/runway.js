// As runway() of snippets/guide/runway/when_the_cash_runs_out.py.

const CLOSING = 2, CUT = 0.3, HORIZON = 36;

function firstBelow(line, cash, { costs, sales, growth, margin, term, gate }, cut) {
  const sold = month => (month > gate ? sales * (1 + growth / 100) ** (month - gate - 1) : 0);
  for (let m = 1; m <= HORIZON; m++) {
    cash += sold(m - term) - (1 - margin / 100) * sold(m) - costs * (1 - (m > 1 ? cut : 0));
    if (cash < line) return m;
  }
  return null;
}

export function calculate(inputs) {
  const { cash, costs, sales, margin, gate, raising } = inputs, keep = CLOSING * costs;
  const out = firstBelow(keep, cash, inputs, 0), after = firstBelow(keep * (1 - CUT), cash, inputs, CUT);
  const begin = out === null ? null : out - raising;
  const burn = costs - (gate === 0 ? (margin / 100) * sales : 0);
  const late = after === null ? "cut" : after - raising >= 1 ? "cut and raise" : "stop";
  return {
    simple: burn > 0 ? cash / burn : null, out, begin, after,
    decision: out === null ? "go on" : begin >= 1 ? "raise" : late,
  };
}
