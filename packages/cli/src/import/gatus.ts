import type { DraftBook } from './draft-book.ts';
import { conditionOf, gatusDuration } from './gatus-conditions.ts';
import { isRecord, listOf, textOf, type Loose, type SourceFile } from './proposal.ts';
import { given, webAddress, within, type CheckDraft } from './service-draft.ts';

/** `${NAME}` and `$NAME` are variables there. */
const withVariables = (text: string): string =>
  text.replaceAll(/\$\{?([A-Za-z_][A-Za-z0-9_]*)\}?/g, (_found, name: string) => `\${env:${name}}`);

const seconds = (value: unknown): number | undefined => {
  const ms = gatusDuration(textOf(value) ?? '');
  return ms === undefined ? undefined : ms / 1000;
};

function placeOf(url: string): { scheme: string; host: string; port: number | undefined } | null {
  const found = /^([a-z]+):\/\/(\[[^\]]+\]|[^:/]+)(?::(\d{1,5}))?/.exec(url);
  if (!found) return null;
  const port = found[3] === undefined ? undefined : within(Number(found[3]), 1, 65_535);
  return { scheme: found[1] ?? '', host: (found[2] ?? '').replace(/^\[|\]$/g, ''), port };
}

function httpOf(entry: Loose, address: string, name: string, book: DraftBook): CheckDraft | string {
  const url = webAddress(address);
  if (url === null) return 'its address has a password in it';
  const client = isRecord(entry['client']) ? entry['client'] : {};
  const headers = Object.fromEntries(
    Object.entries(isRecord(entry['headers']) ? entry['headers'] : {}).flatMap(([header, value]) => {
      if (typeof value !== 'string') return [];
      const text = withVariables(value);
      return [[header, text.includes('${env:') ? text : book.hideHeader(header, value, name)]];
    }),
  );
  const method = textOf(entry['method'])?.toUpperCase();
  return {
    type: 'http',
    url: withVariables(address) === address ? url : withVariables(address),
    ...given({
      method: method === 'GET' ? undefined : method,
      headers: Object.keys(headers).length > 0 ? headers : undefined,
      body: textOf(entry['body']),
      verify_certificate: client['insecure'] === true ? false : undefined,
      redirects: client['ignore-redirect'] === true ? undefined : 10,
    }),
  };
}

function checkOf(entry: Loose, name: string, book: DraftBook): CheckDraft | string {
  const address = textOf(entry['url']);
  if (address === undefined) return 'it has no url';
  if (isRecord(entry['dns'])) {
    const asked = textOf(entry['dns']['query-name'])?.replace(/\.$/, '');
    const record = textOf(entry['dns']['query-type']);
    return asked === undefined
      ? 'it asks for no name'
      : { type: 'dns', name: asked, ...given({ record, resolver: address.replace(/:\d+$/, '') }) };
  }
  const place = placeOf(address);
  if (!place) return 'its url is not understood';
  const { scheme, host, port } = place;
  switch (scheme) {
    case 'http':
    case 'https':
      return httpOf(entry, address, name, book);
    case 'tcp':
      return port === undefined ? 'it has no port' : { type: 'tcp', host, port };
    case 'tls':
      return { type: 'tls', host, ...given({ port }) };
    case 'icmp':
      return { type: 'ping', host };
    default:
      return `there is no check for ${scheme}: here`;
  }
}

const allowed: Readonly<Record<string, readonly string[]>> = {
  http: ['status', 'max_latency_ms', 'certificate_days', 'contains', 'lacks'],
  tcp: ['max_latency_ms'],
  ping: ['max_latency_ms'],
  dns: ['max_latency_ms'],
  tls: ['max_latency_ms', 'certificate_days'],
};

const least = (a: unknown, b: unknown): unknown => (typeof a === 'number' ? Math.min(a, Number(b)) : b);
const most = (a: unknown, b: unknown): unknown => (typeof a === 'number' ? Math.max(a, Number(b)) : b);

/** Puts what one condition asks for beside what others ask for: all of it has to hold. @returns why it cannot be */
function add(made: CheckDraft, fields: Readonly<Record<string, unknown>>): string | null {
  for (const [field, value] of Object.entries(fields)) {
    const known = made[field];
    if (field === 'max_latency_ms') made[field] = least(known, value);
    else if (field === 'certificate_days') made[field] = most(known, value);
    else if (known === undefined || known === value) made[field] = value;
    else if (field === 'status') {
      const both = (known as number[]).filter((status) => (value as number[]).includes(status));
      if (both.length === 0) return 'no status fits all conditions';
      made[field] = both;
    } else if (field === 'contains' && made['matches'] === undefined)
      made['matches'] = String(value).replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
    else
      return field === 'contains' ? 'a check asks for two texts at most' : 'a check forbids one text at most';
  }
  return null;
}

