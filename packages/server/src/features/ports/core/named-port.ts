import type { PortEnvironment } from '@vigiles/contract';

/** A name of the registry with its port. */
export interface NamedPort {
  name: string;
  port: number | null;
  environment: PortEnvironment;
  /** The service of Vigiles that belongs on it. */
  service: string | null;
  /** The folder in which the right process works. */
  folder: string | null;
  owner: string | null;
  /** UTC milliseconds; null: never. */
  expiresAt: number | null;
}

/** A service of the configuration, as far as its port is concerned. */
export interface ServiceFacts {
  name: string;
  /** Vigiles itself starts it. */
  supervised: boolean;
  port: number | null;
  pid: number | null;
  dependsOn: readonly string[];
}
