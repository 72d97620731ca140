import { readFile } from 'node:fs/promises';
import { timeOf } from '../core/name.ts';
import { mostBytes, requestMs, type ConfigOf, type Place, type PlaceDeps } from './place.ts';

/** One PUT has all of it in memory: larger backups belong into a folder or an S3 store. */
const mostPut = 512 * 1_048_576;

/** A WebDAV collection (RFC 4918): Nextcloud, a NAS, Apache. */
export function webdavPlace(config: ConfigOf<'webdav'>, { egress }: PlaceDeps): Place {
  const base = config.url.endsWith('/') ? config.url : `${config.url}/`;
  const { host } = new URL(base);
  const login = `${config.username ?? ''}:${config.password ?? ''}`;
  const headers: Record<string, string> =
    config.username === undefined
      ? {}
      : { authorization: `Basic ${Buffer.from(login, 'utf8').toString('base64')}` };

  async function ask(
    method: 'GET' | 'PUT' | 'DELETE',
    name: string,
    signal: AbortSignal,
    more: { body?: Buffer; take?: (chunk: Buffer) => boolean } = {},
  ) {
    const answer = await egress.fetch({
      url: base + encodeURIComponent(name),
      reach: 'configured',
      method,
      headers: { ...headers, ...(more.body ? { 'content-type': 'application/octet-stream' } : {}) },
      redirects: 0,
      timeoutMs: requestMs,
      maxBytes: more.take ? mostBytes : 1_048_576,
      signal,
      ...more,
    });
    if (!answer.ok) throw new Error(answer.fault.message);
    const { status } = answer.value;
    if (status >= 300) throw new Error(`${host} answered ${status} to ${method}`);
    return answer.value;
  }

  return {
    where: host,
    async put(name, file, { bytes }, signal) {
      if (bytes > mostPut)
        throw new Error(
          `it has ${Math.round(bytes / 1_048_576)} MB; by WebDAV at most ${mostPut / 1_048_576} go`,
        );
      await ask('PUT', name, signal, { body: await readFile(file) });
    },
    async read(name, take, signal) {
      await ask('GET', name, signal, {
        take(chunk) {
          take(chunk);
          return true;
        },
      });
    },
    async list(signal) {
      const answer = await egress.fetch({
        url: base,
        reach: 'configured',
        method: 'PROPFIND',
        headers: { ...headers, depth: '1', 'content-type': 'application/xml' },
        body: '<?xml version="1.0"?><propfind xmlns="DAV:"><prop><getcontentlength/></prop></propfind>',
        redirects: 0,
        timeoutMs: requestMs,
        maxBytes: 5_242_880,
        signal,
      });
      if (!answer.ok) throw new Error(answer.fault.message);
      if (answer.value.status !== 207) throw new Error(`${host} answered ${answer.value.status} to PROPFIND`);
      return filesIn(answer.value.body.toString('utf8'));
    },
    async remove(name, signal) {
      await ask('DELETE', name, signal);
    },
  };
}

/** Only names of ours are looked for, so no XML of others is interpreted. */
function filesIn(xml: string): { name: string; bytes: number; created_at: number }[] {
  return xml.split(/<\/(?:[A-Za-z0-9]+:)?response>/i).flatMap((part) => {
    const name = /(vigiles-\d{8}T\d{6}Z-[a-z0-9]{1,8}\.backup\.age)\s*<\/(?:[A-Za-z0-9]+:)?href>/i.exec(
      part,
    )?.[1];
    const at = name === undefined ? null : timeOf(name);
    if (name === undefined || at === null) return [];
    return [{ name, bytes: Number(/getcontentlength[^>]*>(\d+)</i.exec(part)?.[1] ?? 0), created_at: at }];
  });
}
