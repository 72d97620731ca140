/** A value as it is typed: JSON where it is, and text otherwise. */
function readValue(text: string): unknown {
  const bounds = [...text.matchAll(/\b(above|below)\s+(-?\d+(?:\.\d+)?)/g)];
  if (bounds.length > 0 && text.replaceAll(/\b(above|below)\s+-?\d+(?:\.\d+)?/g, '').trim() === '')
    return Object.fromEntries(bounds.map(([, side, bound]) => [side, Number(bound)]));
  try {
    return JSON.parse(text) as unknown;
  } catch {
    const list = /^\[(.*)\]$/.exec(text)?.[1];
    return list === undefined ? text : list.split(',').map((one) => readValue(one.trim()));
  }
}

/** A text that would be read as something else is quoted. */
function valueText(value: unknown): string {
  if (typeof value === 'string') return readValue(value) === value ? value : JSON.stringify(value);
  if (Array.isArray(value)) return JSON.stringify(value);
  if (typeof value === 'object' && value !== null) {
    const sides = Object.entries(value);
    if (sides.every(([side, bound]) => /^(above|below)$/.test(side) && typeof bound === 'number'))
      return sides.map(([side, bound]) => `${side} ${String(bound)}`).join(' ');
  }
  return JSON.stringify(value);
}

/** Named values, one a line: `status: 401`, `cause: [auth, expired]`, `value: above 5`. */
export const conditionText = (value: Record<string, unknown>): string =>
  Object.entries(value)
    .map(([name, one]) => `${name}: ${valueText(one)}`)
    .join('\n');

/** The values of such lines; a line without a colon is a name without a value. */
export const readCondition = (text: string): Record<string, unknown> =>
  Object.fromEntries(
    text
      .split('\n')
      .filter((line) => line.trim() !== '')
      .map((line) => {
        const colon = line.indexOf(':');
        return colon < 0
          ? [line.trim(), '']
          : [line.slice(0, colon).trim(), readValue(line.slice(colon + 1).trim())];
      }),
  );
