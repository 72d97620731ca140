import type { DraftBook } from './draft-book.ts';
import { isRecord, listOf, textOf, type Loose } from './proposal.ts';
import { given, webAddress, type CheckDraft } from './service-draft.ts';

/** `200-299` and `404` as the statuses they mean; any 2xx is the default and needs none. */
function statusesOf(list: readonly unknown[]): number[] {
  if (list.length === 1 && list[0] === '200-299') return [];
  return list.flatMap((entry) => {
    const found = /^([1-5]\d\d)(?:-([1-5]\d\d))?$/.exec(String(entry));
    if (!found) return [];
    const from = Number(found[1]);
    const to = Number(found[2] ?? found[1]);
    return Array.from({ length: Math.max(0, to - from + 1) }, (_, at) => from + at);
  });
}

/** Headers are a JSON text there; values that look like keys go into the secrets. */
function headersOf(monitor: Loose, name: string, book: DraftBook): Record<string, string> {
  let parsed: unknown;
  try {
    parsed = JSON.parse(textOf(monitor['headers']) ?? '{}');
  } catch {
    parsed = {};
  }
  const headers: Record<string, string> = {};
  for (const [header, value] of Object.entries(isRecord(parsed) ? parsed : {}))
    if (typeof value === 'string') headers[header] = book.hideHeader(header, value, name);
  const user = textOf(monitor['basic_auth_user']);
  if (textOf(monitor['authMethod']) === 'basic' && user !== undefined) {
    const pair = `${user}:${textOf(monitor['basic_auth_pass']) ?? ''}`;
    const value = `Basic ${Buffer.from(pair).toString('base64')}`;
    headers['authorization'] = book.hideHeader('authorization', value, name);
  }
  return headers;
}

const methods: ReadonlySet<string> = new Set(['HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);
/** Places that read the same in JSONata and here. */
const plainPath = /^\$?\.?([A-Za-z_][A-Za-z0-9_]*(\[\d+\])?)(\.[A-Za-z_][A-Za-z0-9_]*(\[\d+\])?)*$/;

/** Monitors of types http, keyword and json-query; a text says why not. */
export function kumaHttp(
  monitor: Loose,
  name: string,
  book: DraftBook,
  leave: (field: string, why: string) => void,
): CheckDraft | string {
  const url = webAddress(textOf(monitor['url']) ?? '');
  if (url === null) return 'its address is not http, or has a password in it';
  const method = textOf(monitor['method'])?.toUpperCase();
  const status = statusesOf(listOf(monitor['accepted_statuscodes']));
  const headers = headersOf(monitor, name, book);
  const type = textOf(monitor['type']);
  const keyword = type === 'keyword' ? textOf(monitor['keyword']) : undefined;
  const inverted = monitor['invertKeyword'] === true || monitor['invertKeyword'] === 1;
  const path = type === 'json-query' ? textOf(monitor['jsonPath']) : undefined;
  const simple = path !== undefined && plainPath.test(path);
  if (path !== undefined && !simple)
    leave('jsonPath', 'only plain paths such as status.code are carried over');
  const auth = textOf(monitor['authMethod']);
  if (auth !== undefined && auth !== 'basic') leave('authMethod', `“${auth}” has no counterpart`);
  const wanted = monitor['expectedValue'];
  const redirects =
    typeof monitor['maxredirects'] === 'number'
      ? Math.min(10, Math.max(0, monitor['maxredirects']))
      : undefined;
  return {
    type: 'http',
    url,
    ...given({
      method: method !== undefined && methods.has(method) ? method : undefined,
      status: status.length > 0 ? status : undefined,
      headers: Object.keys(headers).length > 0 ? headers : undefined,
      body: textOf(monitor['body']),
      contains: inverted ? undefined : keyword,
      lacks: inverted ? keyword : undefined,
      json: simple ? [{ path: path.replace(/^\$?\./, ''), value: typed(wanted) }] : undefined,
      redirects,
      certificate_days: monitor['expiryNotification'] === true ? 14 : undefined,
      verify_certificate: monitor['ignoreTls'] === true ? false : undefined,
    }),
  };
}

/** Expected values are texts there; numbers and truth values are compared as such here. */
function typed(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  if (value === 'true' || value === 'false') return value === 'true';
  return value !== '' && Number.isFinite(Number(value)) ? Number(value) : value;
}
