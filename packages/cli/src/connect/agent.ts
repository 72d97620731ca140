/** Everything a settings file may be told about the gateway. */
export interface AgentConnection {
  /** Without `/v1`, for clients that add it themselves. */
  origin: string;
  /** With `/v1`. */
  baseUrl: string;
  token: string;
  /** Written only where the person has not chosen a model; undefined when the gateway offers none. */
  model: string | undefined;
  /** What the gateway offers, for agents that want a list. */
  models: readonly string[];
  /** Origin of control, where the agent's hooks go; absent: it gets none. */
  hooks?: string;
  /** Its model traffic goes where it went. */
  withoutGateway?: true;
}

/** Where an agent looks for its settings. */
export interface Places {
  /** The person's home folder. */
  userHome: string;
  env: NodeJS.ProcessEnv;
}

/** One file of an agent. Every edit is from text to text and throws a SettingsError for what it does not understand. */
export interface SettingsFile {
  path(places: Places): string;
  /** `yaml` is parsed before and after, because its editor reads lines only. */
  format: 'json' | 'yaml' | 'env';
  connect(text: string, connection: AgentConnection): string;
  /** Takes out only what is ours; what we had replaced comes back from the original. */
  disconnect(text: string, original: string, connection: AgentConnection): string;
  /** The token and the address in a file that is connected already; null where it is not, or holds none. */
  connectedAs(text: string): { token: string; address: string } | null;
}

/** A coding agent that `vigiles connect` knows. */
export interface Agent {
  /** It can have hooks, through which it is seen and steered. */
  hooks?: true;
  /** What stands behind `connect`, and the name of its device. */
  id: string;
  name: string;
  files: readonly SettingsFile[];
  /** What the person should know: things that still lead past the gateway. Texts in the order of the files. */
  notes(texts: readonly string[]): string[];
}

/** A settings file cannot be understood; nothing may be written to it. */
export class SettingsError extends Error {
  readonly line: number;
  constructor(message: string, line: number) {
    super(message);
    this.name = 'SettingsError';
    this.line = line;
  }
}
