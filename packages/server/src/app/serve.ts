import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { fault, raise } from '../kernel/fault.ts';
import type { Log } from '../kernel/log.ts';
import { defineRoute } from '../kernel/route.ts';
import {
  loadConfig,
  writeConfigSchema,
  type ConfigFlags,
  type Configuration,
} from '../platform/config/index.ts';
import { createFileLog, keepOf } from '../platform/log/index.ts';
import { createRedactor, openSecrets } from '../platform/secrets/index.ts';
import { startControl, type RunningControl } from './control.ts';
import type { Extend } from './extension.ts';
import { healing } from './healing.ts';
import { readControlRunFile, removeControlRunFile, writeControlRunFile } from './run-file.ts';

export interface ServeOptions {
  home: string;
  env: Record<string, string | undefined>;
  flags?: ConfigFlags;
  /** The dashboard's build; absent: where `npm run build` puts it. */
  dashboard?: string;
  /** Gets every clean log line as well: the daemon form writes them to standard error. */
  echo?: (line: string) => void;
  extend?: readonly Extend[];
}

/** Control as `vigiles start` runs it. */
export interface ServedControl {
  url: string;
  /** For the console and the other verbs; the same that stands in `<home>/run/control.json`. */
  token: string;
  configuration: Configuration;
  log: Log;
  signInLink(): Promise<string>;
  /** Drains and leaves; the gateway goes too when it was started here. */
  stop(): Promise<void>;
}

const builtDashboard = fileURLToPath(new URL('../../../dashboard/dist', import.meta.url));
const deviceName = 'command line';

/** From serving to writing the schema for editors. */
const SCHEMA_AFTER_MS = 2000;

const signInRoute =
  (link: () => Promise<string>): Extend =>
  () => ({
    routes: [
      defineRoute({
        method: 'POST',
        path: '/api/v1/sign-in-links',
        operationId: 'createSignInLink',
        summary: 'Make a link that signs one browser in; ten minutes, one use',
        tag: 'sign-in',
        scope: 'admin',
        audit: 'sign-in-link.create',
        tier: 'standard',
        success: z.object({ url: z.string() }),
        successStatus: 201,
        faults: [],
        handle: async () => ({ url: await link() }),
      }),
    ],
  });

/** The routes that only exist where control serves; the OpenAPI document has them as well. */
export const servingRoutes: Extend = signInRoute(() =>
  raise(fault('unavailable', 'not_serving', 'Not started.')),
);

/** The command line's own device: the one of the last run where its token still holds, else a new one. */
async function commandLineToken(control: RunningControl, previous: string | undefined): Promise<string> {
  const known = previous === undefined ? undefined : await control.devices.authenticate(previous);
  if (previous !== undefined && known?.ok) return previous;
  for (const { kind, device } of await control.devices.list({ revoked: false })) {
    if (kind === 'device' && device.name === deviceName) await control.devices.revoke(device.id, 'system');
  }
  const { token } = await control.devices.createDevice({ name: deviceName, scopes: ['admin'] }, 'system');
  return token;
}

/**
 * Loads the configuration, opens the log, starts control and tells the command line where it is.
 * Raises `config_invalid` with every problem, or `already_running` with the address of the other one.
 */
export async function serveControl(options: ServeOptions): Promise<ServedControl> {
  const { home, env, flags = {}, dashboard = builtDashboard } = options;
  const other = await readControlRunFile(home);
  if (other?.running) {
    raise(
      fault(
        'conflict',
        'already_running',
        `Vigiles already runs on this home: ${other.url} (process ${other.pid}).`,
      ),
    );
  }
  const redactor = createRedactor();
  const secrets = openSecrets({ home, passphrase: env['VIGILES_SECRET_PASSPHRASE'], redactor });
  const loaded = await loadConfig({ home, env, flags, redactor, secrets });
  if (!loaded.ok) raise(loaded.fault);
  const configuration = loaded.value;
  const levelOf = () => (configuration.current().server.debug ? 'debug' : configuration.current().log.level);
  const sink = createFileLog({
    home,
    level: levelOf(),
    keep: keepOf(configuration.current().log),
    redactor,
    ...(options.echo ? { echo: options.echo } : {}),
  });
  // Who steered which agent is worth keeping apart, and is written at every level.
  const commands = createFileLog({
    home,
    name: 'session-commands',
    level: 'info',
    keep: keepOf(configuration.current().log),
    redactor,
  });
  configuration.subscribe((next) => {
    sink.setLevel(levelOf());
    commands.setKeep(keepOf(next.log));
    sink.setKeep(keepOf(next.log));
  });

  let control: RunningControl | undefined;
  const link = () => (control ?? raise(fault('unavailable', 'not_serving', 'Not started yet.'))).signInLink();
  try {
    control = await startControl({
      home,
      env,
      configuration,
      secrets,
      log: sink.log,
      commandLog: (step) => commands.log.info(step, 'command'),
      extend: [healing, signInRoute(link), ...(options.extend ?? [])],
      ...(existsSync(dashboard) ? { dashboard } : {}),
    });
    const token = await commandLineToken(control, other?.token);
    const { url } = control.address();
    await writeControlRunFile(home, url, token);
    const running = control;
    let schemaWritten: Promise<void> | undefined;
    // Well after the first answer: making the schema takes a tenth of the start, and nobody waits for it.
    const schemaTimer = setTimeout(() => {
      schemaWritten = writeConfigSchema(home).catch((thrown: unknown) =>
        sink.log.warn({ err: thrown }, 'the schema for editors could not be written'),
      );
    }, SCHEMA_AFTER_MS).unref();
    return {
      url,
      token,
      configuration,
      log: sink.log,
      signInLink: link,
      async stop() {
        try {
          clearTimeout(schemaTimer);
          await running.stop();
          await schemaWritten;
        } finally {
          await removeControlRunFile(home);
          sink.close();
          commands.close();
        }
      },
    };
  } catch (thrown) {
    sink.log.error({ err: thrown }, 'Control did not start');
    await control?.stop().catch(() => undefined);
    sink.close();
    commands.close();
    throw thrown;
  }
}
