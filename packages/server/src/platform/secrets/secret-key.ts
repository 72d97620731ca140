import { argon2Sync, randomBytes } from 'node:crypto';
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fault, raise } from '../../kernel/fault.ts';

/** How the key of a secrets file is found again. Stored in its header, in the clear. */
export type KeyRecipe =
  | { kdf: 'key-file' }
  | { kdf: 'argon2id'; salt: string; memory_kib: number; passes: number };

/** OWASP's second argon2id setting: 64 MiB, 3 passes, about 0.15 s. */
export const newPassphraseRecipe = (): KeyRecipe => ({
  kdf: 'argon2id',
  salt: randomBytes(16).toString('base64'),
  memory_kib: 65_536,
  passes: 3,
});

/** The 32-byte key made from a passphrase. Blocks for a moment; callers keep the result. */
export function deriveKey(passphrase: string, recipe: Extract<KeyRecipe, { kdf: 'argon2id' }>): Buffer {
  if (recipe.memory_kib > 1_048_576 || recipe.passes > 20) {
    raise(
      fault('internal', 'secrets_unreadable', 'The secrets file asks for an unreasonable key derivation.'),
    );
  }
  return argon2Sync('argon2id', {
    message: passphrase,
    nonce: Buffer.from(recipe.salt, 'base64'),
    parallelism: 1,
    tagLength: 32,
    memory: recipe.memory_kib,
    passes: recipe.passes,
  });
}

/**
 * Reads the key file, or makes it when there is nothing yet that an older key would be needed for.
 * @param mayCreate false once a secrets file exists: a fresh key could never open it
 */
export function keyFromFile(path: string, mayCreate: boolean): Buffer {
  if (!existsSync(path)) {
    if (!mayCreate) {
      raise(
        fault(
          'internal',
          'secret_key_missing',
          `The key ${path} is gone; without it the secrets file cannot be opened.`,
        ),
      );
    }
    // `wx`: of two processes that start together one makes the key and the other reads it.
    try {
      writeFileSync(path, `${randomBytes(32).toString('hex')}\n`, { mode: 0o600, flag: 'wx' });
    } catch (thrown) {
      if ((thrown as NodeJS.ErrnoException).code !== 'EEXIST') throw thrown;
    }
  }
  const text = readFileSync(path, 'utf8').trim();
  if (!/^[0-9a-f]{64}$/.test(text)) {
    raise(
      fault('internal', 'secret_key_broken', `${path} is not a key: it must hold 64 hexadecimal digits.`),
    );
  }
  chmodSync(path, 0o600);
  return Buffer.from(text, 'hex');
}
