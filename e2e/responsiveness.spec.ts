/**
 * The page stays free while the worker trains. What is judged is the computing time of each task:
 * on two cores that train on the processor, a task may wait for a core through no fault of the page,
 * so the time on the clock is only noted.
 */
import { expect, test } from '@playwright/test';
import { traceMainThread } from './main-thread';
import { TrainerPage } from './trainer-page';

/** No task of the page may compute longer. */
const BLOCKED_MS = 50;
const UPDATES = 6;

// Playwright's own trace would copy the page on its main thread at every look.
test.use({ trace: 'off' });

test('training never blocks the page', async ({ page, browser }) => {
  const trainer = new TrainerPage(page);
  await trainer.open();
  await trainer.steps(1);
  const tasks = await traceMainThread(browser, page, () => trainer.trainUntil(1 + UPDATES));

  const longest = (times: number[]) =>
    times
      .toSorted((a, b) => b - a)
      .slice(0, 10)
      .map((time) => time.toFixed(1));
  test.info().annotations.push(
    { type: 'tasks', description: String(tasks.length) },
    {
      type: 'longest, ms computing',
      description: longest(tasks.map(({ cpu }) => cpu)).join(' '),
    },
    {
      type: 'longest, ms by the clock',
      description: longest(tasks.map(({ wall }) => wall)).join(' '),
    },
  );
  expect(tasks.length).toBeGreaterThan(100);
  expect(tasks.filter(({ cpu }) => cpu > BLOCKED_MS)).toEqual([]);
});
