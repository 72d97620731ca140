/** What an SMTP server answered. */
export interface Reply {
  /** 250, 451, …; null: there was none. */
  status: number | null;
  /** Enhanced status code (RFC 3463) such as 5.1.1; null where it has none. */
  code: string | null;
  text: string;
}

const meanings: Record<string, string> = {
  '1.1': 'there is no such mailbox',
  '1.2': 'there is no such domain',
  '1.3': 'the address is not valid there',
  '1.10': 'the domain takes no mail',
  '2.1': 'the mailbox is switched off',
  '2.2': 'the mailbox is full',
  '2.3': 'the mail is too large for the mailbox',
  '3.4': 'the mail is too large for the server',
  '4.1': 'the server of the recipient does not answer',
  '4.4': 'no way leads to the recipient',
  '5.3': 'too many recipients',
  '6.7': 'the address has letters that the server does not take',
  '7.0': 'refused by a rule of the server',
  '7.1': 'refused by a rule of the server',
  '7.8': 'the login was refused',
  '7.25': 'refused by a rule of the server',
  '7.26': 'refused: the sender could not be verified',
};

/** Reads an answer as it came; of several lines the first counts. */
export function readReply(text: string, status?: number): Reply {
  const found = /^\s*(\d{3})?[ -]?(?:([245]\.\d{1,3}\.\d{1,3})(?=\s|$))?/.exec(text);
  const number = status ?? (found?.[1] === undefined ? null : Number(found[1]));
  return {
    status: number,
    code: found?.[2] ?? null,
    text: text.replaceAll(/\s+/g, ' ').trim().slice(0, 300),
  };
}

/**
 * `later`: it may go through when it is tried again (4yz, RFC 5321 4.2.1). `never`: it will not. Where the enhanced code (RFC 3463
 * 2) says something else than the status it is the more exact one.
 */
export function verdictOf({ status, code }: Reply): 'later' | 'never' {
  // RFC 5321 4.5.3.1.10: older servers say 552 where they mean 452, too many recipients at a time.
  if (status === 552 && (code === null || code === '5.5.3')) return 'later';
  const first = code?.[0] ?? String(status ?? 4)[0];
  return first === '5' ? 'never' : 'later';
}

/** In words for people. */
export function explain(reply: Reply): string {
  const { status, code } = reply;
  const known = code === null ? undefined : meanings[code.slice(2)];
  const number = [status, code].filter((part) => part !== null).join(' ');
  if (known !== undefined) return `${known} (${number})`;
  if (verdictOf(reply) === 'later')
    return `the server asks to try again later${number ? ` (${number})` : ''}`;
  return `the server refused it (${number})`;
}
