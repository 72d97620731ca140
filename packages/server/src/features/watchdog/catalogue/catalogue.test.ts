import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { parse } from 'yaml';
import { VigilesConfig } from '@vigiles/contract';
import { knownActions } from '../../actions/index.ts';
import { compileEntry } from '../core/detect/compiled.ts';
import { createDetection } from '../core/detect/detection.ts';
import { assemble } from './assemble.ts';
import { builtInFaults } from './built-in.gen.ts';
import { configRules } from './config-rules.ts';
import { lineTest } from './line-test.ts';
import { playExample } from './play-example.ts';
import { readFaultFile } from './read-fault-file.ts';
import { testFaults } from './test-faults.ts';

const compiled = builtInFaults.map((entry, order) => compileEntry(entry, order, lineTest));

describe('every example of the catalogue is a test', () => {
  for (const one of compiled) {
    const { match, nomatch } = one.entry.examples;
    test(`${one.entry.id}: ${one.entry.title}`, () => {
      for (const example of match)
        assert.deepEqual(playExample(one, example).fired, true, JSON.stringify(example));
      for (const example of nomatch)
        assert.equal(playExample(one, example).fired, false, JSON.stringify(example));
    });
  }
});

test('all 38 faults of the seeds are there, each with its documentation and an example that must not match', () => {
  const wanted = Object.entries({ A: 7, B: 10, C: 10, D: 6, E: 5 }).flatMap(([letter, count]) =>
    Array.from({ length: count }, (_, at) => `${letter}${at + 1}`),
  );
  const ours = new Set(['prediction', 'session']);
  const seeds = builtInFaults.filter(({ id, category }) => !ours.has(category) && id !== 'E6');
  assert.deepEqual(seeds.map(({ id }) => id).toSorted(), wanted.toSorted());
  for (const { id, examples, escalate } of builtInFaults) {
    assert.ok(examples.nomatch.length > 0, id);
    assert.notEqual(escalate.advice, '', id);
  }
});

test('a client that leaves is ignored, and no line alone restarts anything', () => {
  const b7 = builtInFaults.find(({ id }) => id === 'B7');
  assert.deepEqual(
    b7?.tier1.map(({ action }) => action),
    ['ignore'],
  );
  for (const { entry } of compiled) {
    const changes = entry.tier1.some(({ action }) => /restart|kill/.test(action));
    const onlyLines = entry.detectors.every(({ type }) => type === 'log');
    assert.ok(!(changes && onlyLines), entry.id);
  }
});

/** Lines as services, kernels and web servers write them, none of them a fault of the catalogue; some nearly. */
function* unrelatedLines(count: number): Generator<string> {
  let seed = 7;
  const random = (below: number) => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
    return seed % below;
  };
  const forms: (() => string)[] = [
    () =>
      `081109 20${random(60)} INFO dfs.DataNode$PacketResponder: PacketResponder ${random(9)} for block blk_${random(1e9)} terminating`,
    () =>
      `10.0.${random(255)}.${random(255)} - - "GET /p/${random(999)} HTTP/1.1" ${[200, 304, 404, 429, 500, 503][random(6)]} ${random(99_999)}`,
    () =>
      `sshd[${random(30_000)}]: Failed password for invalid user admin from 10.1.1.${random(255)} port ${random(60_000)} ssh2`,
    () =>
      `[${random(99)}.${random(999)}] usb 1-${random(9)}: new high-speed USB device number ${random(40)} using xhci_hcd`,
    () => `INFO org.apache.zookeeper: Received connection request /10.10.34.${random(99)}:${random(60_000)}`,
    () =>
      `{"level":30,"time":${random(1e9)},"msg":"request completed","res":{"statusCode":${[200, 401, 429, 502][random(4)]}},"ms":${random(900)}}`,
    () => `kernel: [STUCK] cpu#${random(8)} [R-E-C-O-V-E-R-Y] of queue ${random(64)} took ${random(900)} ms`,
    () => `WARN Executor: Managed memory leak detected; size = ${random(1e6)} bytes, TID = ${random(900)}`,
    () =>
      `nova.compute.manager [req-${random(1e9)}] VM Started (Lifecycle Event) 401 403 429 500 ${random(99)}`,
    () =>
      `worker ${random(90)}: job done in ${random(9000)} ms, next in 1010 s, context ${random(100)}% used`,
    () => `Reconnecting to shard ${random(64)} after rebalance; ${random(9)} of 9 done`,
    () =>
      `postgres: checkpoint complete: wrote ${random(9999)} buffers; content_type is array-like in ${random(9)} rows`,
  ];
  for (let n = 0; n < count; n += 1) yield forms[random(forms.length)]?.() ?? '';
}

