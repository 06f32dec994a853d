// As plan() of snippets/guide/compliance/what_you_owe_and_when.py; dates compare as text.

const AS_OF = "2026-11-29";
const ALGORITHM = [2, 2], REGISTRATION = [3, 4], MODEL = [3, 8]; // months from and to
const PERIODS = ["", "2025-08-02", "2026-08-02", "2026-12-02", "2027-12-02", "2028-08-02"];
const HIGH_RISK = [null, null, "2027-12-02", "2028-08-02"];

const months = other => [Math.max(ALGORITHM[0], other[0]), ALGORITHM[1] + other[1]];
const ceiling = (turnover, small, cap, share) => (small ? Math.min : Math.max)(cap, share * turnover);

export function calculate({ china_users, eu_users, model, placed, turnover, small, cash, paid }) {
  const files = china_users === 3, isPublic = china_users >= 2, gpai = eu_users > 0 && model === 2;
  const [fastest, slowest] = files ? months(model ? MODEL : REGISTRATION) : [null, null];
  const needed = files ? slowest + paid : null, unchanged = files ? months(REGISTRATION)[1] + paid : null;
  const dates = {
    prohibited: "2025-02-02", more: "2026-12-02", tell: "2026-08-02",
    mark: placed >= 2 ? "2026-08-02" : "2026-12-02",
    gpai: !gpai ? null : placed === 0 ? "2027-08-02" : "2025-08-02",
    high_risk: HIGH_RISK[eu_users],
  };
  if (!eu_users) for (const name in dates) dates[name] = null;
  const then = AS_OF > PERIODS[placed] ? AS_OF : PERIODS[placed];
  const known = Object.values(dates).filter(Boolean).sort(), later = known.filter(date => date > then);
  const waits = model && unchanged <= cash ? "leave it unchanged" : "inside first";
  const inChina = needed <= cash ? (model ? "file" : "register") : waits;
  const inEurope = later.length ? "Europe by steps" : "Europe at once";
  const unfiled = china_users ? (isPublic ? "ask" : "inside") : eu_users ? inEurope : "nothing";
  return {
    ...dates, label: isPublic ? "2025-09-01" : null, next: later[0] ?? null, due: known.length - later.length || null,
    fastest, slowest, needed, unchanged,
    fine_five: eu_users ? ceiling(turnover, small, 35, 0.07) : null,
    fine: eu_users ? ceiling(turnover, small, 15, 0.03) : null,
    fine_gpai: gpai ? ceiling(turnover, 0, 15, 0.03) : null,
    decision: files ? inChina : unfiled,
  };
}
