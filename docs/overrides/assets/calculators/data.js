// As verdict() of snippets/guide/data/what_a_rare_label_costs.py.

export function calculate({ prevalence, recall, false_alarms, label, scan, build, needed, records }) {
  const rare = prevalence / 100, kept = recall / 100, noise = false_alarms / 100;
  const precision = (rare * kept) / (rare * kept + (1 - rare) * noise);
  const each_random = label / rare, each_screen = label / precision + scan / 1000 / (rare * kept);
  const saving = each_random - each_screen, found = records * rare * kept;
  const total_random = needed * each_random, total_screen = build + needed * each_screen;
  const searched = found >= needed ? "screen" : "screen leaks";
  const enough = total_screen >= total_random ? "as they come" : searched;
  return {
    each_random, each_screen, precision: 100 * precision, found, pays_from: saving > 0 ? build / saving : null,
    total_random, total_screen, decision: records * rare < needed ? "more records" : enough,
  };
}
