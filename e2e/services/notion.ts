import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startNotion } from '../../packages/server/src/features/integrations/notion/testing/notion-stand-in.ts';
import type { ServiceRow } from './service-row.ts';

export const row: ServiceRow = {
  service: 'Notion',
  peer: 'stand-in with Notion’s published limits',
  async run(rig) {
    const notion = await startNotion();
    rig.later(() => notion.close());
    const text = (content: string) => ({ rich_text: [{ type: 'text', text: { content } }] });
    const page = notion.page([{ type: 'paragraph', paragraph: text('From Notion') }]);
    const vigiles = await rig.start({
      config: `egress: { allow_private: ["127.0.0.1"] }\nnotion: { enabled: true, api_url: "${notion.url}", token: ${notion.token}, poll_minutes: 0, pages: [{ page: "${page}", file: a.md }] }\n`,
    });
    const file = join(vigiles.home, 'notion', 'a.md');
    const sync = async () => (await rig.cli(vigiles, 'notion', 'sync')).out.split(' ')[0] ?? '';
    const pulled = await sync();
    writeFileSync(file, `${readFileSync(file, 'utf8')}\n## Mine\n`);
    const pushed = await sync();
    const there = JSON.stringify(notion.texts(page));
    writeFileSync(file, `${readFileSync(file, 'utf8')}\nhere\n`);
    notion.type(page, 'there');
    const both = await sync();
    const kept =
      readFileSync(file, 'utf8').includes('here') && JSON.stringify(notion.texts(page)).includes('there');
    return [
      { ok: pulled === 'pulled', seen: `a page becomes a file: ${pulled}` },
      {
        ok: pushed === 'pushed' && there.includes('Mine'),
        seen: `an edit of the file becomes blocks: ${there}`,
      },
      { ok: both === 'conflict' && kept, seen: `changed in both places: ${both}, and both versions stay` },
      {
        ok: notion.refused429 === 0,
        seen: `refused for pace: ${notion.refused429} of ${notion.requests.length} requests`,
      },
    ];
  },
};
