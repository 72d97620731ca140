import { createCipheriv, createHash, randomBytes, scrypt } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Recipient, Stanza as AgeStanza } from 'age-encryption';
import type { Digest } from './places/place.ts';

/** What a backup is closed with. */
export interface Lock {
  recipients: readonly string[];
  passphrase: string | null;
}

/** age's own default. */
const logN = 18;

/** Closes a file in age's format (age-encryption.org/v1). @returns size and digest of what was written */
export async function sealFile(from: string, to: string, lock: Lock): Promise<Digest> {
  const { Encrypter, Stanza } = await import('age-encryption');
  const encrypter = new Encrypter();
  for (const recipient of lock.recipients) encrypter.addRecipient(recipient);
  if (lock.recipients.length === 0) {
    if (lock.passphrase === null) throw new Error('it has neither recipients nor a passphrase');
    encrypter.addRecipient(scryptRecipient(lock.passphrase, Stanza));
  }
  const plain = Readable.toWeb(createReadStream(from)) as ReadableStream<Uint8Array>;
  const hash = createHash('sha256');
  let bytes = 0;
  const measure = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      bytes += chunk.length;
      done(null, chunk);
    },
  });
  const sealed = Readable.fromWeb((await encrypter.encrypt(plain)) as never);
  await pipeline(sealed, measure, createWriteStream(to, { mode: 0o600, flush: true }));
  return { bytes, sha256: hash.digest('hex') };
}

/**
 * age's scrypt recipient, with the runtime's scrypt: the library's own would hold up everything else in this process for a second.
 */
function scryptRecipient(
  passphrase: string,
  Stanza: new (args: string[], body: Uint8Array) => AgeStanza,
): Recipient {
  return {
    async wrapFileKey(fileKey) {
      const salt = randomBytes(16);
      const label = Buffer.concat([Buffer.from('age-encryption.org/v1/scrypt'), salt]);
      const key = await new Promise<Buffer>((settle, refuse) =>
        scrypt(passphrase, label, 32, { N: 2 ** logN, r: 8, p: 1, maxmem: 2 ** (logN + 11) }, (error, made) =>
          error ? refuse(error) : settle(made),
        ),
      );
      const cipher = createCipheriv('chacha20-poly1305', key, Buffer.alloc(12), { authTagLength: 16 });
      const body = Buffer.concat([cipher.update(fileKey), cipher.final(), cipher.getAuthTag()]);
      return [new Stanza(['scrypt', salt.toString('base64').replace(/=+$/, ''), String(logN)], body)];
    },
  };
}

/** Opens a closed file. @param key an age identity (`AGE-SECRET-KEY-…`), or a passphrase */
export async function openSealed(from: string, to: string, key: string): Promise<void> {
  const { Decrypter } = await import('age-encryption');
  const decrypter = new Decrypter();
  if (key.startsWith('AGE-SECRET-KEY-')) decrypter.addIdentity(key);
  else decrypter.addPassphrase(key);
  const sealed = Readable.toWeb(createReadStream(from)) as ReadableStream<Uint8Array>;
  const plain = Readable.fromWeb((await decrypter.decrypt(sealed)) as never);
  await pipeline(plain, createWriteStream(to, { mode: 0o600 }));
}
