import type { CommandResult, LogPage, Status } from '@vigiles/contract';
import { ApiError, type Api } from '../client/api.ts';
import { faultProblems, listIncidents, listServices } from '../client/resources.ts';
import { clean } from '../output/clean.ts';
import { dim } from '../output/style.ts';
import { suggestion } from '../output/suggestion.ts';
import { changedText, rejectionText } from '../verbs/reload.ts';
import { configView, type ConfigAnswer } from '../views/config.ts';
import { healthChecks, healthView } from '../views/health.ts';
import { incidentsView } from '../views/incidents.ts';
import { logLine } from '../views/logs.ts';
import { servicesView } from '../views/services.ts';
import { statusView } from '../views/status.ts';
import { answerNeed, needs, needsView, type Need } from './needs-you.ts';

interface Command {
  help: string;
  run(api: Api, argument: string): Promise<string>;
}

/** What `needs` listed last: a number means what stood there when it was read. */
let listed: readonly Need[] = [];

/** Gives a session a command; how far it is, as the server says. */
const commandSession = (type: 'HALT' | 'RESUME') =>
  async function command(api: Api, argument: string): Promise<string> {
    const [id = '', ...reason] = argument.split(' ');
    if (id === '') return `Which session? ${type.toLowerCase()} SESSION`;
    const body = { type, ...(reason.length > 0 ? { reason: reason.join(' ') } : {}) };
    const path = `/api/v1/sessions/${encodeURIComponent(id)}/commands`;
    const { message = '', state } = await api.send<CommandResult>('POST', path, body);
    return [clean(message), state ? dim(state) : ''].join(' ');
  };

/** The console's verbs, each a question to the same API that the dashboard asks. */
const commands: Record<string, Command> = {
  status: {
    help: 'everything at a glance',
    run: async (api) => statusView(await api.get<Status>('/api/v1/status')),
  },
  services: {
    help: 'what is watched, and how it is',
    run: async (api) => servicesView(await listServices(api)),
  },
  incidents: {
    help: 'what happened, and what was done',
    run: async (api) => incidentsView((await listIncidents(api)).slice(0, 20)),
  },
  config: {
    help: 'the configuration in force',
    run: async (api) => configView(await api.get<ConfigAnswer>('/api/v1/config')),
  },
  health: {
    help: 'is everything that matters working',
    run: async (api) =>
      healthView(
        healthChecks(
          await api.get<Status>('/api/v1/status'),
          await listServices(api),
          await faultProblems(api),
        ),
      ),
  },
  needs: {
    help: 'what waits for you: questions of agents, actions to approve',
    async run(api) {
      listed = await needs(api);
      return needsView(listed);
    },
  },
  answer: {
    help: 'answer one of them: answer 1 yes',
    async run(api, argument) {
      const [, number = '', choice = ''] = /^(\d+)\s+(.+)$/.exec(argument) ?? [];
      const need = listed[Number(number) - 1];
      if (choice === '') return 'Which one, and what? answer 1 yes';
      return need ? answerNeed(api, need, choice) : 'There is no such number; needs lists them';
    },
  },
  halt: { help: 'stop an agent: halt SESSION [reason]', run: commandSession('HALT') },
  resume: { help: 'let it go on: resume SESSION', run: commandSession('RESUME') },
  reload: {
    help: 'read vigiles.yaml again',
    async run(api) {
      try {
        return changedText((await api.send<{ changed: string[] }>('POST', '/api/v1/config/reload')).changed);
      } catch (thrown) {
        if (thrown instanceof ApiError && thrown.code === 'config_invalid')
          return rejectionText(thrown, 'vigiles.yaml');
        throw thrown;
      }
    },
  },
  logs: {
    help: 'the last lines of the logs: logs [n]',
    async run(api, argument) {
      const lines = argument === '' ? 20 : Number(argument);
      if (!Number.isInteger(lines) || lines < 1 || lines > 1000) return 'How many lines? logs [1 to 1000]';
      const { entries } = await api.get<LogPage>(`/api/v1/logs?limit=${lines}`);
      return entries.length === 0 ? dim('Nothing logged yet.') : entries.toReversed().map(logLine).join('\n');
    },
  },
  'sign-in': {
    help: 'a fresh link for one browser',
    run: async (api) => (await api.send<{ url: string }>('POST', '/api/v1/sign-in-links')).url,
  },
};

export const leaving = ['exit', 'quit'];
export const commandNames = [...Object.keys(commands), 'help', ...leaving];

const helpText = [
  ...Object.entries(commands).map(([name, { help }]) => `  ${name.padEnd(10)} ${dim(help)}`),
  `  ${'help'.padEnd(10)} ${dim('this list')}`,
  `  ${'exit, quit'.padEnd(10)} ${dim('finish what runs and stop Vigiles')}`,
].join('\n');

/** Runs one line and returns what is to be shown. Failures are told, never thrown. */
export async function runCommand(api: Api, line: string): Promise<string> {
  const [name = '', ...rest] = line.trim().split(/\s+/);
  if (name === '') return '';
  if (name === 'help') return helpText;
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (!command) return `There is no command "${name}"${suggestion(name, commandNames)} (help lists them)`;
  try {
    return await command.run(api, rest.join(' '));
  } catch (thrown) {
    return thrown instanceof Error ? thrown.message : 'It did not work.';
  }
}

/** Completion of the first word. */
export function complete(line: string): [string[], string] {
  const found = commandNames.filter((name) => name.startsWith(line));
  return [line.includes(' ') ? [] : found, line];
}
