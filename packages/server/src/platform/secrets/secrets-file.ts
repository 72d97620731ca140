import { readFileSync, statSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fault, raise } from '../../kernel/fault.ts';
import { writeAtomic } from '../files/write-atomic.ts';
import { withFileLock } from './file-lock.ts';
import type { Redactor } from './redactor.ts';
import { readSealed, seal, unseal, type SealedFile } from './sealed.ts';
import { deriveKey, keyFromFile, newPassphraseRecipe, type KeyRecipe } from './secret-key.ts';

/** Names that may stand in `${secret:name}`. */
export const secretNamePattern = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

/** Named secrets, encrypted at rest in `<home>/secrets.enc`. What another process wrote is seen at once. */
export interface Secrets {
  readonly path: string;
  /** Names, sorted; never values. */
  list(): string[];
  /** The value, or undefined. It is registered with the redactor before it is handed out. */
  get(name: string): string | undefined;
  set(name: string, value: string): Promise<void>;
  /** The value, made by `make` where there is none: of several processes that ask at once one makes it and all get the same. */
  ensure(name: string, make: () => string): Promise<string>;
  /** Whether there was one. */
  remove(name: string): Promise<boolean>;
}

export interface SecretsOptions {
  home: string;
  /** From VIGILES_SECRET_PASSPHRASE; without it the key lies in `<home>/secret.key`. */
  passphrase?: string | undefined;
  redactor: Redactor;
}

interface Opened {
  stamp: string;
  values: Record<string, string>;
}

/** Nothing is read, and no key is made, before the first use. Methods throw a FaultError they can explain. */
export function openSecrets({ home, passphrase, redactor }: SecretsOptions): Secrets {
  const path = join(home, 'secrets.enc');
  const keyPath = join(home, 'secret.key');
  const derived = new Map<string, Buffer>();
  let opened: Opened | undefined;

  const keyFor = (recipe: KeyRecipe, fileExists: boolean): Buffer => {
    if (recipe.kdf === 'key-file') return keyFromFile(keyPath, !fileExists);
    if (!passphrase) {
      raise(
        fault(
          'internal',
          'secret_passphrase_missing',
          `${path} is locked with a passphrase: set VIGILES_SECRET_PASSPHRASE.`,
        ),
      );
    }
    const known = derived.get(recipe.salt);
    if (known) return known;
    const key = deriveKey(passphrase, recipe);
    derived.set(recipe.salt, key);
    return key;
  };

  const read = (): { file: SealedFile; stamp: string } | undefined => {
    try {
      const found = statSync(path);
      return {
        file: readSealed(readFileSync(path, 'utf8'), path),
        stamp: `${found.ino}:${found.mtimeMs}:${found.size}`,
      };
    } catch (thrown) {
      if ((thrown as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw thrown;
    }
  };

  const values = (): Record<string, string> => {
    let stamp = '';
    try {
      const found = statSync(path);
      stamp = `${found.ino}:${found.mtimeMs}:${found.size}`;
    } catch {
      return {};
    }
    if (opened?.stamp === stamp) return opened.values;
    const sealed = read();
    if (!sealed) return {};
    const content = unseal(sealed.file, keyFor(sealed.file.key, true), path);
    for (const value of Object.values(content)) redactor.register(value);
    opened = { stamp: sealed.stamp, values: content };
    return content;
  };

  const change = async (edit: (content: Record<string, string>) => void): Promise<void> => {
    await mkdir(home, { recursive: true, mode: 0o700 });
    await withFileLock(`${path}.lock`, async () => {
      const sealed = read();
      const recipe: KeyRecipe =
        sealed?.file.key ?? (passphrase ? newPassphraseRecipe() : { kdf: 'key-file' });
      const key = keyFor(recipe, sealed !== undefined);
      const content: Record<string, string> = sealed ? { ...unseal(sealed.file, key, path) } : {};
      edit(content);
      await writeAtomic(path, seal(content, key, recipe), 0o600);
      opened = undefined;
    });
  };

  return {
    path,
    list: () => Object.keys(values()).sort(),
    get(name) {
      const content = values();
      return Object.hasOwn(content, name) ? content[name] : undefined;
    },
    async set(name, value) {
      if (!secretNamePattern.test(name)) {
        raise(
          fault(
            'invalid',
            'secret_name_invalid',
            'A secret’s name has letters, digits, dots and dashes, at most 64.',
          ),
        );
      }
      if (value === '') raise(fault('invalid', 'secret_empty', 'A secret cannot be empty.'));
      redactor.register(value);
      await change((content) => {
        content[name] = value;
      });
    },
    async ensure(name, make) {
      const known = this.get(name);
      if (known !== undefined) return known;
      let value = '';
      await change((content) => {
        value = content[name] ??= make();
      });
      redactor.register(value);
      return value;
    },
    async remove(name) {
      let existed = false;
      await change((content) => {
        existed = Object.hasOwn(content, name);
        delete content[name];
      });
      return existed;
    },
  };
}
