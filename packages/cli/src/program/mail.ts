import { Option } from 'commander';
import { collect, integer, type Verbs } from './verb.ts';

/** `mail …` */
export function declareMail({ asking, group }: Verbs): void {
  const mail = group('mail', 'mail that agents and devices send');
  const verbs = () => import('../verbs/mail.ts');
  asking('status', 'whether mail can be sent, and how much of today is left', mail)
    .option('--check', 'sign in at the mail server now; ends with 4 when that fails')
    .action(async (options) => (await verbs()).mailStatusVerb(options));
  asking('outbox', 'what waits, what was sent, and dead letters', mail)
    .addOption(
      new Option('-s, --state <state>', 'only these').choices([
        'awaiting_approval',
        'queued',
        'sending',
        'sent',
        'partly_sent',
        'uncertain',
        'failed',
        'denied',
        'expired',
        'discarded',
      ]),
    )
    .option('-n, --limit <number>', 'how many', integer(1, 200), 20)
    .action(async (options) => (await verbs()).mailOutboxVerb(options));
  asking('send <to...>', 'send a mail; ends with 4 when it was not sent', mail)
    .option('-s, --subject <text>', 'its subject', '')
    .option('-b, --body <text>', 'its text; absent: what is piped in')
    .option('--cc <address>', 'a copy, more than once for more', collect, [])
    .option('--bcc <address>', 'a hidden copy', collect, [])
    .option('-a, --attach <file>', 'a file', collect, [])
    .option('--from-name <name>', 'the name it comes from')
    .option('--key <key>', 'the same key with the same mail is one mail')
    .option('--wait <seconds>', 'how long to wait for the outcome', integer(0, 30), 20)
    .action(async (to, options) => (await verbs()).mailSendVerb(to, options));
  asking('retry <id>', 'send it again now, to those who do not have it', mail)
    .option('--confirm', 'although it may arrive twice')
    .action(async (id, options) => (await verbs()).mailRetryVerb(id, options));
  asking('discard <id>', 'give it up; its text is deleted', mail).action(async (id, options) =>
    (await verbs()).mailDecideVerb('discard', id, options),
  );
  asking('approve <id>', 'let a mail go that waits for a person', mail).action(async (id, options) =>
    (await verbs()).mailDecideVerb('approve', id, options),
  );
  asking('deny <id>', 'do not let it go', mail).action(async (id, options) =>
    (await verbs()).mailDecideVerb('deny', id, options),
  );
}
