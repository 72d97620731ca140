import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Issued {
  key: string;
  cert: string;
}

/** An authority in a folder, by the `openssl` of the system. `ca` is the path of its certificate. */
export function makeAuthority(folder: string) {
  const ca = join(folder, 'ca.pem');
  const caKey = join(folder, 'ca.key');
  const openssl = (...args: string[]) =>
    execFileSync('openssl', args, { stdio: ['ignore', 'ignore', 'pipe'] });
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
  const isAuthority = ['-addext', 'basicConstraints=critical,CA:TRUE'];
  openssl(
    'req',
    '-x509',
    ...curve,
    '-keyout',
    caKey,
    '-out',
    ca,
    '-days',
    '30',
    '-subj',
    '/CN=Test CA',
    ...isAuthority,
  );
  return {
    ca,
    /** A certificate for a name, valid from now for this many days. */
    issue(name: string, days: number): Issued {
      const [key, request, cert, extensions] = ['key', 'csr', 'pem', 'ext'].map((end) =>
        join(folder, `${name}-${days}.${end}`),
      ) as [string, string, string, string];
      writeFileSync(extensions, `subjectAltName=DNS:${name}\n`);
      openssl('req', ...curve, '-keyout', key, '-out', request, '-subj', `/CN=${name}`);
      const signed = [
        '-CA',
        ca,
        '-CAkey',
        caKey,
        '-CAcreateserial',
        '-days',
        String(days),
        '-extfile',
        extensions,
      ];
      openssl('x509', '-req', '-in', request, '-out', cert, ...signed);
      return { key: readFileSync(key, 'utf8'), cert: readFileSync(cert, 'utf8') };
    },
  };
}
