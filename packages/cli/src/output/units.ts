/** `3 d 4 h`, `12 min 5 s`, `40 s`: the two largest units. */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const parts: [number, string][] = [
    [Math.floor(whole / 86_400), 'd'],
    [Math.floor(whole / 3600) % 24, 'h'],
    [Math.floor(whole / 60) % 60, 'min'],
    [whole % 60, 's'],
  ];
  const first = parts.findIndex(([count]) => count > 0);
  if (first < 0) return '0 s';
  return parts
    .slice(first, first + 2)
    .filter(([count]) => count > 0)
    .map(([count, unit]) => `${count} ${unit}`)
    .join(' ');
}

/** Local `HH:MM:SS` of UTC milliseconds. */
export const clockTime = (ts: number): string => new Date(ts).toTimeString().slice(0, 8);

/** `2 min ago`: the largest unit only. */
export const ago = (ts: number, now = Date.now()): string =>
  `${duration((now - ts) / 1000)
    .split(' ')
    .slice(0, 2)
    .join(' ')} ago`;

export const usd = (amount: number): string => `$${amount.toFixed(2)}`;
export const usdOfMicros = (micros: number): string => usd(micros / 1_000_000);
export const count = (value: number): string => value.toLocaleString('en-US');
