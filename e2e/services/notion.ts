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
    const shown = await rig.cli(vigiles, 'notion', 'conflicts');
    const id = /ncf_\w+/.exec(shown.out)?.[0] ?? '';
    const wrong = await rig.cli(vigiles, 'notion', 'resolve', id, '--keep', 'mine');
    const unknown = await rig.cli(vigiles, 'notion', 'sync', 'no-such-page');
    const resolved = await rig.cli(vigiles, 'notion', 'resolve', id, '--keep', 'both');
    const state = await rig.cli(vigiles, 'notion');
    const opened = await rig.cli(vigiles, 'notion', 'webhook');
    const early = await rig.cli(vigiles, 'notion', 'webhook', '--reveal');
    return [
      {
        ok: /here[\s\S]*in Notion[\s\S]*there/.test(shown.out) && wrong.code !== 0 && unknown.code !== 0,
        seen: `vigiles notion conflicts: both versions; --keep mine: exit ${wrong.code}; an unknown page: exit ${unknown.code}`,
      },
      {
        ok:
          resolved.out.startsWith('pulled') && /local-/.test(resolved.out) && state.out.startsWith('in_step'),
        seen: `vigiles notion resolve --keep both: ${resolved.out.trim()}`,
      },
      {
        ok: opened.out.includes('15 minutes') && early.code !== 0,
        seen: `vigiles notion webhook: the door is open; --reveal before a token came: exit ${early.code}`,
      },
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