test('32,000 unrelated lines from services and agents produce no sighting (the seed made 29,752 of them a fault)', () => {
  const detection = createDetection();
  detection.replace(compiled, 0);
  let at = 1_000_000;
  const found: string[] = [];
  for (const line of unrelatedLines(32_000)) {
    at += 50;
    for (const [source, target, targetClass] of [
      ['service:api', 'api', 'service'],
      ['agent:codex', 'agent:codex', 'agent'],
    ] as const) {
      const fields = { source, stream: 'stderr', level: 'error' };
      for (const one of detection.signal({
        name: 'log',
        target,
        targetClass,
        at,
        source: 'log',
        line,
        fields,
      }))
        found.push(`${one.fault}: ${line}`);
    }
  }
  assert.deepEqual(found, []);
});

const rule = (more: string, id = 'OWN-1'): string => `faults:
  - id: ${id}
    title: A fault of ours
    applies_to: { class: [service] }
    docs: { what: a, seen: b, done: c, person: d }
${more
  .trim()
  .split('\n')
  .map((line) => `    ${line}`)
  .join('\n')}
`;
const good = `detectors: [{ type: log, signal: stuck, literal: 'QUEUE STUCK' }]
when: stuck
examples: { match: ['QUEUE STUCK at 5'], nomatch: ['queue fine'] }`;
const load = (...texts: string[]) =>
  assemble(
    builtInFaults,
    texts.map((text, at) => readFaultFile(`catalogue/${at}.yaml`, text)),
    knownActions,
  );
const refusals = (...texts: string[]): string[] =>
  load(...texts).problems.map(({ file, line, column, message }) => `${file}:${line}:${column} ${message}`);

test('the examples of the guide are taken', () => {
  const guide = readFileSync(new URL('../../../../../../docs/guide/faults.md', import.meta.url), 'utf8');
  const [file = '', config = ''] = [...guide.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, text]) => text);
  const { watchdog } = VigilesConfig.parse(parse(config));
  const read = [configRules(config, watchdog), readFaultFile('catalogue/ours.yaml', file)];
  const { problems, compiled: all } = assemble(builtInFaults, read, knownActions);
  assert.deepEqual(problems, []);
  assert.deepEqual(
    all.slice(0, 2).map(({ entry }) => entry.id),
    ['OURS-2', 'OURS-1'],
  );
});

