import { join } from 'node:path';
import { storeFault } from './faults.ts';

export const isPostgresUrl = (url: string): boolean => /^postgres(ql)?:\/\//.test(url);

/** The database file that a URL means. */
export function sqlitePath(url: string | undefined, home: string): string {
  if (url === undefined || url === '') return join(home, 'vigiles.db');
  if (!url.startsWith('sqlite:')) {
    throw storeFault('store_bad_url', 'store.url has to start with sqlite: or postgres://');
  }
  return url.slice('sqlite:'.length).replace(/^\/\/(?=\/)/, '');
}
