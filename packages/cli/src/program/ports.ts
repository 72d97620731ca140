import type { Command } from 'commander';
import { integer, type Verbs } from './verb.ts';

const verbs = () => import('../verbs/ports.ts');
const port = integer(1, 65_535);

/** `ports …` */
export function declarePorts({ asking, group }: Verbs): void {
  const ports = group('ports', 'named ports: who listens on them, and who should');
  const one = (name: string, description: string): Command => asking(name, description, ports);
  one('list', 'named ports and services, and conflicts')
    .alias('status')
    .action(async (options) => (await verbs()).portStatusVerb(options));
  one('listeners', 'every port on which something listens').action(async (options) =>
    (await verbs()).portListenersVerb(options),
  );
  one('conflicts', 'named ports on which somebody else listens; ends with 4 when there are some').action(
    async (options) => (await verbs()).portConflictsVerb(options),
  );
  one('check <port-or-name>', 'whether something may be started there; ends with 5 when not').action(
    async (wanted, options) => (await verbs()).portCheckVerb(wanted, options),
  );
  one('available [from]', 'the first free port from 9000, or from there')
    .option('-n, --count <number>', 'how many', integer(1, 100), 1)
    .action(async (from, options) => (await verbs()).portAvailableVerb(from, options));
  one('kill <port-or-name>', 'end what listens there; what is only connected to it is left alone')
    .option('--reason <text>', 'why; kept in the audit chain')
    .option('--no-wait', 'do not wait for its end')
    .action(async (wanted, options) => (await verbs()).portKillVerb(wanted, options));
  one('register <name> [port]', 'give a port a name')
    .option('--environment <name>', 'production, development or experimental', 'development')
    .option('--service <name>', 'the service of Vigiles that belongs on it')
    .option('--folder <path>', 'what works in this folder belongs on it')
    .action(async (name, wanted, options) => (await verbs()).portRegisterVerb(name, wanted, options));
  one('reserve <name>', 'a free port for an agent or a worktree, for a while')
    .requiredOption('--owner <who>', 'for whom')
    .option('--from <port>', 'not below it', port, 9000)
    .option('--ttl <seconds>', 'for how long', integer(10, 30 * 86_400), 8 * 3600)
    .option('--environment <name>', 'production, development or experimental', 'development')
    .option('--folder <path>', 'folder of the worktree')
    .action(async (name, options) => (await verbs()).portReserveVerb(name, options));
  one('reassign <name> [port]', 'give a name another port, or the next free one').action(
    async (name, wanted, options) => (await verbs()).portReassignVerb(name, wanted, options),
  );
  one('release <name>', 'forget a name').action(async (name, options) =>
    (await verbs()).portReleaseVerb(name, options),
  );
  one('env', 'a script that exports them: eval "$(vigiles ports env)"')
    .option('--environment <name>', 'only production, development or experimental')
    .action(async (options) => (await verbs()).portEnvVerb(options));
  one('heal', 'end what earlier instances of our services left on their ports').action(async (options) =>
    (await verbs()).portHealVerb(options),
  );
}
