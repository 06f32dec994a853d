// As pays() of snippets/guide/unit-economics/does_this_price_pay.py.

const MARGIN = 0.6, MONTHS = 12;

export function calculate({ price, try_cost, minutes, hour, accepted, volume, win, term }) {
  const review = (minutes * hour) / 60, each = try_cost + review, cost = each / (accepted / 100);
  const margin = 1 - cost / price, gain = volume * (price - cost);
  const payback = gain > 0 ? Math.ceil((win + term * volume * price) / gain) : null;
  const sold = payback !== null && payback <= MONTHS ? "sell" : "too slow";
  return {
    cost, people: each ? (100 * review) / each : 0, floor: cost / (1 - MARGIN), margin: 100 * margin, payback,
    deepest: gain > 0 ? win + term * volume * cost : null,
    decision: margin <= 0 ? "each one loses" : margin < MARGIN ? "under the floor" : sold,
  };
}
