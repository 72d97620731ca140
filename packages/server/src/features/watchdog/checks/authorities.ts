import { readFileSync } from 'node:fs';
import tls from 'node:tls';
import { OwnTrouble } from './failed-look.ts';

/** The usual authorities and those of a PEM file. Throws `OwnTrouble` where the file cannot be read: that says nothing about a target. */
export function authoritiesWith(file: string): string[] {
  try {
    return [...tls.rootCertificates, readFileSync(file, 'utf8')];
  } catch (thrown) {
    const { code, message } = thrown as NodeJS.ErrnoException;
    throw new OwnTrouble(`the authorities in ${file} cannot be read: ${code ?? message}`, { cause: thrown });
  }
}
