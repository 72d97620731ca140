const hourMs = 3_600_000;
const keepMs = 24 * hourMs;
const most = 500;

/**
 * Adds a look to the ones before. What was paid in begins a new row: from before that nothing follows for the pace.
 * @param {{ at: number, left: number }[]} looks oldest first
 */
export function add(looks, look) {
  const last = looks.at(-1);
  const kept =
    last && look.left > last.left ? [] : looks.filter(({ at }) => look.at - at <= keepMs && at < look.at);
  return [...kept, look].slice(-most);
}

/** Hours until nothing is left at the pace of the last day; null: it is not going down, or too little is known. */
export function hoursLeft(looks) {
  const [first] = looks;
  const last = looks.at(-1);
  if (!first || !last || last.at - first.at < hourMs / 2) return null;
  const perHour = ((first.left - last.left) / (last.at - first.at)) * hourMs;
  return perHour > 0 ? last.left / perHour : null;
}
