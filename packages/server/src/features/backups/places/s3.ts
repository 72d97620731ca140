import { createHash, createHmac, type Hash, type Hmac } from 'node:crypto';
import { open, type FileHandle } from 'node:fs/promises';
import type { SignatureV4 } from '@smithy/signature-v4';
import { timeOf } from '../core/name.ts';
import { mostBytes, requestMs, type ConfigOf, type Place, type PlaceDeps } from './place.ts';

/** The runtime's own SHA-256, as the signer asks for it. */
class Sha256 {
  #hash: Hash | Hmac;
  readonly #key: Uint8Array | string | undefined;
  constructor(key?: Uint8Array | string) {
    this.#key = key;
    this.#hash = key === undefined ? createHash('sha256') : createHmac('sha256', key);
  }
  update(data: Uint8Array | string): void {
    this.#hash.update(data);
  }
  async digest(): Promise<Uint8Array> {
    return this.#hash.digest();
  }
  reset(): void {
    this.#hash = this.#key === undefined ? createHash('sha256') : createHmac('sha256', this.#key);
  }
}

interface Call {
  method: 'GET' | 'PUT' | 'POST' | 'DELETE';
  /** Key of the object; empty: the bucket. */
  key?: string;
  query?: Record<string, string>;
  body?: Buffer;
  take?: (chunk: Buffer) => boolean;
}

const first = (xml: string, tag: string): string | null =>
  new RegExp(`<${tag}>([^<]{1,2000})</${tag}>`).exec(xml)?.[1] ?? null;

/** A bucket of an S3-compatible store, by path. Each request is signed (AWS Signature Version 4), its body included. */
export function s3Place(config: ConfigOf<'s3'>, { egress, now }: PlaceDeps): Place {
  const endpoint = new URL(config.endpoint);
  let signer: Promise<SignatureV4> | undefined;
  const makeSigner = async (): Promise<SignatureV4> => {
    const { SignatureV4: Signer } = await import('@smithy/signature-v4');
    return new Signer({
      service: 's3',
      region: config.region,
      credentials: { accessKeyId: config.access_key_id, secretAccessKey: config.secret_access_key },
      sha256: Sha256 as never,
      uriEscapePath: false,
      applyChecksum: true,
    });
  };

  async function ask({ method, key = '', query = {}, body, take }: Call, signal: AbortSignal) {
    const path = `${endpoint.pathname.replace(/\/$/, '')}/${config.bucket}${key === '' ? '' : `/${config.prefix}${key}`}`;
    const request = {
      method,
      protocol: endpoint.protocol,
      hostname: endpoint.hostname,
      path,
      query,
      headers: { host: endpoint.host },
      body: body ?? '',
    };
    const signed = await (await (signer ??= makeSigner())).sign(request, { signingDate: new Date(now()) });
    const { host: _host, ...headers } = signed.headers;
    const search = new URLSearchParams(query).toString().replaceAll('+', '%20');
    const answer = await egress.fetch({
      url: `${endpoint.origin}${path}${search ? `?${search}` : ''}`,
      reach: 'configured',
      method,
      headers,
      redirects: 0,
      timeoutMs: requestMs,
      maxBytes: take ? mostBytes : 5_242_880,
      signal,
      ...(body ? { body } : {}),
      ...(take ? { take } : {}),
    });
    if (!answer.ok) throw new Error(answer.fault.message);
    const { status, body: said } = answer.value;
    const text = take ? '' : said.toString('utf8');
    // CompleteMultipartUpload answers 200 and an error.
    if (status >= 300 || text.includes('<Error>')) {
      const code = first(text, 'Code');
      throw new Error(
        `${endpoint.host} answered ${status}${code && /^\w{1,60}$/.test(code) ? ` (${code})` : ''} to ${method}`,
      );
    }
    return { headers: answer.value.headers, text };
  }

  async function inParts(name: string, handle: FileHandle, bytes: number, signal: AbortSignal) {
    const begun = await ask({ method: 'POST', key: name, query: { uploads: '' } }, signal);
    const uploadId = first(begun.text, 'UploadId');
    if (uploadId === null) throw new Error(`${endpoint.host} began no upload`);
    try {
      const size = Math.floor(config.part_mb * 1_048_576);
      const etags: string[] = [];
      for (let at = 0; at < bytes; at += size) {
        const body = await partOf(handle, at, Math.min(size, bytes - at));
        const query = { partNumber: String(etags.length + 1), uploadId };
        const { headers } = await ask({ method: 'PUT', key: name, query, body }, signal);
        etags.push(headers['etag'] ?? '');
      }
      const parts = etags.map(
        (etag, at) =>
          `<Part><PartNumber>${at + 1}</PartNumber><ETag>${etag.replaceAll(/[<>&]/g, '')}</ETag></Part>`,
      );
      const body = Buffer.from(`<CompleteMultipartUpload>${parts.join('')}</CompleteMultipartUpload>`);
      await ask({ method: 'POST', key: name, query: { uploadId }, body }, signal);
    } catch (thrown) {
      // Parts that nobody completes are paid for until somebody removes them.
      await ask({ method: 'DELETE', key: name, query: { uploadId } }, AbortSignal.timeout(10_000)).catch(
        () => undefined,
      );
      throw thrown;
    }
  }

  return {
    where: `${config.bucket} at ${endpoint.host}`,
    async put(name, file, { bytes }, signal) {
      const handle = await open(file, 'r');
      try {
        if (bytes > config.part_mb * 1_048_576) await inParts(name, handle, bytes, signal);
        else await ask({ method: 'PUT', key: name, body: await partOf(handle, 0, bytes) }, signal);
      } finally {
        await handle.close();
      }
    },
    async read(name, take, signal) {
      await ask(
        {
          method: 'GET',
          key: name,
          take(chunk) {
            take(chunk);
            return true;
          },
        },
        signal,
      );
    },
    async list(signal) {
      const found: { name: string; bytes: number; created_at: number }[] = [];
      let token: string | null = null;
      do {
        const query: Record<string, string> = {
          'list-type': '2',
          prefix: config.prefix,
          ...(token === null ? {} : { 'continuation-token': token }),
        };
        const { text } = await ask({ method: 'GET', query }, signal);
        for (const [, part = ''] of text.matchAll(/<Contents>([\s\S]*?)<\/Contents>/g)) {
          const name = (first(part, 'Key') ?? '').slice(config.prefix.length);
          const at = timeOf(name);
          if (at !== null) found.push({ name, bytes: Number(first(part, 'Size') ?? 0), created_at: at });
        }
        token = first(text, 'NextContinuationToken');
      } while (token !== null && found.length < 10_000);
      return found;
    },
    async remove(name, signal) {
      await ask({ method: 'DELETE', key: name }, signal);
    },
  };
}

async function partOf(handle: FileHandle, at: number, length: number): Promise<Buffer> {
  const part = Buffer.alloc(length);
  const { bytesRead } = await handle.read(part, 0, length, at);
  if (bytesRead !== length) throw new Error('the backup changed while it was sent');
  return part;
}
