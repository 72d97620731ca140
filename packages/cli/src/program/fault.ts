import type { Verbs } from './verb.ts';

/** `turn …`, `fault …` */
export function declareFaults({ asking, verb, group }: Verbs): void {
  const turn = group('turn', 'one turn, for a bug report');
  verb('export <turn>', 'the turn as a file, secrets taken out', turn)
    .option('--out <file>', 'where to write it; without it, to standard output')
    .action(async (id, options) => (await import('../verbs/turn.ts')).exportTurnVerb(id, options));
  asking('replay <file>', 'what today’s translation makes of it; nothing is sent', turn).action(
    async (file, options) => (await import('../verbs/turn.ts')).replayTurnVerb(file, options),
  );

  const fault = group('fault', 'what Vigiles looks for, and what it makes of a text');
  asking('list', 'the fault catalogue, with your own entries; * is yours', fault)
    .option('--category <name>', 'service, provider, model, agent, state or custom')
    .option('--active', 'only what goes on now')
    .action(async (options) => (await import('../verbs/fault.ts')).listFaults(options));
  asking('explain <fault>', 'how a fault is seen, what is done, what you can do', fault).action(
    async (id, options) => (await import('../verbs/fault.ts')).explainFault(id, options),
  );
  asking(
    'test <text>',
    'which faults know these lines, and what is still missing; - reads them from standard input',
    fault,
  )
    .option('--source <name>', 'where the lines come from, such as service:api')
    .action(async (text, options) => (await import('../verbs/fault.ts')).testFault(text, options));
}