describe('the loader', () => {
  test('takes a file of one’s own, before what is built in', () => {
    const { compiled: all, problems } = load(rule(good));
    assert.deepEqual(problems, []);
    assert.equal(all.length, builtInFaults.length + 1);
    assert.equal(all[0]?.entry.id, 'OWN-1');
  });
  test('replaces a built-in fault by its id and leaves out what is disabled', () => {
    const { known, compiled: all } = load(rule(good, 'A3'), 'disable: [B7]\n');
    assert.equal(known.get('A3')?.overrides, true);
    assert.equal(known.get('B7')?.enabled, false);
    assert.equal(all.length, builtInFaults.length - 1);
    assert.deepEqual(refusals('disable: [Z9]\n'), [
      'catalogue/0.yaml:1:11 there is no fault `Z9` to disable',
    ]);
  });
  test('tells every problem of every file at once, with line and column', () => {
    const found = refusals(rule(good.replace('literal', 'litteral')), 'faults: [{ id: 1 }]\n', 'a: [\n');
    assert.ok(
      found.some((one) => /0\.yaml:6:\d+ unknown key `litteral`; did you mean "literal"\?/.test(one)),
      found.join('\n'),
    );
    assert.ok(found.some((one) => one.startsWith('catalogue/1.yaml:1:')));
    assert.ok(found.some((one) => one.startsWith('catalogue/2.yaml:')));
  });
  const cases: [string, string, RegExp][] = [
    [
      'a signal nobody declares',
      good.replace('when: stuck', 'when: stuck or stukc'),
      /7:\d+ OWN-1: when, column 10: no detector declares the signal `stukc`/,
    ],
    [
      'a rule that nothing can make true',
      good.replace('when: stuck', 'when: stuck and not stuck'),
      /unreachable: nothing can make `when` true/,
    ],
    [
      'a rule that is true although nothing is seen',
      good.replace('when: stuck', 'when: not stuck'),
      /true although nothing is seen/,
    ],
    [
      'a detector that no target can have',
      good
        .replace(
          "{ type: log, signal: stuck, literal: 'QUEUE STUCK' }",
          '{ type: json_file, signal: stuck, file: x, predicate: y }',
        )
        .replace('when', 'applies_to_x')
        .replace('applies_to_x', 'when'),
      /does not match|unreachable/,
    ],
    [
      'an action that does not exist',
      `${good}\ntier1: [{ action: restart_proxy }]`,
      /there is no action `restart_proxy`/,
    ],
    [
      'params that its action does not take',
      `${good}\ntier1: [{ action: alert_user, params: { kind: nonsense } }]`,
      /alert_user: kind: /,
    ],
    [
      'a step for a class it never applies to',
      `${good}\ntier1: [{ action: ignore, for: [provider] }]`,
      /unreachable: it never applies to a provider/,
    ],
    [
      'an example that does not match',
      good.replace('QUEUE STUCK at 5', 'all is well'),
      /the example does not match: `stuck` is not seen/,
    ],
    [
      'a line that must not match and does',
      good.replace('queue fine', 'QUEUE STUCK'),
      /matches what it must not/,
    ],
    [
      'a regular expression nobody understands',
      good.replace("literal: 'QUEUE STUCK'", "regex: '(?=x)QUEUE'"),
      /not an RE2 regex/,
    ],
    [
      'an expression that is no expression',
      good.replace('when: stuck', 'when: stuck &&'),
      /when, column 7: /,
    ],
    [
      'a signal that is used by nothing',
      good.replace('}]', '}, { type: state, signal: dead, state: process_dead }]'),
      /the signal `dead` is used by nothing/,
    ],
    [
      'literal and regex at once',
      good.replace("STUCK' }", "STUCK', regex: 'x.y' }"),
      /either literal or regex/,
    ],
  ];
  for (const [what, text, message] of cases)
    test(`refuses ${what}`, () => {
      const found = refusals(rule(text));
      assert.ok(
        found.some((one) => message.test(one)),
        found.join('\n') || 'nothing was refused',
      );
    });
  test('refuses a pattern that never decides because an earlier one sees all its lines', () => {
    const longer = good.replace("'QUEUE STUCK'", "'QUEUE STUCK at'");
    assert.match(
      refusals(rule(good), rule(longer, 'OWN-2'))[0] ?? '',
      /OWN-2: never decides: .* OWN-1’s already \(`QUEUE STUCK`\)/,
    );
    assert.deepEqual(
      refusals(rule(longer), rule(good, 'OWN-2')),
      [],
      'the narrow one first is how it is meant',
    );
  });
  test('refuses an id that is there twice', () => {
    assert.match(
      refusals(rule(good), rule(good))[0] ?? '',
      /OWN-1: is there twice; the other is at catalogue\/0\.yaml:2/,
    );
  });
  test('a file with a problem puts nothing of the files in force', () => {
    assert.equal(load(rule(good), 'faults: 5\n').compiled.length, 0);
  });
});

test('a text is explained: what knows it and what would still be missing', () => {
  const { matches } = testFaults(compiled, { text: 'OSError: [Errno 98] Address already in use' }, 1_000_000);
  const a2 = matches.find(({ id }) => id === 'A2');
  assert.equal(a2?.fires, false);
  assert.deepEqual(a2?.missing, ['none of `dead`, `failing`, `refusing` is seen']);
  const event = { name: 'call.failed', fields: { cause: 'auth', status: 401 } };
  const found = testFaults(compiled, { event }, 1_000_000).matches;
  assert.deepEqual(
    found.map(({ id, fires }) => [id, fires]),
    [['B3', true]],
  );
});
