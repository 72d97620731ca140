import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { shorten } from '../core/render.ts';
import { defineChannel, later, refused, sent } from '../define-channel.ts';

const run = promisify(execFile);

const urgencies = { critical: 'critical', warning: 'normal', info: 'low' } as const;

/** The body may hold markup (freedesktop.org, Desktop Notifications 1.2, “Markup”). */
const escape = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** The text reaches the script as an argument, never as a part of it. */
const script = [
  'on run argv',
  'display notification (item 2 of argv) with title (item 1 of argv)',
  'end run',
];

/** A notice on the screen of the machine Vigiles runs on: notify-send, on macOS osascript. No shell. */
export const channel = defineChannel({
  type: 'desktop',
  title: 'Desktop',
  perMinute: 30,
  target: () => 'screen of this machine',
  async send(_config, message, { signal }) {
    const title = shorten(message.title, 200);
    const body = shorten(message.body, 500);
    const [program, args] =
      process.platform === 'darwin'
        ? ['osascript', [...script.flatMap((line) => ['-e', line]), title, body]]
        : [
            'notify-send',
            ['--app-name=Vigiles', `--urgency=${urgencies[message.severity]}`, '--', title, escape(body)],
          ];
    if (process.platform === 'win32') return refused('there is no desktop channel on Windows');
    try {
      await run(program, args, { signal, timeout: 10_000 });
      return sent('shown');
    } catch (thrown) {
      const { code, stderr } = thrown as { code?: unknown; stderr?: unknown };
      if (code === 'ENOENT') return refused(`${program} is not installed`);
      return later(`${program} failed`, typeof stderr === 'string' ? stderr : '');
    }
  },
});
