import type {
  InstalledPlugin,
  PluginPermissions,
  PluginProcess,
  PluginProcessState,
} from '@vigiles/contract';
import { Ban, CheckCircle2, CirclePause, LoaderCircle, ShieldX, TriangleAlert, XCircle } from 'lucide-react';
import type { Face } from '../../ui/state.tsx';

const processFace: Record<PluginProcessState, Face> = {
  starting: { icon: LoaderCircle, label: 'Starting', tone: 'busy' },
  running: { icon: CheckCircle2, label: 'Running', tone: 'ok' },
  crashed: { icon: XCircle, label: 'Crashed', tone: 'bad' },
  stopped: { icon: CirclePause, label: 'Stopped', tone: 'idle' },
  refused: { icon: Ban, label: 'Refused', tone: 'bad' },
};

/** How it is with a plugin that is installed: what its files say, then what its process says. */
export function stateOf(plugin: InstalledPlugin, process: PluginProcess | undefined): Face {
  if (plugin.state === 'damaged') return { icon: ShieldX, label: 'Damaged', tone: 'bad' };
  if (!plugin.enabled) return { icon: CirclePause, label: 'Switched off', tone: 'idle' };
  return process ? processFace[process.state] : { icon: TriangleAlert, label: 'Not running', tone: 'warn' };
}

export interface Permission {
  /** What it may do, for people. */
  text: string;
  /** To what. */
  things: string[];
  /** With it a plugin can do whatever the account of Vigiles can. */
  grave: boolean;
}

/** Permissions as sentences; empty: it asks for nothing. */
export function permissionsAsText(permissions: PluginPermissions): Permission[] {
  const { network, files, secrets, env, processes } = permissions;
  const all: [string, string[], boolean][] = [
    [network.includes('*') ? 'Reach any host' : 'Reach these hosts', network, network.includes('*')],
    ['Read files', files.read, files.read.includes('/')],
    ['Write files', files.write, files.write.includes('/')],
    ['Use secrets', secrets, false],
    ['See environment variables', env, false],
  ];
  return [
    ...all
      .filter(([, things]) => things.length > 0)
      .map(([text, things, grave]) => ({ text, things, grave })),
    ...(processes
      ? [{ text: 'Start processes: it can do whatever this account can', things: [], grave: true }]
      : []),
  ];
}

export const provisionLabel: Record<string, string> = {
  check: 'Check',
  action: 'Action',
  channel: 'Channel',
  provider: 'Provider',
  tool_call_format: 'Tool-call format',
};
