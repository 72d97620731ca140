import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { CliError, exitCode } from '../exit-codes.ts';
import { homeOf } from '../home.ts';
import { proposalOf } from '../import/read-source.ts';
import { proposalView } from '../import/show.ts';
import { editsOf, homeConfig } from '../import/vigiles-config.ts';
import { listSecrets, removeSecret, setSecret } from '../launcher/maintenance.ts';
import { note, say } from '../output/print.ts';
import { countOf } from '../views/count-of.ts';

const MAX_BYTES = 4 * 1024 * 1024;

function readSource(file: string): string {
  try {
    const bytes = readFileSync(file);
    if (bytes.length > MAX_BYTES) throw new CliError(`${file} is larger than 4 MB.`, exitCode.usage);
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (thrown) {
    if (thrown instanceof CliError) throw thrown;
    const { code } = thrown as NodeJS.ErrnoException;
    const why = code === 'ERR_ENCODING_INVALID_ENCODED_DATA' ? 'it is not UTF-8' : (code ?? 'unknown');
    throw new CliError(`${file} cannot be read: ${why}.`, exitCode.usage);
  }
}

/**
 * `vigiles import <file>`: shows what another program's file would add to vigiles.yaml, and with `--apply` adds it.
 * Keys go into the encrypted secrets; when vigiles.yaml is refused they are taken out again.
 */
export async function importVerb(file: string, options: { home?: string; apply?: boolean }): Promise<void> {
  const home = homeOf(options.home);
  const text = readSource(file);
  const config = await homeConfig(home);
  const { providers, routes, default_provider } = config.gateway;
  const secrets = await listSecrets(home);
  const { services } = config.watchdog;
  const proposal = proposalOf(text, file, { providers, routes, default_provider, secrets, services });
  say(proposalView(proposal, basename(config.path), basename(file)));
  const edits = editsOf(proposal, config);
  if (edits.length === 0) throw new CliError('There is nothing in it that could be imported.');
  if (!options.apply) return note('\nNothing was changed. Add it with --apply.');

  for (const { name, value } of proposal.secrets) await setSecret(home, name, value);
  try {
    await config.change(edits);
  } catch (thrown) {
    for (const { name } of proposal.secrets) await removeSecret(home, name);
    throw thrown;
  }
  const added = [
    countOf(proposal.providers.length, 'more provider'),
    countOf(proposal.routes.length, 'more route'),
    countOf(proposal.services.length, 'more service'),
    ...(proposal.settings.length > 0 ? [countOf(proposal.settings.length, 'setting')] : []),
  ];
  say(`\n${config.path} has ${added.join(', ')}.`);
}
