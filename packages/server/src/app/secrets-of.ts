import { createRedactor, openSecrets, type Secrets } from '../platform/secrets/index.ts';

export interface MaintenanceOptions {
  home: string;
  env: Record<string, string | undefined>;
}

/** The secrets of a home, for `vigiles secret`. */
export const secretsOf = ({ home, env }: MaintenanceOptions): Secrets =>
  openSecrets({ home, passphrase: env['VIGILES_SECRET_PASSPHRASE'], redactor: createRedactor() });
