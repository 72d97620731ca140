import { Option, type Command } from 'commander';
import type { Verbs } from './verb.ts';

const verbs = () => import('../verbs/notion.ts');

/** `notion …` */
export function declareNotion({ asking, group }: Verbs): void {
  const notion = group('notion', 'pages of Notion and Markdown files, kept in step');
  const one = (name: string, description: string): Command => asking(name, description, notion);
  one('list', 'pages and how they stand')
    .alias('status')
    .action(async (options) => (await verbs()).notionStatusVerb(options));
  one('sync [page]', 'bring them in step now; ends with 4 when one is not').action(async (page, options) =>
    (await verbs()).notionSyncVerb(page, options),
  );
  one('conflicts', 'pages that changed in both places, with both versions').action(async (options) =>
    (await verbs()).notionConflictsVerb(options),
  );
  one('resolve <id>', 'choose a version of a conflict')
    .addOption(
      new Option('--keep <which>', 'the file’s, Notion’s, or both')
        .choices(['local', 'remote', 'both'])
        .makeOptionMandatory(),
    )
    .action(async (id, options) => (await verbs()).notionResolveVerb(id, options));
  one('webhook', 'take the verification token of a new webhook subscription')
    .option('--reveal', 'show the token that Notion sent, once')
    .action(async (options) => (await verbs()).notionWebhookVerb(options));
}
