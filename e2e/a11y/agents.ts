import type { Screen } from './walk.ts';

/** Sessions and CI, in their states. */
export const agentScreens: readonly Screen[] = [
  { name: 'sessions', path: '/sessions', ready: 'Mend the failing parser test' },
  { name: 'no session', path: '/sessions?q=nothing-like-it', ready: 'No session matches' },
  { name: 'a session and its questions', path: '/sessions/ses_parser', ready: 'May it run this command?' },
  {
    name: 'a tool and a change in the transcript',
    path: '/sessions/ses_long',
    ready: 'Changed src/parser.ts',
    async open(page) {
      await page.click('summary:has-text("Changed src/parser.ts") >> nth=-1');
      await page.waitForSelector('text=simplify(tree) >> visible=true');
    },
  },
  {
    name: 'a hundred thousand events',
    path: '/sessions/ses_long?tab=events',
    ready: '100,000 events',
    async open(page) {
      await page.click('[data-seq="100000"]');
      await page.waitForSelector('[aria-label="Event 100000"]');
    },
  },
  {
    name: 'files of a session',
    path: '/sessions/ses_long?tab=files',
    ready: 'src/parser.ts',
    async open(page) {
      await page.click('summary:has-text("src/parser.ts")');
    },
  },
  {
    name: 'a way back and what it would change',
    path: '/sessions/ses_parser?tab=checkpoints',
    ready: 'Before part 6',
    async open(page) {
      await page.click('text=See what going back would change');
      await page.waitForSelector('dialog >> text=2 files in /home/ada/app would change');
    },
  },
  { name: 'a session that can be steered little', path: '/sessions/ses_watched', ready: 'Claude Code' },
  {
    name: 'something more to do',
    path: '/sessions/ses_shannon',
    ready: 'No agent named',
    async open(page) {
      await page.click('[role=toolbar] button:has-text("Inject")');
      await page.waitForSelector('text=Parameters (JSON');
    },
  },
  { name: 'a session that is gone', path: '/sessions/ses_none', ready: 'There is no such session' },
  { name: 'CI', path: '/ci', ready: 'Retry recovered' },
  { name: 'no run of that kind', path: '/ci?repository=ada%2Fnone', ready: 'No run matches' },
  { name: 'a failed run', path: '/ci/runs/9000000260', ready: 'This line decided' },
  { name: 'a run that was got over', path: '/ci/runs/9000000256', ready: 'Recovered' },
  { name: 'a run nobody can judge', path: '/ci/runs/9000000254', ready: 'What a model thinks' },
  {
    name: 'asking for a retry',
    path: '/ci/runs/9000000260',
    ready: 'What was done',
    async open(page) {
      await page.click('button:has-text("Retry failed jobs")');
      await page.waitForSelector('dialog:modal >> text=Wait for the next attempt');
    },
  },
  { name: 'a run that is gone', path: '/ci/runs/1', ready: 'There is no such run' },
  { name: 'patterns', path: '/ci/patterns', ready: 'Rising' },
  { name: 'flaky tests', path: '/ci/flaky', ready: 'a client that is slow is dropped' },
  { name: 'events of one kind', path: '/sessions/ses_long?tab=events&kind=files', ready: 'since event' },
  { name: 'CI that is not set up', path: '/ci', ready: 'No repository is watched yet', isEmpty: true },
  { name: 'nothing keeps failing', path: '/ci/patterns', ready: 'Nothing keeps failing', isEmpty: true },
];
