import { resolve } from 'node:path';
import type { WebFormat, WebPage } from '@vigiles/contract';
import { connect } from '../client/api.ts';
import { CliError } from '../exit-codes.ts';
import { replaceFile } from '../files/replace-file.ts';
import { homeOf } from '../home.ts';
import { clean } from '../output/clean.ts';
import { note, say, sayJson } from '../output/print.ts';
import { bold, dim } from '../output/style.ts';

export interface PeekOptions {
  home?: string;
  json?: boolean;
  format: WebFormat;
  save?: string;
  links?: boolean;
  images?: boolean;
  robots?: boolean;
  fresh?: boolean;
  timeout: number;
}

/** The page's lines as a terminal may have them; tabs stay apart. */
const shown = (text: string): string =>
  text
    .split(/\r\n|\r|\n/)
    .map((line) => clean(line.replaceAll('\t', '    ')))
    .join('\n');

const listed = (title: string, entries: WebPage['links']): void => {
  if (entries.length === 0) return;
  say();
  say(bold(title));
  for (const { url, text } of entries) say(`  ${clean(url)}${text === '' ? '' : dim(`  ${clean(text)}`)}`);
};

/** `vigiles peek <url>`: a page of the web, fetched by Vigiles. Ends with 1 when the site refused it. */
export async function peekVerb(url: string, options: PeekOptions): Promise<void> {
  const { home, json, format, save, links, images, robots, fresh, timeout } = options;
  const address = /^[a-z][a-z0-9+.-]*:\/\//i.test(url) ? url : `https://${url}`;
  const page = await connect(homeOf(home)).send<WebPage>(
    'POST',
    '/api/v1/web/fetch',
    {
      url: address,
      options: {
        format,
        timeout,
        include_links: links ?? false,
        include_images: images ?? false,
        respect_robots: robots ?? false,
        cache: !fresh,
      },
    },
    // Fetching it, reading it, and the way there.
    (timeout + 30) * 1000,
  );
  if (json) sayJson(page);
  else show(page, save);
  if (!page.success) throw new CliError(json ? '' : (page.error ?? 'The site did not answer with the page.'));
}

function show(page: WebPage, save: string | undefined): void {
  if (save !== undefined) {
    replaceFile(resolve(save), page.content, 0o600);
    note(`Written to ${save}.`);
    return;
  }
  say(bold(clean(page.title ?? page.url)));
  const kind = page.content_type?.split(';', 1)[0] ?? 'no type';
  const took = page.cached ? 'kept' : `${page.fetch_time_ms} ms`;
  say(dim(clean(`${page.url} · ${page.status_code} · ${kind} · ${took}`)));
  say();
  say(shown(page.content));
  listed('Links', page.links);
  listed('Images', page.images);
}
