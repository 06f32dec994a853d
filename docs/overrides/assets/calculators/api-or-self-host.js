// As compare() of snippets/guide/api-or-self-host/api_or_own_gpu.py.

const HOURS_PER_MONTH = 730, MARGIN = 1.5;

const apiBill = (x, rate) => rate * 3.6 * HOURS_PER_MONTH * x.per_thousand;
const gpus = (x, rate) => Math.ceil((rate * x.peak_to_average) / x.requests_per_second) + x.spare_gpus;
const ownBill = (x, rate) => gpus(x, rate) * HOURS_PER_MONTH * x.gpu_hour_price + x.people_per_month;

/** Traffic up to 500 requests a second from which the API stays that much dearer, or null. */
function paysFrom(x) {
  for (let tenth = 5000; tenth >= 1; tenth--) {
    if (apiBill(x, tenth / 10) < MARGIN * ownBill(x, tenth / 10)) return tenth < 5000 ? (tenth + 1) / 10 : null;
  }
  return 0.1;
}

export function calculate(x) {
  const api = apiBill(x, x.requests), own = ownBill(x, x.requests), count = gpus(x, x.requests), stays = paysFrom(x);
  const otherwise = stays === null ? "API at any traffic" : "API";
  return {
    api, own, times: api / own, gpus: count,
    load: (100 * x.requests) / count / x.requests_per_second,
    stays: stays === null ? null : apiBill(x, stays),
    decision: api >= MARGIN * own ? "own GPUs" : otherwise,
  };
}