/** Puts conditions into the check; what it cannot hold is left out. */
function withConditions(
  check: CheckDraft,
  conditions: readonly unknown[],
  leave: (at: number, why: string) => void,
): CheckDraft {
  const json: unknown[] = [];
  const made: CheckDraft = { ...check };
  for (const [at, condition] of conditions.entries()) {
    const meant = conditionOf(String(condition));
    if (typeof meant === 'string') leave(at, meant);
    else if (meant.json !== undefined) {
      if (check.type === 'http') json.push(meant.json);
      else leave(at, `a ${check.type} check reads no body`);
    } else {
      const unfit = Object.keys(meant.fields).find((field) => !allowed[check.type]?.includes(field));
      const lost = unfit === undefined ? add(made, meant.fields) : `a ${check.type} check has no ${unfit}`;
      if (lost !== null) leave(at, lost);
    }
  }
  return json.length > 0 ? { ...made, json } : made;
}

function endpoints({ value, lineOf }: SourceFile, book: DraftBook): void {
  for (const [i, entry] of listOf(value['endpoints']).entries()) {
    const at = ['endpoints', i];
    const name = isRecord(entry) ? textOf(entry['name']) : undefined;
    if (!isRecord(entry) || name === undefined) {
      book.leaveOut(lineOf(at), `endpoint ${i + 1}`, 'it has no name');
      continue;
    }
    const group = textOf(entry['group']);
    const full = group === undefined ? name : `${group} ${name}`;
    const check = entry['enabled'] === false ? 'it is switched off' : checkOf(entry, full, book);
    if (typeof check === 'string') {
      book.leaveOut(lineOf([...at, 'name']), `endpoint ${full}`, check);
      continue;
    }
    const conditions = listOf(entry['conditions']);
    const whole = withConditions(check, conditions, (n, why) =>
      book.leaveOut(lineOf([...at, 'conditions', n]), `${full}: ${String(conditions[n])}`, why),
    );
    const client = isRecord(entry['client']) ? entry['client'] : {};
    const timing = given({
      interval_s: within(seconds(entry['interval']) ?? 60, 0.1, 86_400),
      timeout_s: within(seconds(client['timeout']), 0.05, 600),
    });
    const alert = listOf(entry['alerts']).find(isRecord);
    const limits = given({
      failures_to_down: within(alert?.['failure-threshold'], 1, 100),
      successes_to_up: within(alert?.['success-threshold'], 1, 100),
    });
    book.service({ name: full, checks: [{ ...whole, ...timing }], ...limits }, lineOf(at));
    for (const field of ['alerts', 'ssh', 'ui', 'maintenance-windows', 'extra-labels', 'store', 'always-run'])
      if (entry[field] !== undefined && !(field === 'alerts' && alert === undefined))
        book.leaveOut(
          lineOf([...at, field]),
          `${full}: ${field}`,
          field === 'alerts'
            ? 'which channel tells whom is set under notifications'
            : 'it has no counterpart here',
        );
  }
}

function external({ value, lineOf }: SourceFile, book: DraftBook): void {
  for (const [i, entry] of listOf(value['external-endpoints']).entries()) {
    const at = ['external-endpoints', i];
    const name = isRecord(entry) ? textOf(entry['name']) : undefined;
    if (!isRecord(entry) || name === undefined) {
      book.leaveOut(lineOf(at), `external endpoint ${i + 1}`, 'it has no name');
      continue;
    }
    const beat = isRecord(entry['heartbeat']) ? seconds(entry['heartbeat']['interval']) : undefined;
    book.service({ name, checks: [{ type: 'heartbeat', ...given({ period_s: beat }) }] }, lineOf(at));
    book.leaveOut(lineOf([...at, 'token']), `${name}: token`, 'the address of its heartbeats is a new one');
  }
}

function maintenance({ value, lineOf }: SourceFile, book: DraftBook): void {
  const window = value['maintenance'];
  if (!isRecord(window)) return;
  const line = lineOf(['maintenance']);
  const start = textOf(window['start']);
  const lengthS = seconds(window['duration']);
  if (window['enabled'] === false) return book.leaveOut(line, 'maintenance', 'it is switched off');
  if (
    start === undefined ||
    !/^([01]\d|2[0-3]):[0-5]\d$/.test(start) ||
    lengthS === undefined ||
    lengthS >= 86_400
  )
    return book.leaveOut(line, 'maintenance', 'it has no start as HH:MM, or lasts a day and longer');
  const minutes = Number(start.slice(0, 2)) * 60 + Number(start.slice(3)) + Math.round(lengthS / 60);
  const two = (value: number) => String(value).padStart(2, '0');
  const to = `${two(Math.floor(minutes / 60) % 24)}:${two(minutes % 60)}`;
  const weekdays = listOf(window['every']).map((day) => String(day).slice(0, 3).toLowerCase());
  return book.maintenance({
    from: start,
    to,
    reason: 'imported from Gatus',
    time_zone: textOf(window['timezone']) ?? 'UTC',
    ...(weekdays.length > 0 ? { weekdays } : {}),
  });
}

/** Gatus’ configuration: endpoints with conditions, what pushes from outside, and the maintenance window. */
export function importGatus(file: SourceFile, book: DraftBook): void {
  endpoints(file, book);
  external(file, book);
  maintenance(file, book);
  for (const field of Object.keys(file.value))
    if (!['endpoints', 'external-endpoints', 'maintenance'].includes(field))
      book.leaveOut(file.lineOf([field]), field, 'it has no counterpart here');
}
