/**
 * Environment of git for one sync. The token travels as a header that holds for this address only, in variables that only
 * processes of the same user can read: never in an argument, an address, a file or a stored credential.
 * https://git-scm.com/docs/git-config#Documentation/git-config.txt-GITCONFIGCOUNT
 */
export function gitEnvironment(
  base: Readonly<Record<string, string>>,
  url: string,
  token: string | null,
): Record<string, string> {
  const settings: [string, string][] = [
    ['credential.helper', ''],
    ['core.hooksPath', '/dev/null'],
    ['core.fsmonitor', 'false'],
    ['submodule.recurse', 'false'],
    ['http.followRedirects', 'false'],
    ['gc.auto', '0'],
    // The address was looked at before, so it is dialled itself; whoever can write into the copy cannot put a listener between.
    [`http.${url}.proxy`, ''],
    [`http.${url}.sslVerify`, 'true'],
  ];
  if (token !== null) settings.push([`http.${url}.extraHeader`, authorization(token)]);
  return {
    ...base,
    GIT_TERMINAL_PROMPT: '0',
    GIT_ASKPASS: '/bin/false',
    SSH_ASKPASS: '/bin/false',
    GIT_ALLOW_PROTOCOL: 'https:http:ssh:file',
    LC_ALL: 'C',
    GIT_CONFIG_COUNT: String(settings.length),
    ...Object.fromEntries(
      settings.flatMap(([key, value], at) => [
        [`GIT_CONFIG_KEY_${at}`, key],
        [`GIT_CONFIG_VALUE_${at}`, value],
      ]),
    ),
  };
}

const pairOf = (token: string): string => `x-access-token:${token}`;

const authorization = (token: string): string =>
  `Authorization: Basic ${Buffer.from(pairOf(token)).toString('base64')}`;

/** What must never be in an output, besides the token itself. */
export const secretsWith = (token: string): string[] => [token, pairOf(token)];
