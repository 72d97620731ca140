import { CliError, exitCode } from '../exit-codes.ts';
import { homeOf } from '../home.ts';
import { readSecretValue } from '../input/read-secret.ts';
import { say, sayJson } from '../output/print.ts';

interface Options {
  home?: string;
  json?: boolean;
}

/** `vigiles secret set <name>`: the value comes from standard input or a prompt, never from the command line. */
export async function setSecretVerb(name: string, { home }: Options): Promise<void> {
  const value = await readSecretValue(`Value of ${name}: `);
  const { setSecret } = await import('../launcher/maintenance.ts');
  await setSecret(homeOf(home), name, value);
  say(`Kept. In vigiles.yaml write: \${secret:${name}}`);
}

export async function listSecretsVerb({ home, json }: Options): Promise<void> {
  const { listSecrets } = await import('../launcher/maintenance.ts');
  const names = await listSecrets(homeOf(home));
  if (json) sayJson({ secrets: names });
  else say(names.length === 0 ? 'No secrets yet.' : names.join('\n'));
}

export async function removeSecretVerb(name: string, { home }: Options): Promise<void> {
  const { removeSecret } = await import('../launcher/maintenance.ts');
  if (!(await removeSecret(homeOf(home), name)))
    throw new CliError(`There is no secret "${name}".`, exitCode.failure);
  say(`${name} is removed.`);
}
