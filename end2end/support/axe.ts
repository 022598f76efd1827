// What axe finds wrong: violations of WCAG 2.2 AA or good practice.
import { readFileSync } from 'node:fs';
import type { Frame, Page } from '@playwright/test';

const AXE = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** One line per finding; `part` limits it to one element. */
export async function violations(where: Page | Frame, part?: string): Promise<string[]> {
  // Not by a script element: the pages' policy forbids it.
  await where.evaluate(`if (!window.axe) { ${AXE} }`);
  return where.evaluate(
    async ({ tags, part }) => {
      // Colours are judged when what fades in is there.
      await Promise.all(document.getAnimations().filter((a) => a.effect?.getComputedTiming().endTime !== Infinity).map((a) => a.finished.catch(() => {})));
      const found = await (window as any).axe.run(part ? { include: part } : document, { runOnly: { type: 'tag', values: tags }, resultTypes: ['violations'], iframes: false });
      return found.violations.flatMap((v: any) => v.nodes.map((n: any) => `${v.id} (${v.impact}): ${n.target.flat().join(' ')} ${n.html.slice(0, 160)} – ${n.failureSummary.split('\n').slice(1, 3).join(' ')}`));
    },
    { tags: TAGS, part },
  );
}
