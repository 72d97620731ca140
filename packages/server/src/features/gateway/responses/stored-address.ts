/** What a request below `/v1/responses/` is about. */
export interface StoredAddress {
  id: string;
  action: 'get' | 'delete' | 'cancel' | 'input_items';
  /** Below the provider's `/responses`, query included. */
  rest: string;
}

const PATH = /^\/v1\/responses\/([^/]{1,256})(?:\/(cancel|input_items))?\/?$/;

/** Reads it; a string names the method that the path takes, undefined: there is no such path. */
export function readStoredAddress(
  method: string,
  path: string,
  url: string,
): StoredAddress | string | undefined {
  const found = PATH.exec(path);
  const id = found ? decode(found[1] ?? '') : undefined;
  if (!found || id === undefined) return undefined;
  const query = url.indexOf('?');
  const sub = found[2];
  const rest = `/${encodeURIComponent(id)}${sub ? `/${sub}` : ''}${query === -1 ? '' : url.slice(query)}`;
  if (sub === 'cancel') return method === 'POST' ? { id, action: 'cancel', rest } : 'POST';
  if (sub === 'input_items') return method === 'GET' ? { id, action: 'input_items', rest } : 'GET';
  if (method === 'GET') return { id, action: 'get', rest };
  return method === 'DELETE' ? { id, action: 'delete', rest } : 'GET or DELETE';
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
