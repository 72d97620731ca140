import { runProbe } from '../../../platform/process/index.ts';
import { redactText } from '../../actions/index.ts';
import { defineCheck, local } from './define-check.ts';
import { cannotTell, noAnswer, unhealthy } from './failed-look.ts';
import { compilePattern } from './pattern.ts';

const firstLine = (text: string): string => (text.trim().split('\n')[0] ?? '').slice(0, 200);

export const check = defineCheck({
  type: 'script',
  title: 'Script',
  target: (config) => config.script,
  ...local,
  prepare(config, { clock, script }) {
    const matches = config.matches === undefined ? null : compilePattern(config.matches);
    return {
      async look({ signal }) {
        const allowed = script(config.script);
        if (!allowed) return cannotTell(`“${config.script}” is not an entry of watchdog.scripts`);
        const begun = clock.monotonic();
        const end = await runProbe({
          command: [...allowed.command, ...config.args],
          cwd: allowed.cwd,
          env: allowed.env,
          signal,
        });
        const latencyMs = clock.monotonic() - begun;
        // Who may not be started says nothing about what it would have looked at.
        if (end.error) return cannotTell(`it cannot be run: ${end.error.code ?? end.error.message}`);
        const said = redactText(firstLine(end.stdout) || firstLine(end.stderr));
        const facts = { exit_code: end.code, output: said, output_cut: end.cut };
        if (end.aborted) return noAnswer(facts);
        if (end.code === null) return unhealthy(`it was ended by ${end.signal ?? 'a signal'}`, facts);
        const told = said === '' ? '' : `: ${said}`;
        if (config.unknown_exit_codes.includes(end.code)) return cannotTell(`it cannot tell${told}`, facts);
        if (!config.exit_codes.includes(end.code)) return unhealthy(`exit code ${end.code}${told}`, facts);
        if (config.contains !== undefined && !end.stdout.includes(config.contains))
          return unhealthy(`its output does not contain “${config.contains}”`, facts);
        if (matches && !matches(end.stdout))
          return unhealthy(`its output does not match “${config.matches}”`, facts);
        return { ok: true, latencyMs, facts };
      },
    };
  },
});
