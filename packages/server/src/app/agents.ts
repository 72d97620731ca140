import type { EventData } from '@vigiles/contract';
import { agentRoutes, createAgents } from '../features/sessions/index.ts';
import { createGatewayTargets } from '../features/gateway/index.ts';
import type { Extend } from './extension.ts';

/** What every agent may see of our environment: its own logins and settings are found by these. */
const inherited = [
  'PATH',
  'HOME',
  'LANG',
  'LC_ALL',
  'TZ',
  'TMPDIR',
  'USER',
  'SHELL',
  'TERM',
  'NODE_EXTRA_CA_CERTS',
  'CODEX_HOME',
  'CLAUDE_CONFIG_DIR',
  'XDG_CONFIG_HOME',
  'XDG_DATA_HOME',
  'IS_SANDBOX',
];

/** How long the gateway may take to serve when an agent is started right after Vigiles. */
const GATEWAY_MS = 15_000;

/** Agents that are started here, each with a token of its own for its model traffic. */
export const agents: Extend = (kit) => {
  const log = kit.log.child({ category: 'agents' });
  const { home, env, sessions, events, devices, store, configuration, clock, newId } = kit;
  const gateway = createGatewayTargets({ home, configuration, store, events, newId, now: () => clock.now() });
  const tell = <T extends 'agent.failed' | 'agent.recovered'>(
    type: T,
    sessionId: string,
    about: Omit<EventData<T>, 'session_id' | 'control'>,
  ): void => {
    const data = { ...about, session_id: sessionId, control: store.instance } as EventData<T>;
    events.append(type, { actor: 'agents', subject: sessionId, data }).catch((thrown: unknown) => {
      log.error({ err: thrown, session: sessionId, type }, 'The trouble of an agent could not be told of');
    });
  };
  const started = createAgents({
    sessions,
    events,
    home,
    env: Object.fromEntries(
      inherited.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]]])),
    ),
    config: () => kit.config().agents,
    clock,
    newId,
    log,
    async admit(sessionId) {
      const until = clock.monotonic() + GATEWAY_MS;
      let url = await gateway.url();
      while (url === null && kit.config().gateway.enabled && clock.monotonic() < until) {
        await new Promise((resolve) => setTimeout(resolve, 100));
        url = await gateway.url();
      }
      if (url === null) return null;
      const { token, device } = await devices.createDevice(
        { name: `agent ${sessionId}`, scopes: ['gateway'] },
        'agents',
      );
      return { origin: new URL(url).origin, token, deviceId: device.id };
    },
    async dismiss(deviceId) {
      await devices.revoke(deviceId, 'agents');
    },
    troubles: {
      failed: ({ sessionId, what, message, kind, lastWords }) =>
        tell('agent.failed', sessionId, { what, message, kind, last_words: lastWords }),
      recovered: ({ sessionId, what, message }) => tell('agent.recovered', sessionId, { what, message }),
    },
  });
  kit.agents.start = started.run;
  return {
    routes: agentRoutes(started, sessions),
    components: [{ name: 'agents', start: () => started.start(), stop: () => started.stop() }],
  };
};
