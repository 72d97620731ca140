import type { CatalogueProblem, FaultChange } from '@vigiles/contract';
import { raise, type Fault } from '../../../kernel/fault.ts';
import type { ConfigProblem, Configuration } from '../../../platform/config/index.ts';
import type { Catalogue } from './catalogue.ts';
import { configRuleEdits } from './config-rule-edits.ts';
import { configFile, configRules } from './config-rules.ts';
import type { PreparedRule } from './prepared-rule.ts';
import { nameOf } from './read-fault-file.ts';

/** What rules need of `vigiles.yaml`. */
export type RuleConfiguration = Pick<
  Configuration,
  'current' | 'text' | 'state' | 'subscribe' | 'addCheck' | 'plan' | 'change' | 'reload'
>;

/** Prepares a change of the rules in `vigiles.yaml`; it is written as any other change of the configuration. */
export async function prepareInConfig(
  at: { configuration: RuleConfiguration; catalogue: Catalogue },
  change: FaultChange,
  entry: Record<string, unknown> | null,
): Promise<PreparedRule> {
  const { configuration, catalogue } = at;
  const { revision } = configuration.state();
  const { edits, index } = configRuleEdits(configuration.text(), change, entry);
  const planned = await configuration.plan(edits);
  const none = { file: configFile, index, revision, before: '', after: '' };
  if (!planned.ok)
    return { plan: { ...none, problems: problemsOf(planned.fault) }, write: async () => false };
  const { before, after, config, problems } = planned.value;
  if (planned.value.revision !== revision) {
    // Somebody has just saved it: what it says now is what the change is made in.
    const read = await configuration.reload('file');
    return read.ok ? prepareInConfig(at, change, entry) : raise(read.fault);
  }
  const shape = problems.map(asCatalogueProblem);
  const plan = {
    ...none,
    before,
    after: shape.length > 0 ? before : after,
    problems: shape.length > 0 ? shape : catalogue.draft(configRules(after, config.watchdog)).problems,
  };
  return {
    plan,
    async write(actor) {
      const changed = await configuration.change(edits, actor, revision);
      if (!changed.ok)
        return changed.fault.code === 'config_changed_meanwhile' ? false : raise(changed.fault);
      await catalogue.reload();
      return true;
    },
  };
}

/** Of a file that is broken already; any other fault is one of the caller’s. */
function problemsOf(fault: Fault): CatalogueProblem[] {
  const problems = fault.details?.['problems'] as ConfigProblem[] | undefined;
  return problems ? problems.map(asCatalogueProblem) : raise(fault);
}

function asCatalogueProblem({ path: dotted, line, column, message }: ConfigProblem): CatalogueProblem {
  const whole = dotted.split('.').map((part) => (/^\d+$/.test(part) ? Number(part) : part));
  const [slice, ...path] = whole;
  const name = nameOf(slice === 'watchdog' ? path : whole);
  return {
    file: configFile,
    line,
    column,
    message: name === '' ? message : `${name}: ${message}`,
    ...(slice === 'watchdog' ? { path } : {}),
  };
}
