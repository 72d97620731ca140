import { readFile, stat } from 'node:fs/promises';
import tls, { createSecureContext, type SecureContext, type SecureVersion } from 'node:tls';
import { OwnTrouble } from './failed-look.ts';

/** Whom a PEM file makes trusted besides the usual ones, as the file is now. */
export interface Authorities {
  context: SecureContext;
  /** Another one when the file has changed. */
  stamp: string;
}

interface Kept {
  stamp: string;
  context: Promise<SecureContext>;
}

/** One for each file and version of TLS: what a thousand checks share is held once. */
const kept = new Map<string, Kept>();
const mostKept = 100;

async function read(file: string, minVersion: SecureVersion | undefined): Promise<SecureContext> {
  const ca = [...tls.rootCertificates, await readFile(file, 'utf8')];
  return createSecureContext({ ca, ...(minVersion === undefined ? {} : { minVersion }) });
}

/** Throws `OwnTrouble` where the file cannot be read: that says nothing about a target. */
export async function authoritiesIn(file: string, minVersion?: SecureVersion): Promise<Authorities> {
  const key = `${minVersion ?? ''} ${file}`;
  try {
    const { mtimeMs, size, ino } = await stat(file);
    const stamp = `${mtimeMs} ${size} ${ino}`;
    let one = kept.get(key);
    if (one?.stamp !== stamp) {
      one = { stamp, context: read(file, minVersion) };
      const oldest = kept.keys().next().value;
      if (kept.size >= mostKept && oldest !== undefined) kept.delete(oldest);
      kept.delete(key);
      kept.set(key, one);
    }
    return { stamp, context: await one.context };
  } catch (thrown) {
    kept.delete(key);
    const { code, message } = thrown as NodeJS.ErrnoException;
    throw new OwnTrouble(`the authorities in ${file} cannot be read: ${code ?? message}`, { cause: thrown });
  }
}
