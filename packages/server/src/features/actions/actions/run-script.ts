import { z } from 'zod';
import { runProgram } from '../../../platform/process/index.ts';
import { redactText } from '../core/redact.ts';
import { ActionTargetClass } from '@vigiles/contract';
import { defineAction, type ActionContext } from '../define-action.ts';

const params = z.strictObject({
  name: z.string().min(1).max(64).meta({ description: 'One of watchdog.scripts.' }),
});

const scriptOf = ({ settings, params: { name } }: ActionContext<z.output<typeof params>>) =>
  settings().scripts.find((one) => one.name === name);

/** Runs a program of the configuration's allow-list. */
export const action = defineAction({
  id: 'run_script',
  title: 'Run a script',
  description:
    'Runs a program that watchdog.scripts names, as it stands there: no shell, no argument from outside. Its whole process tree is ended when its time is over. Exit code 0 is what it says of itself, so a service is also looked at afterwards.',
  params,
  targets: ActionTargetClass.options,
  guarded: true,
  // The longest that a script may be given; its own time is shorter.
  timeoutMs: 3_660_000,
  lock: (target) => `script:${target}`,
  risk: (_view, context) => scriptOf(context)?.risk ?? 'destructive',
  riskAtMost: 'destructive',
  plan(context) {
    const script = scriptOf(context);
    if (!script) return [];
    const steps = [
      `Run ${script.command.join(' ')}`,
      `End it with everything it started after ${script.timeout_s} s`,
    ];
    return context.targetClass === 'service' ? [...steps, 'Look whether the service is healthy'] : steps;
  },
  precheck(context) {
    const script = scriptOf(context);
    if (!script) return `watchdog.scripts has no “${context.params.name}”`;
    if (script.targets.length > 0 && !script.targets.includes(context.target))
      return `${script.name} is not for ${context.target}`;
    return null;
  },
  async perform(context) {
    const script = scriptOf(context);
    if (!script) throw new Error('the script is not allowed any more');
    // For a run of CI it works in a folder of its own, with what is known of the run in its environment.
    const place = context.targetClass === 'ci' ? await context.ci.workplace(context.targetName) : null;
    const cwd = script.cwd ?? place?.folder;
    const end = await runProgram({
      command: script.command,
      ...(cwd === undefined ? {} : { cwd }),
      env: {
        ...place?.env,
        ...context.environmentOf(script),
        VIGILES_TARGET: context.target,
        VIGILES_INCIDENT: context.incidentId ?? '',
        VIGILES_RUN: context.runId,
      },
      timeoutMs: script.timeout_s * 1000,
      signal: context.signal,
      maxOutputBytes: 16_384,
    });
    await place?.dispose();
    const { code, signal, stopped, error, cut } = end;
    const output = redactText(end.output).slice(0, 4000);
    context.note('the script ended', { code, signal, stopped, error, output, cut });
    if (error !== null) throw new Error(`it could not be started: ${error}`);
    if (stopped === 'timeout') throw new Error(`it was not done within ${script.timeout_s} s and was ended`);
    if (stopped === null && code !== 0) throw new Error(`it ended with ${signal ?? `code ${code}`}`);
    context.memory.set('ended', true);
  },
  async verify({ targetClass, services, target, signal, memory }) {
    if (targetClass !== 'service') return memory.has('ended') ? 'unknown' : 'not_fixed';
    const seen = await services.awaitHealthy(target, null, signal);
    return seen === 'healthy' ? 'fixed' : seen === 'unhealthy' ? 'not_fixed' : 'unknown';
  },
  steady({ targetClass, services, target }) {
    const view = targetClass === 'service' ? services.look(target) : null;
    return view === null || (view.state !== 'DOWN' && view.state !== 'RECOVERING');
  },
});
