/** What one condition asks of a check: fields that are set, or why it cannot be asked. */
export type ConditionMade = { fields: Record<string, unknown>; json?: unknown } | string;

const shape = /^\s*\[(\w+)\]((?:\.[\w-]+|\[\d+\])*)\s*(==|!=|<=|>=|<|>)\s*(.+?)\s*$/;

const durationMs: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

/** `1h30m`, `500ms` and `2` in milliseconds; a bare number counts in the unit given. */
export function gatusDuration(text: string, bareMs = 1000): number | undefined {
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text) * bareMs;
  let total = 0;
  let rest = text;
  for (;;) {
    const found = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)/.exec(rest);
    if (!found) return rest === '' && text !== '' ? total : undefined;
    total += Number(found[1]) * (durationMs[found[2] ?? ''] ?? 0);
    rest = rest.slice(found[0].length);
  }
}

function statuses(operator: string, wanted: string): number[] | null {
  const any = /^any\((.+)\)$/.exec(wanted);
  const list = (any?.[1] ?? wanted).split(',').map((part) => Number(part.trim()));
  if (list.some((status) => !Number.isInteger(status) || status < 100 || status > 600)) return null;
  if (operator === '==') return list;
  const [limit = 0] = list;
  const all = Array.from({ length: 500 }, (_, at) => 100 + at);
  switch (operator) {
    case '<':
      return all.filter((status) => status < limit);
    case '<=':
      return all.filter((status) => status <= limit);
    case '>':
      return all.filter((status) => status > limit);
    case '>=':
      return all.filter((status) => status >= limit);
    default:
      return all.filter((status) => status !== limit);
  }
}

const comparisons: Readonly<Record<string, string>> = {
  '==': 'equals',
  '!=': 'not_equals',
  '<': 'below',
  '<=': 'at_most',
  '>': 'above',
  '>=': 'at_least',
};

function body(path: string, operator: string, wanted: string): ConditionMade {
  const part = /^pat\(\*([^*]+)\*\)$/.exec(wanted)?.[1];
  if (path === '') {
    if (part === undefined) return 'only [BODY] == pat(*text*) is carried over';
    if (operator === '==') return { fields: { contains: part } };
    return operator === '!=' ? { fields: { lacks: part } } : 'that comparison is not possible here';
  }
  if (wanted.includes('(')) return 'functions have no counterpart here';
  const truth = wanted === 'true' || wanted === 'false' ? wanted === 'true' : undefined;
  const number = Number.isFinite(Number(wanted)) ? Number(wanted) : undefined;
  const value = truth ?? number ?? wanted;
  return { fields: {}, json: { path: path.replace(/^\./, ''), is: comparisons[operator], value } };
}

/** A condition of Gatus, such as `[STATUS] == 200`. */
export function conditionOf(text: string): ConditionMade {
  const found = shape.exec(text);
  if (!found) return 'it is not understood';
  const [, what, path = '', operator = '', wanted = ''] = found;
  switch (what) {
    case 'STATUS': {
      const status = statuses(operator, wanted);
      return status === null ? 'it is not understood' : { fields: { status } };
    }
    case 'RESPONSE_TIME': {
      const ms = gatusDuration(wanted, 1);
      if (ms === undefined || !operator.startsWith('<')) return 'it is not understood';
      return { fields: { max_latency_ms: ms } };
    }
    case 'CERTIFICATE_EXPIRATION': {
      const ms = gatusDuration(wanted);
      if (ms === undefined || !operator.startsWith('>')) return 'it is not understood';
      return { fields: { certificate_days: Math.ceil(ms / 86_400_000) } };
    }
    case 'BODY':
      return body(path, operator, wanted);
    case 'CONNECTED':
      return operator === '==' && wanted === 'true' ? { fields: {} } : 'being unreachable cannot count as up';
    case 'DNS_RCODE':
      return operator === '==' && wanted === 'NOERROR' ? { fields: {} } : 'only NOERROR is carried over';
    default:
      return `[${what}] has no counterpart here`;
  }
}
