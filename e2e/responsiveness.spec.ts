/** The page stays free while the worker trains. */
import { expect, test } from '@playwright/test';
import { TrainerPage } from './trainer-page';

/** No task of the page may hold its thread longer. */
const BLOCKED_MS = 50;
const UPDATES = 8;

test('training never blocks the page', async ({ page }) => {
  const trainer = new TrainerPage(page);
  await trainer.open();
  await trainer.steps(1);

  await page.evaluate(() => {
    const tasks: number[] = [];
    Object.assign(globalThis, { longTasks: tasks });
    new PerformanceObserver((list) => {
      tasks.push(...list.getEntries().map(({ duration }) => duration));
    }).observe({ type: 'longtask' });
  });
  await trainer.trainUntil(1 + UPDATES);
  const longTasks = await page.evaluate(
    () => (globalThis as unknown as { longTasks: number[] }).longTasks,
  );
  test.info().annotations.push({ type: 'long tasks, ms', description: longTasks.join(' ') });
  expect(longTasks.filter((duration) => duration > BLOCKED_MS)).toEqual([]);
});
