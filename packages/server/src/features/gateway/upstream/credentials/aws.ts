import { createHash, createHmac, type Hash, type Hmac } from 'node:crypto';
import type { SignatureV4 } from '@smithy/signature-v4';
import type { ProviderConfig } from '@vigiles/contract';
import type { WireError } from '@vigiles/wire';
import type { Clock } from '../../../../kernel/clock.ts';
import type { Authorised, Credential, OutgoingRequest } from './credential.ts';

type AwsConfig = NonNullable<ProviderConfig['aws']>;

/** The runtime's own SHA-256: the body of every request goes through it. */
class Sha256 {
  readonly #secret: Uint8Array | string | undefined;
  #hash: Hash | Hmac;

  constructor(secret?: Uint8Array | string | ArrayBuffer | ArrayBufferView) {
    this.#secret = secret === undefined || typeof secret === 'string' ? secret : bytesOf(secret);
    this.#hash = this.#begin();
  }

  update(data: Uint8Array | string): void {
    this.#hash.update(data);
  }

  async digest(): Promise<Uint8Array> {
    return this.#hash.digest();
  }

  reset(): void {
    this.#hash = this.#begin();
  }

  #begin(): Hash | Hmac {
    return this.#secret === undefined ? createHash('sha256') : createHmac('sha256', this.#secret);
  }
}

const bytesOf = (data: ArrayBuffer | ArrayBufferView): Uint8Array =>
  ArrayBuffer.isView(data)
    ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
    : new Uint8Array(data);

/** Signs every request (AWS Signature Version 4). The signer is loaded with the first one. */
export function createAwsCredential(
  config: AwsConfig,
  scope: { region: string; service: string },
  clock: Clock,
): Credential {
  let signer: Promise<SignatureV4> | undefined;

  async function open(): Promise<SignatureV4> {
    const { SignatureV4: Signer } = await import('@smithy/signature-v4');
    const credentials = {
      accessKeyId: config.access_key_id,
      secretAccessKey: config.secret_access_key,
      ...(config.session_token !== undefined && { sessionToken: config.session_token }),
    };
    return new Signer({ ...scope, credentials, sha256: Sha256, applyChecksum: true });
  }

  async function sign({ method, origin, path, body }: OutgoingRequest): Promise<Authorised> {
    const url = new URL(origin);
    const [bare = '', query] = path.split('?', 2);
    const request = {
      method,
      protocol: url.protocol,
      hostname: url.hostname,
      path: bare,
      query: Object.fromEntries(new URLSearchParams(query)),
      // Only what no proxy on the way may change.
      headers: { host: url.host, 'content-type': 'application/json' },
      body,
    };
    try {
      const signed = await (await (signer ??= open())).sign(request, { signingDate: new Date(clock.now()) });
      const { host: _, 'content-type': __, ...added } = signed.headers;
      return { ok: true, headers: Object.entries(added).flat() };
    } catch (thrown) {
      const message = `The request could not be signed: ${(thrown as Error).message}`;
      const error: WireError = { kind: 'server', source: 'gateway', code: 'upstream_signature', message };
      return { ok: false, error };
    }
  }

  return { authorise: sign, refused: () => false };
}
