import { letYoungGenerationGrow } from './young-generation.ts';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { toFault } from '../kernel/fault.ts';
import { createFileLog, keepOf } from '../platform/log/index.ts';
import { createRedactor } from '../platform/secrets/index.ts';
import { startGateway } from './gateway.ts';

/** Entry of the gateway process: `node gateway-main.ts [--home <folder>] [--port <port>]`. */
async function main(): Promise<void> {
  const { values } = parseArgs({ options: { home: { type: 'string' }, port: { type: 'string' } } });
  const env = process.env;
  const home = values.home ?? env['VIGILES_HOME'] ?? join(homedir(), '.vigiles');
  // Whoever started us may be gone, and its pipes with it: writing to them must not end the gateway.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
  process.on('SIGHUP', () => undefined);
  process.on('SIGPIPE', () => undefined);

  const redactor = createRedactor();
  const sink = createFileLog({
    home,
    level: 'info',
    keep: {},
    redactor,
    name: 'gateway',
  });
  const { log } = sink;
  process.on('uncaughtException', (thrown) => {
    log.error({ err: thrown }, 'something was not caught; the gateway leaves to be started afresh');
    sink.close();
    process.exit(70);
  });

  const port = values.port === undefined ? {} : { port: Number(values.port) };
  const starting = startGateway({
    home,
    env,
    log,
    redactor,
    ...port,
    onConfig(config) {
      sink.setLevel(config.log.level);
      sink.setKeep(keepOf(config.log));
    },
  });
  let leaving = false;
  const leave = (signal: string): void => {
    if (leaving) return;
    leaving = true;
    log.info({ signal }, 'gateway is leaving');
    // Also who is asked while it starts leaves in order; a start that fails is told of below.
    void starting.then(
      async (gateway) => {
        const code = await gateway.stop().then(
          () => 0,
          (thrown: unknown) => {
            log.error({ err: thrown }, 'gateway did not stop cleanly');
            return 1;
          },
        );
        sink.close();
        process.exit(code);
      },
      () => undefined,
    );
  };
  process.on('SIGTERM', () => leave('SIGTERM'));
  process.on('SIGINT', () => leave('SIGINT'));
  try {
    await starting;
    letYoungGenerationGrow();
  } catch (thrown) {
    const { message } = toFault(thrown);
    const code = (thrown as { code?: string }).code;
    const said = code === 'EADDRINUSE' ? 'The port of the gateway is taken by another program.' : message;
    log.error({ err: thrown }, 'gateway did not start');
    process.stderr.write(`vigiles gateway: ${said}\n`);
    sink.close();
    process.exitCode = code === 'EADDRINUSE' ? 98 : 1;
    setTimeout(() => process.exit(), 100).unref();
  }
}

// Not awaited: in the bundle, parts that are loaded meanwhile import from this file, which has to have been read to its end.
void main();
