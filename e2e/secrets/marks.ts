import { randomBytes } from 'node:crypto';

/** Every secret that is driven through Vigiles, each with words of its own. */
export const markNames = [
  'provider key',
  'refused provider key',
  'GitHub token',
  'webhook secret',
  'SMTP password',
  'refused SMTP password',
  'refused OAuth client secret',
  'backup passphrase',
  'S3 secret key',
  'refused S3 secret key',
  'refused WebDAV password',
  'channel address',
  'channel header',
  'channel signing secret',
  'refused channel address',
  'refused channel token',
  'dead man’s address',
  'registry token',
  'plugin secret',
] as const;
export type MarkName = (typeof markNames)[number];
export type Marks = Readonly<Record<MarkName, string>>;

/**
 * Random words of no known shape, so that nothing but knowing them finds them. What goes into an address is plain; the others have
 * signs that JSON, addresses and shells write in another way.
 */
export const makeMarks = (): Marks =>
  Object.fromEntries(
    markNames.map((name) => {
      const core = randomBytes(14).toString('hex');
      const plain = name.includes('address') || name.includes('token') || name.includes('header');
      return [name, plain ? core : `p"w/+ ${core}`];
    }),
  ) as Marks;

/** Base64 of what may stand at any place of a longer text: the part that does not depend on its neighbours. */
const inBase64 = (text: string): string[] =>
  [0, 1, 2].map((offset) => {
    const coded = Buffer.from(' '.repeat(offset) + text)
      .toString('base64')
      .replace(/=+$/, '');
    return coded.slice(offset === 0 ? 0 : offset + 1, -2);
  });

/** What is looked for: the longest run of ordinary signs, plain, in base64 and in hex. An escape or a cut cannot hide it. */
export function formsOf(secret: string): string[] {
  const [core = secret] = (secret.match(/[A-Za-z0-9_-]+/g) ?? []).toSorted((a, b) => b.length - a.length);
  return [core, ...inBase64(core), Buffer.from(core).toString('hex')];
}

export interface Leak {
  secret: string;
  output: string;
  around: string;
}

/** Where which secret stands in which output. */
export function leaksIn(
  secrets: ReadonlyMap<string, string>,
  outputs: ReadonlyMap<string, readonly string[]>,
): Leak[] {
  const wanted = [...secrets].map(([name, value]) => ({ name, forms: formsOf(value) }));
  return [...outputs].flatMap(([output, texts]) =>
    texts.flatMap((text) =>
      wanted.flatMap(({ name, forms }) => {
        const at = Math.max(...forms.map((form) => text.indexOf(form)));
        return at < 0 ? [] : [{ secret: name, output, around: text.slice(Math.max(0, at - 160), at + 80) }];
      }),
    ),
  );
}
