import {
  labelledCases,
  labelledParts,
} from '../../packages/server/src/features/github/core/verdict/testing/labelled-case.ts';
import { measure } from '../../packages/server/src/features/github/core/verdict/testing/measure.ts';

export const verdictCounts = 'packages/server/src/features/github/core/verdict/measured.gen.ts';

/** How often each rule of the CI verdict is right on the labelled set: what its confidence is made from. */
export function verdictCountsText(): string {
  const { evidence, rules } = measure(labelledParts.flatMap(labelledCases));
  const table = (counts: typeof rules) =>
    Object.entries(counts)
      .map(([name, [right, said]]) => `    '${name}': [${right}, ${said}],\n`)
      .join('');
  return `// Counted by \`npm run gen\` on the labelled set: [right, said].
import type { Measured } from './confidence.ts';

export const measured: Measured = {
  evidence: {
${table(evidence)}  },
  rules: {
${table(rules)}  },
};
`;
}
