import type { MaintenanceDraft, ServiceDraft } from './service-draft.ts';

/** A provider as it would stand in vigiles.yaml. */
export interface ProviderDraft {
  id: string;
  type: string;
  base_url?: string;
  api_key?: string;
  region?: string;
  project?: string;
  api_version?: string;
  aws?: Record<string, string>;
  google?: string;
  headers?: Record<string, string>;
  models?: string[];
}

/** One of several places that a route may send to. */
export interface CandidateDraft {
  provider: string;
  model?: string;
  weight?: number;
  when?: { needs?: string[]; min_input_tokens?: number };
}

/** Either one place, or candidates. */
export interface RouteDraft {
  model: string;
  provider?: string;
  upstream_model?: string;
  candidates?: CandidateDraft[];
  strategy?: 'ordered' | 'weighted' | 'least-latency' | 'cheapest';
  /** Off: the order is the source's, not this program's own. */
  policy?: false;
}

/** Something in the source that has no place here. */
export interface LeftOut {
  line: number;
  what: string;
  why: string;
}

/** What an import would do. Keys stand in `secrets` only; everything else refers to them. */
export interface Proposal {
  /** Which program the file belongs to. */
  source: string;
  providers: ProviderDraft[];
  routes: RouteDraft[];
  default_provider: string | null;
  services: ServiceDraft[];
  maintenance: MaintenanceDraft[];
  /** Single settings, by their path in vigiles.yaml. */
  settings: { path: string[]; value: unknown }[];
  secrets: { name: string; value: string }[];
  left_out: LeftOut[];
}

/** A file that was read, with the line of each value. */
export interface SourceFile {
  value: Record<string, unknown>;
  lineOf(path: readonly (string | number)[]): number;
}

export type Loose = Record<string, unknown>;
export const isRecord = (value: unknown): value is Loose =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
export const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;
export const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? (value as unknown[]) : []);
