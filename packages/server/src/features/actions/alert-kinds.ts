interface KindOfAlert {
  severity: 'critical' | 'warning' | 'info';
  /** Goes on after the target’s name. */
  title: string;
  /** What only a person can do. */
  advice: string;
}

/** What people are told about, and what they can do: everything that Vigiles must not or cannot put right itself. */
export const alertKinds = {
  bad_key: {
    severity: 'critical',
    title: 'the provider refuses the key',
    advice:
      'Check the key and the account; replace it with `vigiles secret set` and the gateway takes it at once.',
  },
  reauth: {
    severity: 'critical',
    title: 'its sign-in has expired',
    advice: 'Sign in again with the agent’s or the provider’s own command.',
  },
  restart: {
    severity: 'critical',
    title: 'it has ended',
    advice:
      'Vigiles did not start it and does not start it again. Start it yourself; its session can be resumed.',
  },
  memory: {
    severity: 'warning',
    title: 'it uses very much memory',
    advice: 'End its long tool outputs or restart it before the system kills it.',
  },
  context: {
    severity: 'warning',
    title: 'the conversation is too long for the model',
    advice: 'Compact it or start a new session; a model with a larger window also helps.',
  },
  no_provider: {
    severity: 'critical',
    title: 'no provider is left that could answer',
    advice:
      'Every place the gateway may send turns to is failing. Check network, keys and quotas, or add a provider.',
  },
  model_issue: {
    severity: 'warning',
    title: 'the model answers with what cannot be used',
    advice:
      'Its tool calls cannot be read again and again. Another model or provider is likely to do better.',
  },
  certificate: {
    severity: 'critical',
    title: 'its certificate is not trusted',
    advice: 'Renew it, set the machine’s clock right, or name your own authority with NODE_EXTRA_CA_CERTS.',
  },
  dns: {
    severity: 'warning',
    title: 'its name cannot be resolved',
    advice: 'Check the network and the name server of this machine.',
  },
  disk: {
    severity: 'critical',
    title: 'the disk is nearly full',
    advice: 'Free space: old logs, caches and container images are the usual causes.',
  },
  budget: {
    severity: 'warning',
    title: 'the budget is nearly used up',
    advice: 'Raise the budget or let cheaper models answer.',
  },
  version: {
    severity: 'warning',
    title: 'the provider wants a newer client',
    advice: 'Update the client; the provider refuses this version.',
  },
  blocked: {
    severity: 'warning',
    title: 'the provider’s firewall blocks us',
    advice:
      'Its bot protection takes our requests for unwanted ones. Check the User-Agent and the address you come from.',
  },
  not_fixed: {
    severity: 'critical',
    title: 'nothing that was tried has helped',
    advice: 'Look at the incident: it has everything that was done and seen.',
  },
} as const satisfies Record<string, KindOfAlert>;

export type AlertKind = keyof typeof alertKinds;
