import type { ProviderProtocolName } from '@vigiles/wire';

/** One field a validator named: FastAPI's and pydantic's `detail[]`, also in their Python spelling. */
export interface FieldFault {
  /** `extra_forbidden`, `missing`, `string_type` …; empty where it gave none. */
  type: string;
  loc: readonly (string | number)[];
  msg: string;
}

/** A provider's refusal, ready to be read by rules. */
export interface Complaint {
  protocol: ProviderProtocolName;
  status: number;
  /** Its words, cut to a sane length. */
  text: string;
  /** The field it named apart from its words. */
  param: string | undefined;
  code: string | undefined;
  faults: readonly FieldFault[];
}

const MAX_TEXT = 6000;
const MAX_FAULTS = 40;

/**
 * @param message what the protocol's decoder took for the message
 * @param body the error body: parsed JSON, or text where it was none
 */
export function readComplaint(
  protocol: ProviderProtocolName,
  status: number,
  facts: { message: string; param?: string | undefined; code?: string | undefined },
  body: unknown,
): Complaint {
  const faults: FieldFault[] = [];
  collect(body, faults, 0);
  const texts = new Set([facts.message]);
  if (typeof body === 'string') texts.add(body);
  else inner(body, texts, 0);
  const text = [...texts].join('\n').slice(0, MAX_TEXT);
  if (faults.length === 0) pythonFaults(text, faults);
  return { protocol, status, text, param: facts.param, code: facts.code, faults };
}

/** Every `message`, `error`, `detail` and `raw` that is text: proxies wrap one error in another. */
function inner(value: unknown, texts: Set<string>, depth: number): void {
  if (depth > 5 || typeof value !== 'object' || value === null) return;
  for (const [name, entry] of Object.entries(value)) {
    if (typeof entry !== 'string') inner(entry, texts, depth + 1);
    else if (/^(?:message|error|detail|raw|description|msg|param)$/.test(name)) {
      if (name !== 'param') texts.add(entry);
      const nested = parsed(entry);
      if (nested !== undefined) inner(nested, texts, depth + 1);
    }
  }
}

function collect(value: unknown, faults: FieldFault[], depth: number): void {
  if (depth > 6 || faults.length >= MAX_FAULTS) return;
  if (typeof value === 'string') {
    const nested = parsed(value);
    if (nested !== undefined) collect(nested, faults, depth + 1);
    return;
  }
  if (typeof value !== 'object' || value === null) return;
  const { loc, msg, type } = value as { loc?: unknown; msg?: unknown; type?: unknown };
  if (Array.isArray(loc) && typeof msg === 'string') {
    const path = loc.filter((part) => typeof part === 'string' || typeof part === 'number');
    faults.push({ type: typeof type === 'string' ? type : '', loc: path, msg });
    return;
  }
  for (const entry of Object.values(value)) collect(entry, faults, depth + 1);
}

function parsed(text: string): unknown {
  const start = text.search(/[[{]/);
  if (start === -1 || text.length > 200_000) return undefined;
  for (const candidate of [text, text.slice(start)]) {
    try {
      const value: unknown = JSON.parse(candidate);
      if (typeof value === 'object' && value !== null) return value;
    } catch {
      // Not JSON, or not from here.
    }
  }
  return undefined;
}

/** vLLM prints pydantic's list as Python does: `[{'type': 'missing', 'loc': ('body', 'n'), 'msg': '…'}]`. */
function pythonFaults(text: string, faults: FieldFault[]): void {
  const entry =
    /'type': '([\w.]{1,60})', 'loc': [([]([^)\]]{1,300})[)\]], 'msg': (?:'([^']{0,300})'|"([^"]{0,300})")/g;
  for (const [, type = '', loc = '', single, double] of text.matchAll(entry)) {
    if (faults.length >= MAX_FAULTS) return;
    const path = loc
      .split(',')
      .map((part) => part.trim().replace(/^['"]|['"]$/g, ''))
      .filter((part) => part !== '')
      .map((part) => (/^\d+$/.test(part) ? Number(part) : part));
    faults.push({ type, loc: path, msg: single ?? double ?? '' });
  }
}
