import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  sign,
  verify,
  type KeyObject,
} from 'node:crypto';
import { PluginIndexHead, SignedPluginIndex } from '@vigiles/contract';
import { fault, raise } from '../../kernel/fault.ts';

const payloadType = 'application/vnd.vigiles.plugin-index+json';
/** DER in front of the 32 bytes of an ed25519 public key (RFC 8410). */
const spkiPrefix = Buffer.from('302a300506032b6570032100', 'hex');

/** Subresource-integrity form of the SHA-512 of some bytes. */
export const sha512Of = (bytes: Uint8Array | string): string =>
  `sha512-${createHash('sha512').update(bytes).digest('base64')}`;

/** What is really signed, so that no signature for something else fits: DSSE's pre-authentication encoding. */
const signedBytes = (payload: Buffer): Buffer =>
  Buffer.concat([Buffer.from(`DSSEv1 ${payloadType.length} ${payloadType} ${payload.length} `), payload]);

/** A key as it is pinned in configurations. */
export const publicText = (key: KeyObject): string =>
  `ed25519:${createPublicKey(key).export({ type: 'spki', format: 'der' }).subarray(spkiPrefix.length).toString('base64')}`;

const keyIdOf = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 16);

/** A new signing key, as it is kept in the secret store. */
export const newSigningKey = (): string =>
  generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'der' }).toString('base64');

/** The signing key in a secret: PEM, or PKCS #8 in base64. */
export function readSigningKey(text: string): KeyObject {
  try {
    const key = text.includes('-----BEGIN')
      ? createPrivateKey(text)
      : createPrivateKey({ key: Buffer.from(text, 'base64'), type: 'pkcs8', format: 'der' });
    if (key.asymmetricKeyType === 'ed25519') return key;
  } catch {
    // Told below, without what it was.
  }
  return raise(
    fault('internal', 'plugin_key_invalid', 'The key that signs the plugin index is no ed25519 private key.'),
  );
}

export function signHead(head: PluginIndexHead, key: KeyObject): SignedPluginIndex {
  const payload = Buffer.from(JSON.stringify(head));
  return {
    payload_type: payloadType,
    payload: payload.toString('base64'),
    signatures: [
      { keyid: keyIdOf(publicText(key)), sig: sign(null, signedBytes(payload), key).toString('base64') },
    ],
  };
}

/**
 * The head in an envelope that one of the pinned keys has signed, and its digest. Nothing of it is read before. Raises
 * `plugin_index_unsigned`.
 */
export function openSigned(
  value: unknown,
  pinned: readonly string[],
): { head: PluginIndexHead; sha512: string } {
  const refuse = (why: string): never =>
    raise(fault('upstream', 'plugin_index_unsigned', `The index is refused: ${why}.`, { retryable: false }));
  const envelope = SignedPluginIndex.safeParse(value);
  if (!envelope.success) return refuse('it is no signed index');
  const { payload: text, signatures } = envelope.data;
  const payload = Buffer.from(text, 'base64');
  const bytes = signedBytes(payload);
  const keys = pinned.map((pin) => ({
    keyid: keyIdOf(pin),
    key: createPublicKey({
      key: Buffer.concat([spkiPrefix, Buffer.from(pin.slice('ed25519:'.length), 'base64')]),
      format: 'der',
      type: 'spki',
    }),
  }));
  const good = signatures.some(({ keyid, sig }) =>
    keys.some((each) => each.keyid === keyid && verify(null, bytes, each.key, Buffer.from(sig, 'base64'))),
  );
  if (!good) return refuse('none of the pinned keys has signed it');
  let head: unknown;
  try {
    head = JSON.parse(payload.toString('utf8'));
  } catch {
    return refuse('what was signed is no JSON');
  }
  const parsed = PluginIndexHead.safeParse(head);
  return parsed.success
    ? { head: parsed.data, sha512: sha512Of(payload) }
    : refuse('what was signed is no index');
}
