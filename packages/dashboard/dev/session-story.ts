import type { SessionEvent } from '@vigiles/contract';

const diff = `--- a/src/parser.ts
+++ b/src/parser.ts
@@ -41,7 +41,9 @@ export function parse(text: string): Node {
   const tokens = tokenize(text);
-  return build(tokens);
+  if (tokens.length === 0) return empty;
+  const tree = build(tokens);
+  return simplify(tree);
 }
`;
const hostile = '<img src=x onerror="document.title=1"> \u202Eesrever ${jndi:ldap://x}';

/** One round of what an agent does, over and over: every kind of event a session has. */
const round: [string, (n: number) => Record<string, unknown>][] = [
  [
    'execution:started',
    (n) => ({
      plan_id: `turn_${n}`,
      task: n === 0 ? 'Mend the failing parser test' : `Go on with part ${n}`,
    }),
  ],
  [
    'message:user',
    (n) => ({
      text: n === 0 ? 'The parser test fails on empty input. Mend it.' : `And part ${n}?`,
      item_id: `u${n}`,
    }),
  ],
  [
    'message:reasoning',
    (n) => ({ text: 'The tokens are empty, so build() reads past the end.', item_id: `r${n}` }),
  ],
  [
    'skill:started',
    (n) => ({
      skill_name: 'shell',
      parameters: { command: 'npm test -- parser', cwd: '/home/ada/app' },
      item_id: `t${n}`,
    }),
  ],
  [
    'skill:failed',
    (n) => ({
      skill_name: 'shell',
      duration: 2140,
      error: 'exit code 1',
      result: { exit_code: 1, output: `not ok 3 - empty input\n  ${hostile}\n` },
      item_id: `t${n}`,
    }),
  ],
  [
    'skill:progress',
    () => ({
      skill_name: 'plan',
      progress: 50,
      steps: [
        { step: 'Find it', state: 'done' },
        { step: 'Mend it', state: 'running' },
      ],
    }),
  ],
  [
    'skill:started',
    (n) => ({ skill_name: 'mcp:github/get_issue', parameters: { number: 41 + n }, item_id: `m${n}` }),
  ],
  [
    'skill:completed',
    (n) => ({
      skill_name: 'mcp:github/get_issue',
      duration: 380,
      result: { title: 'Empty input' },
      item_id: `m${n}`,
    }),
  ],
  ['file:modified', (n) => ({ path: 'src/parser.ts', changes: diff, lines_changed: 4, item_id: `p${n}` })],
  [
    'file:created',
    (n) => ({
      path: `test/empty-${n}.test.ts`,
      changes: '+it("is empty", () => {});\n',
      lines_changed: 1,
      item_id: `p${n}`,
    }),
  ],
  ['checkpoint:created', (n) => ({ checkpoint_id: `cp_${n}`, label: `Before part ${n + 1}` })],
  ['agent:spawned', (n) => ({ agent_id: `sub_${n}`, role: 'Look for the same fault elsewhere' })],
  ['agent:completed', (n) => ({ agent_id: `sub_${n}`, success: true, duration: 5100 })],
  [
    'skill:started',
    (n) => ({ skill_name: 'shell', parameters: { command: 'npm test -- parser' }, item_id: `v${n}` }),
  ],
  [
    'skill:completed',
    (n) => ({
      skill_name: 'shell',
      duration: 1980,
      result: { exit_code: 0, output: 'ok 1..12\n' },
      item_id: `v${n}`,
    }),
  ],
  ['usage:updated', (n) => ({ input_tokens: 41_000 + n, output_tokens: 1200 })],
  [
    'message:assistant',
    (n) => ({
      text: 'The test passes now: empty input gives an empty tree, and `simplify` is called once.',
      item_id: `a${n}`,
    }),
  ],
  ['execution:completed', (n) => ({ plan_id: `turn_${n}`, duration: 41_200 })],
];

/** The event of that seq, the same whenever it is asked for: a log of a hundred thousand takes no memory. */
export function storyEvent(sessionId: string, seq: number, head: number, endsAt: number): SessionEvent {
  const n = Math.floor((seq - 1) / round.length);
  const [type, data] = round[(seq - 1) % round.length] ?? ['skill:progress', () => ({})];
  return {
    session_id: sessionId,
    seq,
    event_id: `${sessionId}_${seq}`,
    ts: endsAt - (head - seq) * 700,
    type,
    actor: type === 'message:user' ? 'device:dev_1' : `agent:${sessionId}`,
    command_id: null,
    data: data(n),
  };
}
