import { Option } from 'commander';
import { integer, type Verbs } from './verb.ts';

/** `peek` */
export function declareWeb({ asking }: Verbs): void {
  asking('peek <url>', 'a page of the web, fetched by Vigiles and safe to look at')
    .addOption(
      new Option('-f, --format <format>', 'markdown: the article alone')
        .choices(['text', 'html', 'markdown', 'json'])
        .default('markdown'),
    )
    .option('-s, --save <file>', 'write its content into a file, as it is')
    .option('--links', 'list what it links to')
    .option('--images', 'list its images')
    .option('--robots', 'only if the site’s robots.txt allows it')
    .option('--fresh', 'ask the site, whatever is kept')
    .option('--timeout <seconds>', 'for all of it', integer(1, 120), 30)
    .action(async (url, options) => (await import('../verbs/peek.ts')).peekVerb(url, options));
}
