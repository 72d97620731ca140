import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { declareCi } from './program/ci.ts';
import { declareFigures } from './program/figures.ts';
import { declareNeeds } from './program/need.ts';
import { declareActions } from './program/action.ts';
import { declareDevices } from './program/device.ts';
import { declareFaults } from './program/fault.ts';
import { declareIncidents } from './program/incident.ts';
import { declareMachine, declareStart } from './program/machine.ts';
import { declareBackups } from './program/backups.ts';
import { declareMail } from './program/mail.ts';
import { declareNotifications } from './program/notification.ts';
import { declareOverview } from './program/overview.ts';
import { declarePlugins } from './program/plugin.ts';
import { declareNotion } from './program/notion.ts';
import { declarePorts } from './program/ports.ts';
import { declareSessions } from './program/session.ts';
import { declareVerbs } from './program/verb.ts';
import { declareWeb } from './program/web.ts';

const readVersion = (): string =>
  (JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string })
    .version;

const exitCodes = `
Exit codes:
  0  done
  1  failed
  2  wrong usage, or a configuration with problems
  3  Vigiles is not running
  4  it runs, but something that matters does not work
  5  an action was refused
  6  an action ended and did not help, or was cancelled, timed out or undone

Environment:
  VIGILES_HOME              home folder (default ~/.vigiles)
  VIGILES_NO_INTERACTIVE=1  no console, as with --no-interactive
  VIGILES_SERVER__PORT=…    any key of vigiles.yaml, levels separated by two underscores
  NO_COLOR=1                no colours`;

export interface ProgramOptions {
  /** In the console: the home of the Vigiles it belongs to. */
  home?: string;
  /** Of a shell's verbs only `start`: declaring them all takes a start longer than reading its configuration. */
  startOnly?: boolean;
}

/** A verb with those before it, as it is typed in the console: there is no program's name. */
const chainOf = (command: Command): string =>
  command.parent ? `${chainOf(command.parent)} ${command.name()}`.trim() : '';

/**
 * Every verb with its options, for a shell or for the console: they have the same words. What a verb does is loaded only
 * when it is called, so that --help is quick.
 */
export function createProgram({ home, startOnly = false }: ProgramOptions = {}): Command {
  const inConsole = home !== undefined;
  const program = new Command(inConsole ? '' : 'vigiles')
    .description('Mission control for AI coding agents')
    .configureHelp({
      sortSubcommands: false,
      ...(inConsole ? { commandUsage: (command: Command) => `${chainOf(command)} ${command.usage()}` } : {}),
    });
  if (!inConsole)
    program.version(readVersion()).addHelpText('after', exitCodes).showHelpAfterError('Try: vigiles --help');
  const verbs = declareVerbs(program, home ?? null);
  if (!inConsole) declareStart(verbs);
  if (startOnly) return program;
  if (!inConsole) declareMachine(verbs);
  declareOverview(verbs);
  declareNeeds(verbs);
  declareCi(verbs);
  declareSessions(verbs);
  declareIncidents(verbs);
  declareActions(verbs);
  declareFaults(verbs);
  declarePorts(verbs);
  declarePlugins(verbs);
  declareNotion(verbs);
  declareFigures(verbs);
  declareNotifications(verbs);
  declareMail(verbs);
  declareBackups(verbs);
  declareDevices(verbs);
  declareWeb(verbs);
  return program;
}
