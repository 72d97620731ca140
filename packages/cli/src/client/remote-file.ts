import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { replaceFile } from '../files/replace-file.ts';

/** A Vigiles on another machine that this home was let into with `vigiles login`. */
export interface Remote {
  url: string;
  token: string;
  deviceId: string;
}

const pathOf = (home: string): string => join(home, 'remote.json');

/** Where this home is signed in; null: nowhere. */
export function readRemote(home: string): Remote | null {
  try {
    const {
      url,
      token,
      device_id: deviceId,
    } = JSON.parse(readFileSync(pathOf(home), 'utf8')) as Record<string, unknown>;
    if (typeof url !== 'string' || typeof token !== 'string' || typeof deviceId !== 'string') return null;
    return { url, token, deviceId };
  } catch {
    return null;
  }
}

/** Mode 0600: the token stands in it. */
export function writeRemote(home: string, { url, token, deviceId }: Remote): void {
  replaceFile(pathOf(home), `${JSON.stringify({ url, token, device_id: deviceId })}\n`, 0o600);
}

export const removeRemote = (home: string): void => rmSync(pathOf(home), { force: true });
