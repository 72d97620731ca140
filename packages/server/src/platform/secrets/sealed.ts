import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { z } from 'zod';
import { fault, raise } from '../../kernel/fault.ts';
import type { KeyRecipe } from './secret-key.ts';

const Header = z.discriminatedUnion('kdf', [
  z.strictObject({ kdf: z.literal('key-file') }),
  z.strictObject({
    kdf: z.literal('argon2id'),
    salt: z.base64(),
    memory_kib: z.int().min(8),
    passes: z.int().min(1),
  }),
]);

/** The file as it lies on disk: JSON, AES-256-GCM, the header authenticated along with the content. */
export const SealedFile = z.strictObject({
  vigiles_secrets: z.literal(1),
  key: Header,
  nonce: z.base64(),
  tag: z.base64(),
  data: z.base64(),
});
export type SealedFile = z.output<typeof SealedFile>;

const Secrets = z.record(z.string(), z.string());

const associated = (recipe: KeyRecipe) => Buffer.from(JSON.stringify(['vigiles_secrets', 1, recipe]));

/** Encrypts with a nonce that is used once. */
export function seal(secrets: Record<string, string>, key: Buffer, recipe: KeyRecipe): string {
  const nonce = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(associated(recipe));
  const data = Buffer.concat([cipher.update(JSON.stringify(secrets), 'utf8'), cipher.final()]);
  const file: SealedFile = {
    vigiles_secrets: 1,
    key: recipe,
    nonce: nonce.toString('base64'),
    tag: cipher.getAuthTag().toString('base64'),
    data: data.toString('base64'),
  };
  return `${JSON.stringify(file)}\n`;
}

/** Reads the outer form; a fault says what to do when it is not one of ours. */
export function readSealed(text: string, path: string): SealedFile {
  try {
    return SealedFile.parse(JSON.parse(text));
  } catch {
    return raise(
      fault(
        'internal',
        'secrets_corrupt',
        `${path} is damaged or not a Vigiles secrets file. It was left as it is.`,
      ),
    );
  }
}

/** Decrypts; a wrong key and a changed byte look the same, and both leave the file alone. */
export function unseal(file: SealedFile, key: Buffer, path: string): Record<string, string> {
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, Buffer.from(file.nonce, 'base64'), {
      authTagLength: 16,
    })
      .setAAD(associated(file.key))
      .setAuthTag(Buffer.from(file.tag, 'base64'));
    const data = Buffer.concat([decipher.update(Buffer.from(file.data, 'base64')), decipher.final()]);
    return Secrets.parse(JSON.parse(data.toString('utf8')));
  } catch {
    const which = file.key.kdf === 'argon2id' ? 'VIGILES_SECRET_PASSPHRASE' : 'secret.key';
    return raise(
      fault(
        'internal',
        'secrets_undecryptable',
        `${path} does not open with this ${which}: wrong key, or the file is damaged. It was left as it is.`,
      ),
    );
  }
}
