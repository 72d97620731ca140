import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { fault, raise } from '../../kernel/fault.ts';
import type { Secrets } from '../../platform/secrets/index.ts';

/** The key of the vault lies in the secrets file, which is itself encrypted. */
const keyName = 'vigiles.oauth-vault-key';

/** Seals what is kept in the database. `place` is authenticated with it: a row's tokens cannot be moved to another one. */
export interface TokenBox {
  seal(place: string, content: object): Promise<string>;
  open<T>(place: string, sealed: string): Promise<T>;
}

/** AES-256-GCM with a nonce for each sealing. @param secrets null: there is nowhere to keep a key, and nothing is kept */
export function createTokenBox(secrets: Partial<Pick<Secrets, 'ensure'>> | null): TokenBox {
  let key: Promise<Buffer> | null = null;
  const keyOf = (): Promise<Buffer> => {
    if (!secrets?.ensure)
      return raise(
        fault('unavailable', 'oauth_no_key', 'There is no secrets file to keep the vault’s key in.'),
      );
    key ??= secrets
      .ensure(keyName, () => randomBytes(32).toString('hex'))
      .then((text) => Buffer.from(text, 'hex'))
      .catch((thrown: unknown) => {
        key = null;
        throw thrown;
      });
    return key;
  };
  return {
    async seal(place, content) {
      const nonce = randomBytes(12);
      const cipher = createCipheriv('aes-256-gcm', await keyOf(), nonce).setAAD(
        Buffer.from(`oauth ${place}`),
      );
      const data = Buffer.concat([cipher.update(JSON.stringify(content), 'utf8'), cipher.final()]);
      return Buffer.concat([nonce, cipher.getAuthTag(), data]).toString('base64');
    },
    async open<T>(place: string, sealed: string): Promise<T> {
      const bytes = Buffer.from(sealed, 'base64');
      const opener = await keyOf();
      try {
        const decipher = createDecipheriv('aes-256-gcm', opener, bytes.subarray(0, 12), { authTagLength: 16 })
          .setAAD(Buffer.from(`oauth ${place}`))
          .setAuthTag(bytes.subarray(12, 28));
        const text = Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]).toString('utf8');
        return JSON.parse(text) as T;
      } catch {
        return raise(
          fault(
            'internal',
            'oauth_unreadable',
            'What the vault holds does not open with the key of this home. Connect the account again.',
          ),
        );
      }
    },
  };
}
