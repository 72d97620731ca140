/** The types of what a plugin for Vigiles is made of. Nothing here runs. */

/** One option that people set where they use a check, an action or a channel: JSON Schema, without patterns. */
export interface PluginOption {
  type: 'string' | 'number' | 'integer' | 'boolean' | 'array';
  description?: string;
  default?: string | number | boolean | string[];
  enum?: string[];
  minimum?: number;
  maximum?: number;
  minLength?: number;
  maxLength?: number;
  items?: { type: 'string' };
}

export interface PluginOptions {
  type?: 'object';
  properties: Record<string, PluginOption>;
  required?: string[];
}

export interface PluginRequest {
  method?: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  headers?: Record<string, string>;
  body?: string | Uint8Array;
  /** At most 30,000. */
  timeoutMs?: number;
}

export interface PluginResponse {
  status: number;
  /** True for 200 to 299. */
  ok: boolean;
  /** Lower-case names. A redirect is not followed: its `location` is here. */
  headers: Record<string, string>;
  text(): string;
  /** Throws where it is none. */
  json(): unknown;
  bytes(): Uint8Array;
}

/** What every call of a plugin gets. It counts for this call only. */
export interface PluginContext {
  /** As they were set, checked against the declaration, defaults filled in. */
  options: Record<string, unknown>;
  /** Aborted when the time for the call is over, or nobody waits for it any more. */
  signal: AbortSignal;
  /** A secret that the manifest names and somebody has set. Throws where it is not there. */
  secret(name: string): string;
  /** The only way out: to hosts of the manifest, through Vigiles' guarded egress. */
  fetch(url: string | URL, request?: PluginRequest): Promise<PluginResponse>;
  /** A folder of its own that it may write to, and that stays. */
  dataFolder: string;
}

export type PluginFacts = Record<string, string | number | boolean | null>;

/** What a check saw. `unknown`: it cannot tell, which says nothing about what it looks at. */
export type PluginLook =
  | { state: 'ok'; facts?: PluginFacts }
  | { state: 'failing'; reason: string; facts?: PluginFacts }
  | { state: 'unknown'; reason: string; facts?: PluginFacts };

type Later<T> = T | Promise<T>;

export interface PluginCheck {
  title: string;
  description?: string;
  options?: PluginOptions;
  look(context: PluginContext): Later<PluginLook>;
}

export interface PluginActionContext extends PluginContext {
  /** `api`, `provider:openai`, `session:…`: what it is aimed at. */
  target: string;
  reason: string;
  /** Written into the run's evidence. */
  note(text: string): void;
}

/**
 * Something it can do. The one action runner asks before (`plan`, `precheck`), does it, looks whether it helped, and can put it
 * back where `snapshot` and `rollback` are there. Guards, veto and approval hold as for the built-in ones.
 */
export interface PluginAction {
  title: string;
  description?: string;
  /** `reversible` starts at once, `disruptive` after the veto, `destructive` after an approval. `disruptive` unless set. */
  risk?: 'reversible' | 'disruptive' | 'destructive';
  /** Classes of targets: service, provider, model, agent, session, file, container, unit, budget, ci, port, host. */
  targets?: string[];
  options?: PluginOptions;
  /** The longest it may take, at most 600. */
  timeout_s?: number;
  /** The steps it would take; changes nothing. */
  plan?(context: PluginActionContext): Later<string[]>;
  /** Why it must not begin now; null: it may. */
  precheck?(context: PluginActionContext): Later<string | null>;
  /** Throws when it failed. */
  perform(context: PluginActionContext): Later<void>;
  /** Whether it helped, seen from outside. Without it that is unknown. */
  verify?(context: PluginActionContext): Later<'fixed' | 'not_fixed' | 'unknown'>;
  /** Whether what helped still does. */
  steady?(context: PluginActionContext): Later<boolean>;
  /** What `rollback` needs, as JSON; null: there is nothing to put back. */
  snapshot?(context: PluginActionContext): Later<unknown>;
  rollback?(context: PluginActionContext, snapshot: unknown): Later<void>;
  /** Whether all is again as it was. */
  restored?(context: PluginActionContext, snapshot: unknown): Later<boolean>;
}

/** What people are told. Plain text; escape it for the format of the service. */
export interface PluginMessage {
  /** The same for every try. */
  id: string;
  title: string;
  body: string;
  severity: 'critical' | 'warning' | 'info';
  phase: string;
  incidentId: string | null;
  service: string | null;
  fault: string | null;
  /** UTC ms. */
  at: number;
  link: string | null;
}

/** `again`: whether a later try can help. */
export type PluginSent =
  | { ok: true; answer?: string }
  | { ok: false; again: boolean; reason: string; waitMs?: number };

export interface PluginChannel {
  title: string;
  description?: string;
  options?: PluginOptions;
  /** Messages a minute that the service takes without complaint; 30 unless set. */
  per_minute?: number;
  send(message: PluginMessage, context: PluginContext): Later<PluginSent>;
}

/** A sort of provider, as data: `type: <plugin>/<name>` in `gateway.providers`. */
export interface PluginProvider {
  name: string;
  base_url?: string;
  base_path?: string;
  protocols: {
    protocol: 'openai-responses' | 'openai-chat' | 'anthropic-messages' | 'gemini';
    path: string;
    stream_path?: string;
    strict?: boolean;
  }[];
  auth?: 'bearer' | 'x-api-key' | 'x-goog-api-key' | 'api-key' | 'none';
  headers?: Record<string, string>;
  /** As `quirks` of a provider in vigiles.yaml. */
  quirks?: Record<string, boolean | string>;
  models_path?: string | null;
  models?: string[];
  /** It runs on the user's own machine: its turns cost nothing. */
  free?: boolean;
  /** Ports of this machine where such a server is looked for. */
  usual_ports?: number[];
}

/** How a family of models writes calls into its text, as data. */
export interface PluginToolCallFormat {
  description?: string;
  /** Begins with `<`, without blanks. */
  open: string[];
  close: string[];
  payload: 'json' | 'keyed_json' | 'named_json';
  name_key?: string;
  arguments_key?: string;
  separator?: string;
}

/** Everything a plugin adds. Names are those of `provides` in its manifest. */
export interface Plugin {
  checks?: Record<string, PluginCheck>;
  actions?: Record<string, PluginAction>;
  channels?: Record<string, PluginChannel>;
  providers?: Record<string, PluginProvider>;
  toolCallFormats?: Record<string, PluginToolCallFormat>;
}
